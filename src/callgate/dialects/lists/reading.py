"""Reading a list of names as what it is: a device that allows or exempts, or does not."""

from collections.abc import Iterable
from typing import ClassVar, Final

from callgate.dialects.lists.instructions import depth_of
from callgate.dialects.lists.limits import PAN, PAN_EXCLUSION, ZSCALER, Limit
from callgate.dialects.reading import Include, nothing_to_include
from callgate.errors import InputError, Mistake
from callgate.names.matchers import Fate, Matcher, find
from callgate.places import Place
from callgate.rules import Unmodelled
from callgate.rules.proxy import (
    Act,
    Entries,
    NameEntry,
    ProxyRule,
    ProxyRuleset,
    Role,
    RuleList,
    Term,
    Unknown,
)
from callgate.verdicts import Finding, Severity

#: No product takes a longer entry (Zscaler and PAN-OS: 1,023 and 255 characters).
_LINE_LIMIT: Final = 16_384
#: How many entries that are not modelled are doubts of their own; the rest are one together.
_DOUBTS: Final = 6


class ListReader:
    """The reader of a list with one entry a line."""

    name: ClassVar[str]
    title: ClassVar[str]
    matcher: ClassVar[str]
    role: ClassVar[Role]
    limit: ClassVar[Limit | None] = None

    def detect(self, text: str) -> bool:
        """Never: a list of names looks like any other."""
        del text
        return False

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> ProxyRuleset:
        """Every line that is not empty is an entry, as the product takes it."""
        del include
        matcher = find(self.matcher)
        entries, unmodelled = read_entries(_lines(text, source), matcher, self.title)
        return list_ruleset(
            self.name,
            source,
            entries,
            self.role,
            reach=depth_of(matcher),
            unmodelled=unmodelled,
            findings=tuple(_over(entries, self.limit, self.title)),
        )


def _lines(text: str, source: str) -> list[tuple[str, Place]]:
    if "\0" in text:
        at = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Mistake(Place(source, at), "a NUL character: this is not a text")])
    found = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if len(line) > _LINE_LIMIT:
            message = f"a line of {len(line):,} characters is no entry of a list"
            raise InputError([Mistake(Place(source, number), message)])
        if line.strip():
            found.append((line.strip(), Place(source, number)))
    return found


def read_entries(
    lines: Iterable[tuple[str, Place]], matcher: Matcher, label: str
) -> tuple[tuple[NameEntry, ...], tuple[Unmodelled, ...]]:
    """The entries as the product reads them, and those whose meaning is not modelled."""
    entries: list[NameEntry] = []
    unmodelled: list[Unmodelled] = []
    for text, place in lines:
        read = matcher.read(text)
        idle = read.reason if read.fate in (Fate.NOTHING, Fate.REJECTED) else ""
        caution = read.reason if read.fate is Fate.READ else ""
        if read.fate is Fate.UNMODELLED:
            unmodelled.append(Unmodelled(text, place, read.reason))
        else:
            entries.append(NameEntry(text, place, read.extents, idle, label, caution))
    return tuple(entries), tuple(unmodelled)


def list_ruleset(
    dialect: str,
    source: str,
    entries: tuple[NameEntry, ...],
    role: Role,
    *,
    reach: int | None = None,
    unmodelled: tuple[Unmodelled, ...] = (),
    findings: tuple[Finding, ...] = (),
    conditions: tuple[Term, ...] = (),
) -> ProxyRuleset:
    """A ruleset that lets through what an entry names.

    An entry that is not modelled may name anything: whether it does is a doubt.
    """
    start = Place(source, 1)
    extents = tuple(extent for entry in entries for extent in entry.extents)
    rules = [ProxyRule(Act.ALLOW, (*conditions, Term(Entries(extents))), start, "the entries")]
    doubts = [(f"the name fits {each.text}", each) for each in unmodelled[:_DOUBTS]]
    if unmodelled[_DOUBTS:]:
        rest = f"the name fits one of {len(unmodelled) - _DOUBTS} more entries"
        doubts.append((rest, unmodelled[_DOUBTS]))
    rules += [
        ProxyRule(Act.ALLOW, (*conditions, Term(Unknown(text))), each.place, each.text)
        for text, each in doubts
    ]
    listed = RuleList("list", tuple(rules), Act.DENY, start, "no entry names it")
    return ProxyRuleset(
        dialect,
        source,
        (listed,),
        entries=entries,
        role=role,
        unmodelled=unmodelled,
        findings=findings,
        reach=reach,
    )


def _over(entries: tuple[NameEntry, ...], limit: Limit | None, title: str) -> Iterable[Finding]:
    if limit is not None and len(entries) > limit.entries:
        message = f"{len(entries):,} entries, and {title} takes {limit} ({limit.source})"
        yield Finding("over-limit", Severity.WARNING, message)


class ZscalerReader(ListReader):
    """URLs of a custom category."""

    name = "zscaler"
    title = "Zscaler Internet Access"
    matcher = "zscaler"
    role = Role.EITHER
    limit = ZSCALER


class UmbrellaReader(ListReader):
    """A destination list, or a selective decryption list."""

    name = "umbrella"
    title = "Cisco Umbrella, Secure Access"
    matcher = "umbrella"
    role = Role.EITHER


class PanUrlReader(ListReader):
    """An external dynamic list of type URL, or a custom URL category."""

    name = "pan-edl"
    title = "PAN-OS (URL list)"
    matcher = "pan-url"
    role = Role.EITHER
    limit = PAN


class PanDomainReader(ListReader):
    """An external dynamic list of type domain."""

    name = "pan-edl-domain"
    title = "PAN-OS (domain list)"
    matcher = "pan-domain"
    role = Role.EITHER
    limit = PAN


class PanExclusionReader(ListReader):
    """The exclusions from decryption."""

    name = "pan-exclusion"
    title = "PAN-OS (decryption exclusions)"
    matcher = "pan-exclusion"
    role = Role.EXEMPT
    limit = PAN_EXCLUSION

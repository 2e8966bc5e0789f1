"""Reading which names a FortiGate's SSL inspection profiles exempt."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.lists.reading import list_ruleset, read_entries
from callgate.dialects.reading import Include, nothing_to_include
from callgate.errors import InputError, Mistake
from callgate.names.matchers import find
from callgate.places import Place
from callgate.rules import Unmodelled
from callgate.rules.proxy import NameEntry, ProxyRuleset, Role, Term, Unknown

_CUSTOM: Final = ("firewall", "wildcard-fqdn", "custom")
_GROUP: Final = ("firewall", "wildcard-fqdn", "group")
_PROFILE: Final = ("firewall", "ssl-ssh-profile")
_LINE_LIMIT: Final = 1 << 16


@dataclass(slots=True)
class _Edit:
    """An ``edit`` of some table: its settings, and the tables within it."""

    name: str
    place: Place
    settings: dict[str, tuple[tuple[str, ...], Place]] = field(default_factory=dict)
    tables: "dict[tuple[str, ...], dict[str, _Edit]]" = field(default_factory=dict)


class FortigateProxyReader:
    """The exemptions of ``ssl-ssh-profile`` in a FortiGate's configuration.

    It claims no text by itself: a whole configuration is the packet filter's as well.
    """

    name = "fortigate-proxy"
    title = "FortiGate SSL inspection"

    def detect(self, text: str) -> bool:
        """Never: the same file is read as a packet filter."""
        del text
        return False

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> ProxyRuleset:
        """The names that profiles exempt; InputError when the text has no such profile."""
        del include
        tables = _tables(text, source)
        profiles = {
            name: edit.tables[("ssl-exempt",)]
            for name, edit in tables.get(_PROFILE, {}).items()
            if ("ssl-exempt",) in edit.tables
        }
        if not profiles:
            message = "no ssl-ssh-profile with exemptions (config ssl-exempt) is here"
            raise InputError([Mistake(Place(source, 1), message)])
        return _Exempted(tables, profiles, source).ruleset()


def _tables(text: str, source: str) -> dict[tuple[str, ...], dict[str, _Edit]]:
    """Every table of the configuration, by its words; what opens and closes must fit."""
    root = _Edit("", Place(source))
    stack: list[_Edit] = [root]
    open_tables: list[tuple[str, ...]] = []
    for words, place in _words(text, source):
        head, rest = words[0], words[1:]
        if head == "config":
            stack[-1].tables.setdefault(rest, {})
            open_tables.append(rest)
        elif head == "edit" and open_tables and rest:
            table = stack[-1].tables[open_tables[-1]]
            stack.append(table.setdefault(rest[0], _Edit(rest[0], place)))
        elif head == "next" and len(stack) > 1:
            stack.pop()
        elif head == "end" and open_tables:
            # "end" also closes an edit that no "next" has closed.
            if len(stack) > len(open_tables):
                stack.pop()
            open_tables.pop()
        elif head in ("set", "append") and rest:
            before = stack[-1].settings.get(rest[0], ((), place))[0] if head == "append" else ()
            stack[-1].settings[rest[0]] = ((*before, *rest[1:]), place)
        elif head == "unset" and rest:
            stack[-1].settings.pop(rest[0], None)
    if open_tables:
        raise InputError([Mistake(Place(source), f"config {' '.join(open_tables[-1])} has no end")])
    return root.tables


def _words(text: str, source: str) -> Iterator[tuple[tuple[str, ...], Place]]:
    if "\0" in text:
        at = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Mistake(Place(source, at), "a NUL character: this is not a text")])
    start, whole = 0, ""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not whole and line.lstrip().startswith("#"):
            continue
        start = start or number
        whole = f"{whole}\n{line}" if whole else line
        if len(whole) > _LINE_LIMIT:
            message = "a line, or a quoted text, that no device would take"
            raise InputError([Mistake(Place(source, start), message)])
        try:
            words = tuple(shlex.split(whole))
        except ValueError:
            continue  # a quoted text goes on in the next line
        if words:
            yield words, Place(source, start)
        start, whole = 0, ""
    if whole:
        raise InputError([Mistake(Place(source, start), "a quoted text has no end")])


class _Exempted:
    """The exemptions of all profiles, resolved to names."""

    def __init__(
        self,
        tables: dict[tuple[str, ...], dict[str, _Edit]],
        profiles: dict[str, dict[str, _Edit]],
        source: str,
    ) -> None:
        self._custom = tables.get(_CUSTOM, {})
        self._groups = tables.get(_GROUP, {})
        self._profiles = profiles
        self._source = source
        self._unmodelled: list[Unmodelled] = []

    def ruleset(self) -> ProxyRuleset:
        """One list; with several profiles it is not known which one calls meet."""
        entries = [
            entry for name, table in self._profiles.items() for entry in self._of(table, name)
        ]
        names = ", ".join(self._profiles)
        doubt = Unknown(f"the policies of calls use one profile that exempts all of it: {names}")
        return list_ruleset(
            FortigateProxyReader.name,
            self._source,
            tuple(entries),
            Role.EXEMPT,
            unmodelled=tuple(self._unmodelled),
            conditions=(Term(doubt),) if len(self._profiles) > 1 else (),
        )

    def _of(self, table: dict[str, _Edit], profile: str) -> Iterator[NameEntry]:
        matcher = find("fortigate-wildcard")
        for edit in table.values():
            kind = edit.settings.get("type", (("fortiguard-category",), edit.place))[0]
            lines = list(self._names(edit)) if kind == ("wildcard-fqdn",) else []
            if kind != ("wildcard-fqdn",):
                hint = f"an exemption by {' '.join(kind)} is not read as names"
                what = f"{profile}: ssl-exempt {edit.name}"
                self._unmodelled.append(Unmodelled(what, edit.place, hint))
            entries, unmodelled = read_entries(lines, matcher, profile)
            self._unmodelled += unmodelled
            yield from entries

    def _names(self, edit: _Edit) -> Iterator[tuple[str, Place]]:
        wanted, place = edit.settings.get("wildcard-fqdn", ((), edit.place))
        for name in wanted:
            group = self._groups.get(name)
            members = group.settings.get("member", ((), place))[0] if group else (name,)
            for member in members:
                custom = self._custom.get(member)
                text, where = (
                    custom.settings.get("wildcard-fqdn", ((), custom.place))
                    if custom
                    else ((), place)
                )
                if text:
                    yield text[0], where
                else:
                    hint = "no wildcard-fqdn custom object of this name is here"
                    self._unmodelled.append(Unmodelled(member, place, hint))

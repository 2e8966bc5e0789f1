"""Reading which names a FortiGate's SSL inspection profiles exempt."""

from collections.abc import Iterator
from typing import Final

from callgate.dialects.fortigate.reading.tables import Edit, Reader, Table
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
_EXEMPT: Final = ("ssl-exempt",)


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
        read = Reader(text, source)
        profiles = {
            name: edit.tables[_EXEMPT]
            for name, edit in read.root.tables.get(_PROFILE, Table()).edits.items()
            if _EXEMPT in edit.tables
        }
        if not profiles:
            message = "no ssl-ssh-profile with exemptions (config ssl-exempt) is here"
            raise InputError([Mistake(Place(source, 1), message)])
        return _Exempted(read, profiles, source).ruleset()


class _Exempted:
    """The exemptions of all profiles, resolved to names."""

    def __init__(
        self,
        read: Reader,
        profiles: dict[str, Table],
        source: str,
    ) -> None:
        self._custom = read.root.tables.get(_CUSTOM, Table()).edits
        self._groups = read.root.tables.get(_GROUP, Table()).edits
        self._profiles = profiles
        self._source = source
        self._unmodelled: list[Unmodelled] = list(read.unmodelled)

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

    def _of(self, table: Table, profile: str) -> Iterator[NameEntry]:
        matcher = find("fortigate-wildcard")
        for edit in table.edits.values():
            kind = edit.words("type") or ("fortiguard-category",)
            lines = list(self._names(edit)) if kind == ("wildcard-fqdn",) else []
            if kind != ("wildcard-fqdn",):
                hint = f"an exemption by {' '.join(kind)} is not read as names"
                what = f"{profile}: ssl-exempt {edit.name}"
                self._unmodelled.append(Unmodelled(what, edit.place, hint))
            entries, unmodelled = read_entries(lines, matcher, profile)
            self._unmodelled += unmodelled
            yield from entries

    def _names(self, edit: Edit) -> Iterator[tuple[str, Place]]:
        wanted = edit.settings.get("wildcard-fqdn")
        for name in wanted.words if wanted else ():
            group = self._groups.get(name)
            for member in group.words("member") if group else (name,):
                custom = self._custom.get(member)
                value = custom.settings.get("wildcard-fqdn") if custom else None
                if value is not None and value.words:
                    yield value.words[0], value.place
                elif wanted is not None:
                    hint = "no wildcard-fqdn custom object of this name is here"
                    self._unmodelled.append(Unmodelled(member, wanted.place, hint))

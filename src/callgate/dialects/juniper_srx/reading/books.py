"""Address books: entries and sets, global ones and those that a zone has.

A zone sees the entries of its own book and of the global one. Source: Junos OS, "Address Books
and Address Sets"; CLI Reference, ``address (Security Address Book)``.
"""

import ipaddress
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.cisco import addresses as masks
from callgate.dialects.juniper_srx.reading.findings import Findings
from callgate.dialects.juniper_srx.reading.statements import Path, Statement, Statements
from callgate.dialects.members import Group, Members
from callgate.flows import Family, IntervalSet
from callgate.names import DomainPattern
from callgate.places import Place
from callgate.rules import Addresses, Literal, Names

GLOBAL: Final = "global"
_LATER: Final = "which addresses these are is known on the device only"
_EVERY: Final = {
    Family.V4: Addresses(v4=IntervalSet.of((0, 2**32 - 1))),
    Family.V6: Addresses(v6=IntervalSet.of((0, 2**128 - 1))),
}
_BUILT_IN: Final[dict[str, Addresses | None]] = {
    "any": None,
    "any-ipv4": _EVERY[Family.V4],
    "any-ipv6": _EVERY[Family.V6],
}


@dataclass(frozen=True, slots=True)
class End:
    """Some addresses, or None for every one; ``condition`` if it hangs on something."""

    addresses: Addresses | None
    condition: Literal | None = None


@dataclass
class _Book:
    """One book: entries by name, sets by name."""

    entries: dict[str, list[tuple[Path, Place]]] = field(default_factory=lambda: defaultdict(list))
    sets: dict[str, list[tuple[str, Place]]] = field(default_factory=lambda: defaultdict(list))


class Books:
    """Every book, and what a name means in a zone."""

    def __init__(self, statements: Statements, findings: Findings) -> None:
        self._findings = findings
        self._books: dict[str, _Book] = defaultdict(_Book)
        self._zones: dict[str, str] = {}
        self._members: dict[str, Members[End]] = {}
        for each in statements.below("security", "address-book"):
            self._read(each)
        for each in statements.below("security", "zones", "security-zone"):
            if each.path[1:2] == ("address-book",):
                zone = each.path[0]
                self._zones[zone] = f"zone {zone}"
                self._entry(f"zone {zone}", each.path[2:], each)

    def _read(self, each: Statement) -> None:
        match each.path:
            case (book, "attach", "zone", zone):
                self._zones[zone] = book
            case (book, *rest):
                self._entry(book, tuple(rest), each)

    def _entry(self, book: str, path: Path, each: Statement) -> None:
        mine = self._books[book]
        match path:
            case ("address", name, "description", *_) | ("address-set", name, "description", *_):
                return
            case ("address", name, *value):
                mine.entries[name] += [(tuple(value), each.place)] if value else []
            case ("address-set", name, "address" | "address-set", member):
                mine.sets[name].append((member, each.place))
            case () | ("description", *_) | ("address-set", _):
                return
            case _:
                self._findings.report(each, "this part of an address book is not modelled")

    def resolve(self, names: list[tuple[str, Place]], zone: str) -> list[End]:
        """What these names hold in a zone; ``any`` zone sees the global book alone."""
        book = self._zones.get(zone, GLOBAL)
        if book not in self._members:
            self._members[book] = Members(
                objects=lambda name: self._object(name, book),
                groups=lambda name: self._set(name, book),
                unknown=lambda *what: End(None, self._findings.member(*what)),
            )
        members = self._members[book]
        return [end for name, place in names for end in members.resolve((name,), place)]

    def _object(self, name: str, book: str) -> list[End] | None:
        if name in _BUILT_IN:
            return [End(_BUILT_IN[name])]
        for each in (book, GLOBAL):
            if name in self._books[each].entries:
                return [self._end(name, *value) for value in self._books[each].entries[name]]
        try:
            return [End(_prefix(name))]  # some places take an address itself
        except ValueError:
            return None

    def _set(self, name: str, book: str) -> Group | None:
        for each in (book, GLOBAL):
            found = self._books[each].sets.get(name)
            if found:
                return Group(tuple(found), found[0][1])
        return None

    def _end(self, name: str, value: Path, place: Place) -> End:
        try:
            return End(_value(value))
        except (ValueError, IndexError) as error:
            return End(None, self._findings.member(name, place, str(error) or _LATER))


def _value(words: Path) -> Addresses:
    """The addresses of an entry; ValueError for what is not told by the text."""
    match words:
        case ("ip-prefix", prefix) | (prefix,):
            return _prefix(prefix)
        case ("range-address", low, "to", high):
            bounds = ipaddress.ip_address(low), ipaddress.ip_address(high)
            found = IntervalSet.of((int(bounds[0]), int(bounds[1])))
            return Addresses(v4=found) if bounds[0].version == 4 else Addresses(v6=found)
        case ("wildcard-address", text):
            address, _, mask = text.partition("/")
            value, bits = (int(ipaddress.IPv4Address(each)) for each in (address, mask))
            wild = masks.wildcard(value & bits, bits ^ 0xFFFFFFFF)
            if wild is None:
                raise ValueError("the wildcard is too scattered to follow")
            return wild
        case ("dns-name", name, *_):
            return Addresses(names=Names((DomainPattern.parse(name),)))
        case _:
            raise ValueError(f"{' '.join(words)}: {_LATER}")


def _prefix(text: str) -> Addresses:
    """An address or a prefix; host bits do not count."""
    return Addresses.of((ipaddress.ip_network(text, strict=False),))

"""Which addresses stand for all others in a packet test.

Two addresses are of one *class* when every set of flows treats them alike. One address of
each class is tried at every chosen port; the addresses on both sides of every boundary of a
class are tried as well, at the edges of port ranges: a prefix that is one bit too short or
too long shows there.
"""

from collections.abc import Iterable
from typing import Final

from callgate.flows import Family, FlowSet, IntervalSet, prefixes_of
from callgate.flows.prefixes import parse_network

#: What a host on the Internet or in a site can have: global and private unicast.
USABLE: Final = {
    Family.V4: IntervalSet.of((0x01000000, 0xDFFFFFFF))
    - prefixes_of(map(parse_network, ("127.0.0.0/8", "169.254.0.0/16")), Family.V4),
    Family.V6: prefixes_of(map(parse_network, ("2000::/3", "fc00::/7")), Family.V6),
}
#: Taken before others, because they belong to nobody (RFC 5737, RFC 3849).
_DOCUMENTATION: Final = {
    family: prefixes_of(
        map(
            parse_network,
            ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24", "2001:db8::/32"),
        ),
        family,
    )
    for family in Family
}


def classes(sets: Iterable[IntervalSet], within: IntervalSet) -> list[IntervalSet]:
    """Split ``within`` so that each part lies wholly inside or outside of every set."""
    parts = [within]
    for each in sets:
        parts = [piece for part in parts for piece in (part & each, part - each) if piece]
    return sorted(parts, key=lambda part: part.lowest)


def representative(part: IntervalSet, family: Family) -> int:
    """One address of a class: a documentation address if there is one, never the first
    of a network where there is another.
    """  # noqa: D205 - one sentence
    low, high = ((part & _DOCUMENTATION[family]) or part).intervals[-1]
    return min(low + 7, high)


def boundaries(parts: Iterable[IntervalSet], within: IntervalSet) -> list[int]:
    """The addresses on both sides of every border between classes."""
    outer = {bound for interval in within for bound in interval}
    bounds = {bound for part in parts for interval in part for bound in interval}
    return sorted(bounds - outer)


def destinations(flows: FlowSet, family: Family) -> list[IntervalSet]:
    """The destination sets that a set of flows tells apart."""
    return [box.destination for box in flows.boxes() if box.family is family]


def sources(flows: FlowSet, family: Family) -> list[IntervalSet]:
    """The source sets that a set of flows tells apart."""
    return [box.source for box in flows.boxes() if box.family is family]

"""Which dimension of a match each field is, and what a field implies.

``tcp dport`` holds TCP packets alone, ``ip saddr`` IPv4 packets alone: nft loads those
dependencies itself, and they hold under a negation too. Fields that are not here become
conditions, under the dependency of their header.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from callgate.dialects.nftables.reading import symbols
from callgate.dialects.nftables.reading.tokens import Kind
from callgate.dialects.nftables.reading.values import Numbers
from callgate.flows import Family, IntervalSet, Protocol
from callgate.flows.axes import PORTED, PROTOCOL_MAX
from callgate.rules import (
    ANY_STATE,
    ANYTHING,
    Addresses,
    Condition,
    ConnectionState,
    Literal,
    Match,
)

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field whose values we model: ``build`` makes matches of a set of its values.

    ``text`` is what a condition about them would be called, for tests that no dimension
    expresses completely.
    """

    words: Words
    numbers: Numbers
    build: Callable[[IntervalSet, str], list[Match]]
    dependency: Match = ANYTHING
    bitmask: bool = False
    points: tuple[int, ...] = ()  # every value there is, where they are few and far between

    @property
    def universe(self) -> IntervalSet:
        """Every value."""
        return (
            IntervalSet.points(self.points)
            if self.points
            else IntervalSet.of((0, self.numbers.top))
        )

    @property
    def name(self) -> str:
        """As nft writes it."""
        return " ".join(self.words)


def condition(text: str, *, negated: bool = False) -> Match:
    """Every packet, if something holds that we do not model."""
    return Match(conditions=(Literal(Condition(text), negated),))


def _of_family(family: Family) -> Match:
    return Match(families=frozenset({family}))


def _of_protocol(*protocols: int) -> Match:
    return Match(protocol=IntervalSet.points(map(int, protocols)))


_V4, _V6 = _of_family(Family.V4), _of_family(Family.V6)
_ICMP: Final = Match(families=_V4.families, protocol=_of_protocol(Protocol.ICMP).protocol)
_ICMPV6: Final = Match(families=_V6.families, protocol=_of_protocol(Protocol.ICMPV6).protocol)
#: What the header that a field belongs to implies.
DEPENDENCIES: Final = {
    "ip": _V4,
    "ip6": _V6,
    "icmp": _ICMP,
    "icmpv6": _ICMPV6,
    "igmp": Match(families=_V4.families, protocol=IntervalSet.points((2,))),
    "tcp": _of_protocol(Protocol.TCP),
    "udp": _of_protocol(Protocol.UDP),
    "udplite": _of_protocol(Protocol.UDPLITE),
    "sctp": _of_protocol(Protocol.SCTP),
    "dccp": _of_protocol(Protocol.DCCP),
    "gre": _of_protocol(47),
    "esp": _of_protocol(50),
    "ah": _of_protocol(51),
    "comp": _of_protocol(108),
    "hbh": _V6,
    "dst": _V6,
    "mh": _V6,
    "frag": _V6,
    "srh": _V6,
}


def _addresses(family: Family, *, source: bool) -> Callable[[IntervalSet, str], list[Match]]:
    def build(values: IntervalSet, _: str) -> list[Match]:
        held = Addresses(v4=values) if family is Family.V4 else Addresses(v6=values)
        families = frozenset({family})
        if source:
            return [Match(families=families, source=held)]
        return [Match(families=families, destination=held)]

    return build


def _ports(protocols: frozenset[int], *, source: bool) -> Callable[[IntervalSet, str], list[Match]]:
    carriers = IntervalSet.points(map(int, protocols))

    def build(values: IntervalSet, _: str) -> list[Match]:
        if source:
            return [Match(protocol=carriers, source_port=values)]
        return [Match(protocol=carriers, destination_port=values)]

    return build


def _transport(*, source: bool) -> Callable[[IntervalSet, str], list[Match]]:
    """``th dport`` reads the bytes of any protocol; where no ports are, we cannot say."""
    exact = _ports(frozenset(PORTED), source=source)
    others = IntervalSet.of((0, PROTOCOL_MAX)) - IntervalSet.points(PORTED)

    def build(values: IntervalSet, text: str) -> list[Match]:
        return [
            *exact(values, text),
            Match(protocol=others, conditions=condition(text).conditions),
        ]

    return build


def _protocol(base: Match) -> Callable[[IntervalSet, str], list[Match]]:
    return lambda values, _: [Match(families=base.families, protocol=values)]


def _family(v4: int, v6: int) -> Callable[[IntervalSet, str], list[Match]]:
    numbers = {Family.V4: v4, Family.V6: v6}
    return lambda values, _: [
        Match(families=frozenset(each for each, number in numbers.items() if number in values))
    ]


def _icmp_type(base: Match) -> Callable[[IntervalSet, str], list[Match]]:
    return lambda values, _: [
        Match(
            base.families,
            base.protocol,
            destination_port=IntervalSet.of(
                *((low * 256, high * 256 + 255) for low, high in values)
            ),
        )
    ]


def _icmp_code(base: Match) -> Callable[[IntervalSet, str], list[Match]]:
    return lambda values, _: [
        Match(
            base.families,
            base.protocol,
            destination_port=IntervalSet.of(
                *(
                    (kind * 256 + low, kind * 256 + high)
                    for kind in range(256)
                    for low, high in values
                )
            ),
        )
    ]


_STATES: Final = {
    symbols.STATES["new"]: ConnectionState.NEW,
    symbols.STATES["established"]: ConnectionState.ESTABLISHED,
    symbols.STATES["related"]: ConnectionState.RELATED,
    symbols.STATES["invalid"]: ConnectionState.INVALID,
    symbols.STATES["untracked"]: ConnectionState.UNTRACKED,
}


def _state(values: IntervalSet, _: str) -> list[Match]:
    held = ConnectionState(0)
    for bit, state in _STATES.items():
        if bit in values:
            held |= state
    return [Match(state=held)] if held else []


_SYN: Final = symbols.TCP_FLAGS["syn"]
_ACK: Final = symbols.TCP_FLAGS["ack"]
#: Flags that the first packet of a connection may carry: plain, or asking for ECN (RFC 3168).
_FIRST: Final = (_SYN, _SYN | symbols.TCP_FLAGS["ecn"] | symbols.TCP_FLAGS["cwr"])


def _flags(values: IntervalSet, text: str) -> list[Match]:
    """Tests of TCP flags: what they say of a first packet is decided, the rest is not."""
    tcp = DEPENDENCIES["tcp"].protocol
    if _asks_for_first(values):
        return [Match(protocol=tcp, state=ConnectionState.NEW)]
    later = ANY_STATE & ~ConnectionState.NEW
    if _asks_for_first(IntervalSet.of((0, 255)) - values):
        return [Match(protocol=tcp, state=later)]
    literal = condition(text).conditions
    first = [flags in values for flags in _FIRST]
    found = [Match(protocol=tcp, state=later, conditions=literal)]
    if all(first):
        return [Match(protocol=tcp, state=ConnectionState.NEW), *found]
    if any(first):
        return [Match(protocol=tcp, conditions=literal)]
    return found


def _asks_for_first(values: IntervalSet) -> bool:
    """Whether a test of flags holds for every first packet, and for none that answers it."""
    return all(flags in values for flags in _FIRST) and all(
        flags & (_SYN | _ACK) == _SYN for low, high in values for flags in range(low, high + 1)
    )


_PORT: Final = Numbers(16, symbols.SERVICES)
_PROTOCOL: Final = Numbers(8, symbols.PROTOCOLS)
_BYTE: Final = Numbers(8, {})


def _table() -> dict[Words, Field]:
    fields = [
        Field(("ip", "protocol"), _PROTOCOL, _protocol(_V4), _V4),
        Field(("ip6", "nexthdr"), _PROTOCOL, _protocol(_V6), _V6),
        Field(("meta", "l4proto"), _PROTOCOL, _protocol(ANYTHING)),
        Field(("meta", "nfproto"), Numbers(8, symbols.NF_FAMILIES), _family(2, 10), points=(2, 10)),
        Field(
            ("meta", "protocol"),
            Numbers(16, symbols.ETHER_TYPES),
            _family(0x0800, 0x86DD),
            points=(0x0800, 0x86DD),
        ),
        Field(
            ("ct", "state"),
            Numbers(32, symbols.STATES),
            _state,
            bitmask=True,
            points=tuple(_STATES),
        ),
        Field(
            ("tcp", "flags"),
            Numbers(8, symbols.TCP_FLAGS),
            _flags,
            DEPENDENCIES["tcp"],
            bitmask=True,
        ),
    ]
    for word, family, kind in (("ip", Family.V4, Kind.V4), ("ip6", Family.V6, Kind.V6)):
        numbers = Numbers(family.bits, {}, kind)
        for end, source in (("saddr", True), ("daddr", False)):
            build = _addresses(family, source=source)
            fields.append(Field((word, end), numbers, build, DEPENDENCIES[word]))
    for end, source in (("sport", True), ("dport", False)):
        fields.append(Field(("th", end), _PORT, _transport(source=source)))
        for word in ("tcp", "udp", "udplite", "sctp", "dccp"):
            needed = DEPENDENCIES[word]
            carriers = frozenset({(needed.protocol or IntervalSet.EMPTY).lowest})
            fields.append(Field((word, end), _PORT, _ports(carriers, source=source), needed))
    for word, types, codes in (
        ("icmp", symbols.ICMP_TYPES, symbols.ICMP_CODES),
        ("icmpv6", symbols.ICMPV6_TYPES, symbols.ICMPV6_CODES),
    ):
        needed = DEPENDENCIES[word]
        fields.append(Field((word, "type"), Numbers(8, types), _icmp_type(needed), needed))
        fields.append(Field((word, "code"), Numbers(8, codes), _icmp_code(needed), needed))
    return {each.words: each for each in fields}


FIELDS: Final = _table()
#: Fields that hold the name of an interface; true for the one that a packet comes in by.
INTERFACES: Final[dict[Words, bool]] = {
    ("meta", "iifname"): True,
    ("meta", "iif"): True,
    ("meta", "oifname"): False,
    ("meta", "oif"): False,
}

"""Boxes: one constraint per axis. A packet is a box with one point on each."""

from dataclasses import dataclass

from callgate.flows.axes import (
    NAME_BASE,
    PORT_MAX,
    PORTED,
    PROTOCOL_MAX,
    TYPED,
    Family,
    Protocol,
)
from callgate.flows.intervals import IntervalSet
from callgate.flows.names import ANY_NAME
from callgate.flows.prefixes import address_of

ANY_PORT = IntervalSet.of((0, PORT_MAX))
ANY_PROTOCOL = IntervalSet.of((0, PROTOCOL_MAX))
_PORT_LESS = ANY_PROTOCOL - IntervalSet.points(PORTED | TYPED)
_NO_SOURCE_PORT = ANY_PROTOCOL - IntervalSet.points(PORTED)


def any_address(family: Family) -> IntervalSet:
    """Every address of a family."""
    return IntervalSet.of((0, (1 << family.bits) - 1))


def any_destination(family: Family) -> IntervalSet:
    """Every address of a family, and every name."""
    return any_address(family) | ANY_NAME


@dataclass(frozen=True, slots=True)
class Packet:
    """One flow: a point on every axis. ``destination`` may be a name's slot."""

    family: Family
    protocol: int
    source: int
    destination: int
    source_port: int
    destination_port: int

    @property
    def to_name(self) -> bool:
        """Whether the destination is a name and not an address."""
        return self.destination >= NAME_BASE

    def __str__(self) -> str:
        """``udp 10.0.0.5:51000 > 198.51.100.7:3478``; ICMP shows ``type/code``."""
        try:
            protocol = str(Protocol(self.protocol))
        except ValueError:
            protocol = f"protocol-{self.protocol}"
        source = str(address_of(self.source, self.family))
        target = (
            f"name#{self.destination - NAME_BASE}"
            if self.to_name
            else str(address_of(self.destination, self.family))
        )
        if self.protocol in TYPED:
            kind, code = divmod(self.destination_port, 256)
            return f"{protocol} {kind}/{code} {source} > {target}"
        if self.protocol not in PORTED:
            return f"{protocol} {source} > {target}"
        if self.family is Family.V6:
            source = f"[{source}]"
            target = target if self.to_name else f"[{target}]"
        return f"{protocol} {source}:{self.source_port} > {target}:{self.destination_port}"


@dataclass(frozen=True, slots=True)
class Box:
    """The flows that satisfy every one of six constraints.

    ValueError when ports are constrained for protocols that have none (or source ports
    for ICMP): such a rule means nothing, and guessing would widen or lose it.
    """

    family: Family
    protocol: IntervalSet
    source: IntervalSet
    destination: IntervalSet
    source_port: IntervalSet = ANY_PORT
    destination_port: IntervalSet = ANY_PORT

    def __post_init__(self) -> None:
        if self.destination_port != ANY_PORT and self.protocol & _PORT_LESS:
            raise ValueError("destination ports on a protocol that has none")
        if self.source_port != ANY_PORT and self.protocol & _NO_SOURCE_PORT:
            raise ValueError("source ports on a protocol that has none")

    @classmethod
    def everything(cls, family: Family) -> "Box":
        """Every flow of a family."""
        return cls(family, ANY_PROTOCOL, any_address(family), any_destination(family))

    @property
    def axes(self) -> tuple[IntervalSet, ...]:
        """The constraints in the order in which a :class:`FlowSet` splits them."""
        return (
            IntervalSet.points((self.family,)),
            self.protocol,
            self.destination,
            self.destination_port,
            self.source,
            self.source_port,
        )

    @property
    def size(self) -> int:
        """How many flows, names counted as one each slot."""
        total = 1
        for axis in self.axes:
            total *= axis.size
        return total

    def witness(self) -> Packet:
        """The lowest flow of the box; IndexError when the box is empty."""
        return Packet(
            self.family,
            self.protocol.lowest,
            self.source.lowest,
            self.destination.lowest,
            self.source_port.lowest,
            self.destination_port.lowest,
        )

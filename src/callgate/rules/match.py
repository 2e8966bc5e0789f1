"""What one rule looks at: one set per dimension, and conditions that we do not model."""

from dataclasses import dataclass, field
from enum import Enum

from callgate.flows import Family, IntervalSet
from callgate.flows.axes import PORTED, TYPED
from callgate.places import Place
from callgate.rules.addresses import Addresses
from callgate.rules.interfaces import Interfaces
from callgate.rules.state import ANY_STATE, ConnectionState

BOTH_FAMILIES = frozenset(Family)
_PORTED = IntervalSet.points(PORTED)
_NUMBERED = IntervalSet.points(PORTED | TYPED)


class Varies(Enum):
    """Whether a test may come out differently when the same packet meets it again."""

    NEVER = "a fact about the packet"
    COUNTED = "the device counts, draws or learns with each test"
    MARKED = "a mark, which rules may set while the packet is on its way"
    LISTED = "whether a set holds it, and rules may add it while it is on its way"


@dataclass(frozen=True, slots=True)
class Condition:
    """A match that we do not model, verbatim; the same text is the same condition.

    Unless it ``varies``: then lines are told apart before anything is asked
    (:func:`callgate.rules.told_apart`).
    """

    text: str
    place: Place = field(compare=False, default=Place(""))
    varies: Varies = field(compare=False, default=Varies.NEVER)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Literal:
    """A condition, or with ``negated`` its opposite."""

    condition: Condition
    negated: bool = False

    def __str__(self) -> str:
        return f"not ({self.condition})" if self.negated else str(self.condition)


@dataclass(frozen=True, slots=True)
class Match:
    """The packets that satisfy every constraint; ``None`` means not constrained.

    ``destination_port`` holds ``type * 256 + code`` for ICMP and ICMPv6, as everywhere
    (:mod:`callgate.flows.axes`). ValueError when ports are asked of protocols that have
    none: the parser must say which protocols it means. ``source`` holds no names.
    """

    families: frozenset[Family] = BOTH_FAMILIES
    protocol: IntervalSet | None = None
    source: Addresses | None = None
    destination: Addresses | None = None
    source_port: IntervalSet | None = None
    destination_port: IntervalSet | None = None
    in_interface: Interfaces | None = None
    out_interface: Interfaces | None = None
    state: ConnectionState = ANY_STATE
    conditions: tuple[Literal, ...] = ()

    def __post_init__(self) -> None:
        protocol = self.protocol
        if self.source_port is not None:
            # What has source ports has destination ports too.
            if protocol is None or not protocol <= _PORTED:
                raise ValueError("source ports on a protocol that has none")
        elif self.destination_port is not None and (protocol is None or not protocol <= _NUMBERED):
            raise ValueError("destination ports on a protocol that has none")
        if self.source is not None and self.source.names:
            raise ValueError("names on the source side: make it a condition")


#: Every packet there is.
ANYTHING = Match()

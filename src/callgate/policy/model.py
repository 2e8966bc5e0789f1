"""The policy: typed rules that follow from scenarios and a site, ready for any dialect.

Theory of operation
-------------------
* A :class:`Rule` speaks of one family and one protocol; ports belong to that protocol.
  A destination is anywhere, networks or domains, never a mixture and never an empty list
  that a careless reader could take for "any".
* Rules stand in the order in which a first-match target must have them. All of them
  allow; what is not allowed is the business of ``final``.
* ``direction`` is seen from the clients: OUT is initiated inside, IN outside.
* ``state`` NEW is a first packet. ESTABLISHED and RELATED belong to stateful inspection
  and open nothing by themselves; they are no part of :meth:`Policy.flows`.
"""

from dataclasses import dataclass, field
from enum import Enum

from callgate.flows import (
    Box,
    Family,
    FlowSet,
    IntervalSet,
    NameAtoms,
    Network,
    PortRange,
    Protocol,
    prefixes_of,
)
from callgate.flows.axes import EPHEMERAL, PORTED, TYPED
from callgate.flows.boxes import ANY_PORT, ANY_PROTOCOL, any_address, any_destination
from callgate.names import DomainPattern
from callgate.policy.site import Apply, Edge, Final, Inspection, MergePoint, On, Proxy, Target

#: Every flow that comes from a port which a client calls from (1024–65535).
FROM_CLIENT_PORTS = FlowSet.of(
    *(
        Box(
            family,
            IntervalSet.points(PORTED),
            any_address(family),
            any_destination(family),
            source_port=IntervalSet.of(EPHEMERAL),
        )
        for family in Family
    )
)


class Kind(Enum):
    """Why a rule is there."""

    NEED = "need"
    INFRASTRUCTURE = "infrastructure"


class Direction(Enum):
    """Who sends the first packet, seen from the clients."""

    OUT = "out"
    IN = "in"


class State(Enum):
    """Connection state that a rule asks for (stateful inspection)."""

    NEW = "new"
    ESTABLISHED = "established"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Anywhere:
    """Every destination: the document's "All"."""

    def __str__(self) -> str:
        return "All"


@dataclass(frozen=True, slots=True)
class Networks:
    """Destination networks of one family; ``label`` is the list's name, if it has one."""

    prefixes: tuple[Network, ...]
    label: str = ""

    def __post_init__(self) -> None:
        if not self.prefixes:
            raise ValueError("an empty list of networks is not a destination")

    def __str__(self) -> str:
        return self.label or ", ".join(str(prefix) for prefix in self.prefixes)


@dataclass(frozen=True, slots=True)
class Domains:
    """Destination names."""

    patterns: tuple[DomainPattern, ...]

    def __post_init__(self) -> None:
        if not self.patterns:
            raise ValueError("an empty list of domains is not a destination")

    def __str__(self) -> str:
        return ", ".join(str(pattern) for pattern in self.patterns)


Destination = Anywhere | Networks | Domains


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is allowed.

    ``protocol`` None means every protocol (loopback, established). ``sources`` None means
    any source of the family: the box itself, or the whole Internet for an IN rule.
    ``icmp_types`` restrict ICMP; empty means every type. ``loopback`` restricts to the
    loopback interface. ``why`` and ``source`` are for people: one line each.
    """

    id: str
    kind: Kind
    family: Family
    protocol: Protocol | None
    destination: Destination
    ports: tuple[PortRange, ...] = ()
    sources: tuple[Network, ...] | None = None
    direction: Direction = Direction.OUT
    state: State = State.NEW
    icmp_types: tuple[int, ...] = ()
    loopback: bool = False
    why: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.ports and self.protocol not in PORTED:
            raise ValueError(f"{self.id}: ports without a protocol that has them")
        if self.icmp_types and self.protocol not in TYPED:
            raise ValueError(f"{self.id}: ICMP types without ICMP")
        if self.sources is not None and not self.sources:
            raise ValueError(f"{self.id}: an empty list of sources is not a source")

    def box(self, atoms: NameAtoms) -> Box:
        """The first packets that the rule allows (meaningful for state NEW)."""
        family = self.family
        protocol = ANY_PROTOCOL if self.protocol is None else IntervalSet.points((self.protocol,))
        return Box(
            family,
            protocol,
            any_address(family) if self.sources is None else prefixes_of(self.sources, family),
            self._destination_axis(atoms),
            destination_port=self._port_axis(),
        )

    def _destination_axis(self, atoms: NameAtoms) -> IntervalSet:
        match self.destination:
            case Anywhere():
                return any_destination(self.family)
            case Networks(prefixes):
                return prefixes_of(prefixes, self.family)
            case Domains(patterns):
                return atoms.covered_by(patterns)

    def _port_axis(self) -> IntervalSet:
        if self.icmp_types:
            return IntervalSet.of(*((kind * 256, kind * 256 + 255) for kind in self.icmp_types))
        return PortRange.union(self.ports) if self.ports else ANY_PORT


@dataclass(frozen=True, slots=True)
class Block:
    """The final block. ``clients`` None blocks everything the hook sees, else these sources."""

    action: Final
    clients: tuple[Network, ...] | None


@dataclass(frozen=True, slots=True)
class Tunnel:
    """What clients ask a proxy to reach by CONNECT: the TCP ports of one need.

    Names are reached in any case; ``networks`` are those that the document names for the
    need, as far as they are known, and ``label`` is the name of that list.
    """

    ports: tuple[PortRange, ...]
    networks: tuple[Network, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader of the result must know. Goes into every artifact."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Scenario(s) × Site for one place.

    ``clients`` None means the box itself (a host), or that nobody named them where the
    target goes by name. ``tunnels`` and ``inspection`` are for proxies.
    """

    profile: str
    document: str
    scenarios: tuple[str, ...]
    site: str
    on: On
    edge: Edge
    apply: Apply
    families: tuple[Family, ...]
    clients: tuple[Network, ...] | None
    rules: tuple[Rule, ...]
    block: Block | None
    notices: tuple[Notice, ...]
    merge: MergePoint | None
    domains: tuple[DomainPattern, ...]
    proxy: Proxy | None
    default_proxy: Proxy | None
    target: Target = field(default_factory=Target)
    tunnels: tuple[Tunnel, ...] = ()
    inspection: Inspection = Inspection.NONE

    @property
    def atoms(self) -> NameAtoms:
        """The name atoms that this policy's sets of flows are made of."""
        return NameAtoms.of(self.domains)

    def flows(self, direction: Direction, *, kind: Kind | None = None) -> FlowSet:
        """The first packets that the policy allows in one direction, loopback left out.

        Source ports are free, as in the vendor's tables; see :meth:`needs`.
        """
        atoms = self.atoms
        return FlowSet.of(
            *(
                rule.box(atoms)
                for rule in self.rules
                if rule.direction is direction
                and rule.state is State.NEW
                and not rule.loopback
                and kind in (None, rule.kind)
            )
        )

    def needs(self) -> FlowSet:
        """The flows that the application needs: OUT, from source ports 1024–65535."""
        return self.flows(Direction.OUT, kind=Kind.NEED) & FROM_CLIENT_PORTS

"""Lanes: the packets of a test, all alike but for the destination port.

A lane goes out from the client to a vendor address, or in from a vendor address to the
client. Its source port is fixed: going out one that a client would have; coming in one that
makes a packet look like an answer, so that a ruleset which lets "answers" in by their
source port is caught.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from callgate.flows import Box, Family, FlowSet, IntervalSet, Network, Packet, Protocol, prefixes_of
from callgate.flows.axes import PORT_MAX
from callgate.lab import addresses
from callgate.netns.packets import SPOKEN
from callgate.policy.model import Direction

#: A source port that a client would take (RFC 6335: dynamic ports begin at 49152).
CLIENT_PORT: Final = 54321
#: Source ports that make unsolicited packets look like answers.
VENDOR_PORT: Final = {Protocol.TCP: 443, Protocol.UDP: 3478}
_SPOKEN: Final = IntervalSet.points(SPOKEN)
EVERY_PORT: Final = IntervalSet.of((1, PORT_MAX))
Flows = Mapping[Direction, FlowSet]


@dataclass(frozen=True, slots=True)
class Ports:
    """Which ports to try: the edges always, and ``random`` more, or all (None)."""

    random: int | None = 2000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Lane:
    """First packets from one address to one address, to each of these ports."""

    direction: Direction
    protocol: Protocol
    family: Family
    client: int
    vendor: int
    ports: IntervalSet

    @property
    def source(self) -> int:
        """The address of the sender."""
        return self.client if self.direction is Direction.OUT else self.vendor

    @property
    def destination(self) -> int:
        """The address of the receiver."""
        return self.vendor if self.direction is Direction.OUT else self.client

    @property
    def source_port(self) -> int:
        """The port of the sender."""
        return CLIENT_PORT if self.direction is Direction.OUT else VENDOR_PORT[self.protocol]

    def packet(self, port: int) -> Packet:
        """The first packet to one port."""
        return Packet(
            self.family, self.protocol, self.source, self.destination, self.source_port, port
        )

    def open_in(self, flows: Flows) -> IntervalSet:
        """Those ports of the lane whose packets are in the set of its direction."""
        one_port = Box(
            self.family,
            IntervalSet.points((self.protocol,)),
            IntervalSet.points((self.source,)),
            IntervalSet.points((self.destination,)),
            IntervalSet.points((self.source_port,)),
        )
        return self.ports & _union(
            box.destination_port for box in (flows[self.direction] & FlowSet.of(one_port)).boxes()
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """What decides which addresses are worth trying.

    ``clients`` None means a host that filters for itself, with no network behind it;
    ``apart`` are networks to be told apart even where the flows do not.
    """

    flows: Flows
    clients: tuple[Network, ...] | None
    apart: tuple[Network, ...] = ()


def plan(ground: Ground, families: Iterable[Family], ports: Ports) -> list[Lane]:
    """The lanes that tell a right ruleset from a wrong one, unsolicited ones first."""
    found = [lane for family in families for lane in _Planner(ground, family, ports).lanes()]
    # What comes in must not profit from connections that went out before.
    return sorted(found, key=lambda lane: lane.direction is Direction.OUT)


class _Planner:
    """Lanes of one family."""

    def __init__(self, ground: Ground, family: Family, ports: Ports) -> None:
        self.flows, self.family, self.ports = ground.flows, family, ports
        usable = addresses.USABLE[family]
        self.inside = inside = prefixes_of(ground.clients or (), family) & usable
        outbound = addresses.destinations(self.flows[Direction.OUT], family)
        outbound.append(prefixes_of(ground.apart, family))
        if inside:
            # Clients that the flows tell apart (a proxy among them) are all tried.
            kinds = addresses.classes(addresses.sources(self.flows[Direction.OUT], family), inside)
        else:
            kinds = [max(addresses.classes(outbound, usable), key=lambda part: part.size)]
        self.clients = [addresses.representative(part, family) for part in kinds]
        taken = IntervalSet.points(self.clients)
        distinct = [*outbound, *addresses.sources(self.flows[Direction.IN], family)]
        classes = addresses.classes(distinct, usable - taken)
        # A proxy or resolver may be among the clients; nothing else that is tried is.
        self.vendors = [addresses.representative(part - inside or part, family) for part in classes]
        self.borders = [
            address
            for address in addresses.boundaries(classes, usable - taken)
            if address not in self.vendors
        ]
        strangers = usable - inside - taken - IntervalSet.points(self.vendors + self.borders)
        self.stranger = addresses.representative(strangers, family) if inside else None

    def lanes(self) -> Iterator[Lane]:
        edges = self.edges()
        every = self.chosen(edges)
        for protocol, client in product(SPOKEN, self.clients):
            for vendor in self.vendors:
                lane = Lane(Direction.OUT, protocol, self.family, client, vendor, every)
                yield lane
                if vendor not in self.inside:
                    yield replace(lane, direction=Direction.IN)
            for vendor in self.borders:
                yield Lane(Direction.OUT, protocol, self.family, client, vendor, edges)
        if self.stranger is not None:
            for protocol, vendor in product(SPOKEN, self.vendors):
                yield Lane(Direction.OUT, protocol, self.family, self.stranger, vendor, edges)

    def edges(self) -> IntervalSet:
        """Both edges of every range allowed to either protocol, and their neighbours."""
        ranges = (
            interval
            for flows in self.flows.values()
            for box in flows.boxes()
            if box.family is self.family and box.protocol & _SPOKEN
            for interval in box.destination_port
        )
        near = {edge + step for interval in ranges for edge in interval for step in (-1, 0, 1)}
        known = {*near, *VENDOR_PORT.values(), CLIENT_PORT}
        return IntervalSet.points(port for port in known if port in EVERY_PORT)

    def chosen(self, edges: IntervalSet) -> IntervalSet:
        if self.ports.random is None:
            return EVERY_PORT
        rng = random.Random(self.ports.seed)  # noqa: S311 - repeatable on purpose
        return edges | IntervalSet.points(rng.sample(range(1, PORT_MAX + 1), self.ports.random))


def _union(sets: Iterable[IntervalSet]) -> IntervalSet:
    return IntervalSet.of(*(interval for each in sets for interval in each))

"""A region read as services: which protocols and ports, and how many flows of each.

Protocol and destination port are the topmost variables of a space. Walking down from the
root to below them therefore yields ranges of ports, each with what is left of the region
there; ranges with the same rest are one service. Nothing is listed box by box.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from callgate.check.limits import Meter
from callgate.check.space import Space
from callgate.flows import IntervalSet
from callgate.flows.axes import PORT_MAX, PORTED, PROTOCOL_MAX
from callgate.flows.intervals import Interval

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region

#: Ports that attackers look for first (IANA, Service Name and Port Number Registry).
_REMOTE: Final = (22, 23, 135, 512, 513, 514, 2375, 3389, 5900, 5985, 5986)
_FILES: Final = (21, 69, 111, 137, 138, 139, 161, 389, 445, 873, 2049)
_DATABASES: Final = (1433, 1521, 3306, 5432, 6379, 9200, 11211, 27017)
_RISKY: Final = IntervalSet.points((*_REMOTE, *_FILES, *_DATABASES))


@dataclass(frozen=True, slots=True)
class Service:
    """Protocols and destination ports that are treated alike, and what is open on them.

    ``flows`` counts pairs of source and destination address, summed over all ports.
    """

    protocols: IntervalSet
    ports: IntervalSet
    region: "Region"
    flows: int

    @property
    def risk(self) -> tuple[bool, bool, int]:
        """The greater, the riskier: everything at once, well-known targets, sheer numbers."""
        everything = self.protocols.size > len(PORTED) and self.ports.size > PORT_MAX
        ported = bool(self.protocols & IntervalSet.points(PORTED))
        return everything, ported and bool(self.ports & _RISKY), self.flows


def services(space: Space, region: "Region", meter: Meter) -> list[Service]:
    """The services of a region that fixes the state, riskiest first.

    Interfaces, conditions and source ports are not counted: a pair of addresses is open
    if it is open for any of them.
    """
    state = range(space.offsets["state"], space.offsets["state"] + space.widths["state"])
    parts: dict[Region, dict[Interval, list[Interval]]] = {}
    stateless = region.exists(space.quantified(state))
    for protocols, below in _ranges(space, "protocol", stateless, meter):
        for ports, rest in _ranges(space, "destination_port", below, meter):
            parts.setdefault(rest, {}).setdefault(ports, []).append(protocols)
    found = [
        service
        for rest, pieces in parts.items()
        for service in _services(space, region, rest, pieces)
    ]
    return sorted(found, key=lambda service: (service.risk, service.ports.intervals), reverse=True)


def _services(
    space: Space, region: "Region", rest: "Region", pieces: dict[Interval, list[Interval]]
) -> Iterator[Service]:
    """Put together what has the same ports, then what has the same protocols."""
    by_protocols: dict[IntervalSet, list[Interval]] = {}
    for ports, protocols in pieces.items():
        by_protocols.setdefault(IntervalSet.of(*protocols), []).append(ports)
    pairs = _pairs(space, rest)
    for numbers, ranges in by_protocols.items():
        ports_set = IntervalSet.of(*ranges)
        here = (
            region & space.region("protocol", numbers) & space.region("destination_port", ports_set)
        )
        yield Service(numbers, ports_set, here, pairs * ports_set.size)


def _pairs(space: Space, rest: "Region") -> int:
    """How many pairs of source and destination are in a region, all else left open."""
    free = list(space.conditions.values())
    for axis in ("in_interface", "out_interface", "source_port"):
        free += range(space.offsets[axis], space.offsets[axis] + space.widths[axis])
    projected = rest.exists(space.quantified(free))
    bits = space.widths["destination"] + space.widths["source"]
    total = space.manager.num_vars()
    return projected.sat_count(total) >> (total - bits)


def _ranges(
    space: Space, axis: str, region: "Region", meter: Meter
) -> Iterator[tuple[Interval, "Region"]]:
    """The ranges of numbers on one axis, in order, each with the rest of the region there."""
    first, width = space.offsets[axis], space.widths[axis]
    top = PROTOCOL_MAX if axis == "protocol" else PORT_MAX
    stack: list[tuple[Region, int, int]] = [(region, first, 0)]
    start, current = 0, None
    while stack:
        node, bit, base = stack.pop()
        level = node.node_level()
        if level is None or level >= first + width:
            if node != current:
                if current is not None and current.satisfiable():
                    yield (start, base - 1), current
                start, current = base, node
            continue
        meter.step()
        half = 1 << (first + width - bit - 1)
        same = level > bit
        high, low = (node, node) if same else _cofactors(node)
        stack += [(high, bit + 1, base + half), (low, bit + 1, base)]
    if current is not None and current.satisfiable():
        yield (start, top), current


def _cofactors(node: "Region") -> tuple["Region", "Region"]:
    pair = node.cofactors()
    assert pair is not None  # noqa: S101 - the node has a level, so it is no constant
    return pair

"""Few boxes that overlap, for people; :meth:`FlowSet.boxes` are many that do not.

"TCP 443 to All, TCP 3478 to one network" is cut by the canonical tree into 443 and 3478
to the network, and 443 to All *except* the network. A cover undoes such cuts: it takes
the largest box that is left, widens each axis as far as the set allows where that makes
the axis simpler to write, and goes on with what that box does not hold.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from callgate.flows.boxes import ANY_PORT, ANY_PROTOCOL, Box, any_address, any_destination
from callgate.flows.flowset import FlowSet
from callgate.flows.intervals import IntervalSet


def cover(flows: FlowSet, limit: int) -> tuple[list[Box], FlowSet]:
    """At most ``limit`` boxes of the set, the largest first, and what they do not hold."""
    found: list[Box] = []
    rest = flows
    while rest and len(found) < limit:
        box = _widened(max(rest.boxes(), key=lambda each: each.size), flows)
        found.append(box)
        rest -= FlowSet.of(box)
    return found, rest


def _widened(box: Box, flows: FlowSet) -> Box:
    for axis, everything in _axes(box):
        whole = FlowSet.of(_with(box, axis, everything))
        missing = [getattr(each, axis) for each in (whole - flows).boxes()]
        possible = everything - IntervalSet.of(*(each for values in missing for each in values))
        if _pieces(possible, everything) <= _pieces(getattr(box, axis), everything):
            box = _with(box, axis, possible)
    return box


def _with(box: Box, axis: str, values: IntervalSet) -> Box:
    changes: dict[str, Any] = {axis: values}
    return replace(box, **changes)


def _axes(box: Box) -> Iterator[tuple[str, IntervalSet]]:
    """The axes that can be widened, and how far."""
    yield "destination_port", ANY_PORT
    yield "destination", any_destination(box.family)
    yield "source", any_address(box.family)
    if box.destination_port == box.source_port == ANY_PORT:
        # With ports the box speaks of protocols that have them, and of no other.
        yield "protocol", ANY_PROTOCOL


def _pieces(values: IntervalSet, everything: IntervalSet) -> int:
    """How many pieces it takes to write the values, or the exceptions to everything."""
    return min(len(values), len(everything - values))

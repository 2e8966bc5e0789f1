"""Keys of several fields: ``ip saddr . tcp dport { 192.0.2.1 . 22, … }``.

A set of keys is a union of boxes, one dimension per field. Boxes that differ in one
dimension only are united along it before they become matches, so that a hundred thousand
hosts with one port stay one match.
"""

from collections.abc import Iterable
from typing import Final

from callgate.dialects.nftables.reading.fields import Field
from callgate.flows import IntervalSet

Box = tuple[IntervalSet, ...]
#: A negation of more pieces than that is kept as a condition.
PIECES_MAX: Final = 2000


def united(boxes: list[Box]) -> list[Box]:
    """The same keys in fewer boxes: united along whichever one dimension saves most.

    In an order of their own: that of a set's entries says nothing, and nft changes it.
    """
    if len(boxes) > 1:
        boxes = min((_along(boxes, axis) for axis in range(len(boxes[0]))), key=len)
    return sorted(boxes, key=lambda box: [values.intervals for values in box])


def _along(boxes: list[Box], axis: int) -> list[Box]:
    groups: dict[Box, list[tuple[int, int]]] = {}
    for box in boxes:
        rest = (*box[:axis], *box[axis + 1 :])
        groups.setdefault(rest, []).extend(box[axis])
    return [
        (*rest[:axis], IntervalSet.of(*intervals), *rest[axis:])
        for rest, intervals in groups.items()
    ]


def complement(boxes: Iterable[Box], fields: list[Field]) -> list[Box] | None:
    """Every key that is in no box, in disjoint boxes; None when there are too many."""
    left: list[Box] = [tuple(field.universe for field in fields)]
    for box in boxes:
        left = [piece for each in left for piece in _without(each, box)]
        if len(left) > PIECES_MAX:
            return None
    return left


def _without(box: Box, hole: Box) -> list[Box]:
    """A box less another: what differs on the first axis, then on the second, and so on."""
    common = [one & two for one, two in zip(box, hole, strict=True)]
    if not all(common):
        return [box]
    pieces = []
    for axis, (mine, shared) in enumerate(zip(box, common, strict=True)):
        outside = mine - shared
        if outside:
            pieces.append((*common[:axis], outside, *box[axis + 1 :]))
    return pieces

"""Exact sets of flows as canonical trees of intervals.

A set is a tree that splits one axis per level (family, protocol, destination,
destination port, source, source port). A node is a tuple of branches
``(values, subtree)`` whose value sets are disjoint and whose subtrees are all different
and not empty; branches stand in order of their lowest value. Merging branches with
equal subtrees makes the tree unique for its set, so equality is equality of tuples.

An operation walks two trees at once, cuts the axis where either is cut, and recurses
where both have a branch. The cost is that of the answer's cuts, which is right for
policies and reports; whole rule lists are the business of ``check``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from callgate.flows.axes import Family
from callgate.flows.boxes import Box, Packet
from callgate.flows.intervals import IntervalSet

# A node is a tuple of branches; the leaf below the last axis is the empty tuple, told
# from an empty set by its depth.
Node = tuple[tuple[IntervalSet, "Node"], ...]
_LEAF: Node = ()
_DEPTH = 6


def _canonical(branches: Iterable[tuple[IntervalSet, Node]]) -> Node:
    """Merge branches with equal subtrees and put them in order."""
    by_subtree: dict[Node, IntervalSet] = {}
    for values, subtree in branches:
        if values:
            by_subtree[subtree] = by_subtree.get(subtree, IntervalSet.EMPTY) | values
    return tuple(
        sorted(
            ((values, subtree) for subtree, values in by_subtree.items()),
            key=lambda branch: branch[0].lowest,
        )
    )


def _chain(axes: tuple[IntervalSet, ...]) -> Node:
    node: Node = _LEAF
    for values in reversed(axes):
        node = ((values, node),)
    return node


def _union(one: Node, two: Node, depth: int) -> Node:
    if depth == _DEPTH or one == two:
        return one
    branches: list[tuple[IntervalSet, Node]] = []
    rest_two = [values for values, _ in two]
    for values, subtree in one:
        rest = values
        for index, (other_values, other_subtree) in enumerate(two):
            common = values & other_values
            if common:
                branches.append((common, _union(subtree, other_subtree, depth + 1)))
                rest -= common
                rest_two[index] -= common
        branches.append((rest, subtree))
    branches += [(rest, subtree) for rest, (_, subtree) in zip(rest_two, two, strict=True)]
    return _canonical(branches)


def _intersection(one: Node, two: Node, depth: int) -> Node:
    if depth == _DEPTH or one == two:
        return one
    branches: list[tuple[IntervalSet, Node]] = []
    for values, subtree in one:
        for other_values, other_subtree in two:
            common = values & other_values
            if common:
                below = _intersection(subtree, other_subtree, depth + 1)
                if below or depth + 1 == _DEPTH:
                    branches.append((common, below))
    return _canonical(branches)


def _difference(one: Node, two: Node, depth: int) -> Node:
    if depth == _DEPTH or one == two:
        return _LEAF
    branches: list[tuple[IntervalSet, Node]] = []
    for values, subtree in one:
        rest = values
        for other_values, other_subtree in two:
            common = values & other_values
            if common:
                rest -= common
                below = _difference(subtree, other_subtree, depth + 1)
                # Below the last axis a common value is simply gone.
                if below and depth + 1 < _DEPTH:
                    branches.append((common, below))
        branches.append((rest, subtree))
    return _canonical(branches)


@dataclass(frozen=True, slots=True)
class FlowSet:
    """An exact, canonical set of flows; equal if and only if it holds the same flows."""

    root: Node = ()

    @classmethod
    def of(cls, *boxes: Box) -> "FlowSet":
        """The union of boxes; those with an empty axis add nothing."""
        root: Node = ()
        for box in boxes:
            if all(box.axes):
                root = _union(root, _chain(box.axes), 0) if root else _chain(box.axes)
        return cls(root)

    @classmethod
    def everything(cls) -> "FlowSet":
        """Every flow of both families."""
        return cls.of(*(Box.everything(family) for family in Family))

    def __bool__(self) -> bool:
        return bool(self.root)

    def __or__(self, other: "FlowSet") -> "FlowSet":
        return FlowSet(_union(self.root, other.root, 0))

    def __and__(self, other: "FlowSet") -> "FlowSet":
        return FlowSet(_intersection(self.root, other.root, 0))

    def __sub__(self, other: "FlowSet") -> "FlowSet":
        return FlowSet(_difference(self.root, other.root, 0))

    def __le__(self, other: "FlowSet") -> bool:
        """Subset."""
        return not (self - other)

    def __contains__(self, packet: Packet) -> bool:
        node = self.root
        for value in (
            packet.family,
            packet.protocol,
            packet.destination,
            packet.destination_port,
            packet.source,
            packet.source_port,
        ):
            for values, subtree in node:
                if value in values:
                    node = subtree
                    break
            else:
                return False
        return True

    def boxes(self) -> Iterator[Box]:
        """Disjoint boxes whose union is the set, in canonical order."""
        for axes in _paths(self.root, 0):
            families, protocol, destination, destination_port, source, source_port = axes
            for low, high in families:
                for family in range(low, high + 1):
                    yield Box(
                        Family(family), protocol, source, destination, source_port, destination_port
                    )

    def witness(self) -> Packet | None:
        """One flow of the set, always the same; None when the set is empty."""
        return next((box.witness() for box in self.boxes()), None)

    @property
    def size(self) -> int:
        """How many flows."""
        return sum(box.size for box in self.boxes())


def _paths(node: Node, depth: int) -> Iterator[tuple[IntervalSet, ...]]:
    if depth == _DEPTH:
        yield ()
        return
    for values, subtree in node:
        for below in _paths(subtree, depth + 1):
            yield (values, *below)

"""Exact sets of flows as canonical trees of intervals.

A set is a tree that splits one axis per level (family, protocol, destination,
destination port, source, source port). A node is a tuple of branches
``(values, subtree)`` whose value sets are disjoint and whose subtrees are all different
and not empty; branches stand in order of their lowest value. Merging branches with
equal subtrees makes the tree unique for its set, so equality is equality of tuples.

An operation walks two trees at once (:mod:`callgate.flows.trees`). The cost is that of
the answer's cuts, which is right for policies and reports; whole rule lists are the
business of ``check``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from callgate.flows.axes import Family
from callgate.flows.boxes import Box, Packet
from callgate.flows.trees import Node, chain, difference, intersection, paths, union


@dataclass(frozen=True, slots=True)
class FlowSet:
    """An exact, canonical set of flows; equal if and only if it holds the same flows."""

    root: Node | None = None

    @classmethod
    def of(cls, *boxes: Box) -> "FlowSet":
        """The union of boxes; those with an empty axis add nothing."""
        roots: list[Node | None] = [chain(box.axes) for box in boxes if all(box.axes)]
        # In halves, so that every box takes part in few unions of big trees.
        while len(roots) > 1:
            odd = roots[-1:] if len(roots) % 2 else []
            roots = [
                union(one, two) for one, two in zip(roots[::2], roots[1::2], strict=False)
            ] + odd
        return cls(roots[0] if roots else None)

    @classmethod
    def everything(cls) -> "FlowSet":
        """Every flow of both families."""
        return cls.of(*(Box.everything(family) for family in Family))

    def __bool__(self) -> bool:
        return self.root is not None

    def __or__(self, other: "FlowSet") -> "FlowSet":
        return FlowSet(union(self.root, other.root))

    def __and__(self, other: "FlowSet") -> "FlowSet":
        return FlowSet(intersection(self.root, other.root))

    def __sub__(self, other: "FlowSet") -> "FlowSet":
        return FlowSet(difference(self.root, other.root))

    def __le__(self, other: "FlowSet") -> bool:
        """Subset."""
        return not (self - other)

    def __contains__(self, packet: Packet) -> bool:
        if self.root is None:
            return False
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
        for axes in () if self.root is None else paths(self.root):
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

"""Trees of intervals: what a :class:`~callgate.flows.flowset.FlowSet` is made of.

Theory of operation
-------------------
A set of points with one or more axes is a tree with one axis per level; the empty set is
``None`` and what stands below the last axis is the empty tuple. A binary operation cuts
one axis at every bound of both nodes in one sweep, and asks for each pair of subtrees
that meets what becomes of it:

* where the answer needs no look below (one side is missing, or both are the same), the
  operation's ``settle`` gives it;
* else the pair is walked in turn, once: pairs that meet again are remembered.
"""

from collections.abc import Callable, Iterable, Iterator
from types import EllipsisType
from typing import Final

from callgate.flows.intervals import Interval, IntervalSet

#: Branches of one axis; the tuple is empty only below the last axis.
Node = tuple[tuple[IntervalSet, "Node"], ...]
#: A value where the subtree of one side changes, and to what.
_Bound = tuple[int, bool, Node | None]
_Pair = tuple[Node | None, Node | None]
_Settle = Callable[[Node | None, Node | None], Node | EllipsisType | None]
_Known = dict[tuple[int, int], Node | None]

_LEAF: Final[Node] = ()


def chain(axes: tuple[IntervalSet, ...]) -> Node:
    """The tree of one box: one branch per level."""
    node = _LEAF
    for values in reversed(axes):
        node = ((values, node),)
    return node


def paths(node: Node) -> Iterator[tuple[IntervalSet, ...]]:
    """Every way from the root to the leaf: disjoint boxes, in order."""
    if not node:
        yield ()
    for values, subtree in node:
        for below in paths(subtree):
            yield (values, *below)


def union(one: Node | None, two: Node | None) -> Node | None:
    """The points of either tree."""
    return _combine(one, two, _settle_union, {})


def intersection(one: Node | None, two: Node | None) -> Node | None:
    """The points of both trees."""
    return _combine(one, two, _settle_intersection, {})


def difference(one: Node | None, two: Node | None) -> Node | None:
    """The points of the first tree that are not in the second."""
    return _combine(one, two, _settle_difference, {})


def _settle_union(one: Node | None, two: Node | None) -> Node | EllipsisType | None:
    if one is None:
        return two
    return one if two is None or one == two else ...


def _settle_intersection(one: Node | None, two: Node | None) -> Node | EllipsisType | None:
    if one is None or two is None:
        return None
    return one if one == two else ...


def _settle_difference(one: Node | None, two: Node | None) -> Node | EllipsisType | None:
    if one is None or two is None:
        return one
    return None if one == two else ...


def _combine(one: Node | None, two: Node | None, settle: _Settle, known: _Known) -> Node | None:
    settled = settle(one, two)
    if not isinstance(settled, EllipsisType):
        return settled
    # Identities are safe as keys: both operands live as long as the operation.
    key = (id(one), id(two))
    if key not in known:
        known[key] = _canonical(
            (values, _combine(left, right, settle, known))
            for values, (left, right) in _meetings(one or _LEAF, two or _LEAF)
        )
    return known[key]


def _canonical(branches: Iterable[tuple[IntervalSet, Node | None]]) -> Node | None:
    """Merge branches with equal subtrees and put them in order; None when nothing is left."""
    by_subtree: dict[Node, list[Interval]] = {}
    for values, subtree in branches:
        if subtree is not None:
            by_subtree.setdefault(subtree, []).extend(values)
    merged = [(IntervalSet.of(*values), subtree) for subtree, values in by_subtree.items()]
    merged.sort(key=lambda branch: branch[0].lowest)
    return tuple(merged) or None


def _meetings(one: Node, two: Node) -> Iterator[tuple[IntervalSet, _Pair]]:
    """Which subtrees of both nodes meet, and on what values: one sweep along the axis."""
    found: dict[tuple[int, int], tuple[list[Interval], _Pair]] = {}
    left: Node | None = None
    right: Node | None = None
    start = 0
    for value, is_left, subtree in sorted([*_bounds(one, True), *_bounds(two, False)], key=_value):
        if value > start and (left is not None or right is not None):
            intervals, _ = found.setdefault((id(left), id(right)), ([], (left, right)))
            intervals.append((start, value - 1))
        start = value
        if is_left:
            left = subtree
        else:
            right = subtree
    for intervals, pair in found.values():
        yield IntervalSet.of(*intervals), pair


def _bounds(node: Node, is_left: bool) -> Iterator[_Bound]:
    """Where each branch begins and where it ends; ends come first where both fall together."""
    edges = sorted(
        (low, high, index) for index, (values, _) in enumerate(node) for low, high in values
    )
    for low, high, index in edges:
        yield low, is_left, node[index][1]
        yield high + 1, is_left, None


def _value(bound: _Bound) -> int:
    return bound[0]

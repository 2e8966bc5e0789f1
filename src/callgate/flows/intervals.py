"""Sets of non-negative integers as sorted, disjoint, non-adjacent intervals.

Canonical by construction: two sets are equal if and only if their intervals are.
Bounds are inclusive, as in a firewall rule.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

Interval = tuple[int, int]


def _merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for low, high in sorted(intervals):
        if low > high or low < 0:
            raise ValueError(f"not an interval: {low}-{high}")
        if merged and low <= merged[-1][1] + 1:
            if high > merged[-1][1]:
                merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return tuple(merged)


@dataclass(frozen=True, slots=True)
class IntervalSet:
    """An exact set of integers; ``intervals`` is sorted, disjoint and not adjacent."""

    intervals: tuple[Interval, ...] = ()

    EMPTY: ClassVar["IntervalSet"]

    @classmethod
    def of(cls, *intervals: Interval) -> "IntervalSet":
        """The union of inclusive intervals, in any order; ValueError if one is reversed."""
        return cls(_merge(intervals))

    @classmethod
    def points(cls, values: Iterable[int]) -> "IntervalSet":
        """The set of just these integers."""
        return cls(_merge((value, value) for value in values))

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.intervals)

    def __len__(self) -> int:
        """How many intervals (not how many integers: see :attr:`size`)."""
        return len(self.intervals)

    def __contains__(self, value: int) -> bool:
        # A loop, for most sets have one interval: any() would cost three times as much.
        for low, high in self.intervals:  # noqa: SIM110
            if low <= value <= high:
                return True
        return False

    @property
    def size(self) -> int:
        """How many integers the set holds."""
        return sum(high - low + 1 for low, high in self.intervals)

    @property
    def lowest(self) -> int:
        """The smallest member; IndexError on the empty set."""
        return self.intervals[0][0]

    def __or__(self, other: "IntervalSet") -> "IntervalSet":
        if not other.intervals:
            return self
        return IntervalSet(_merge(self.intervals + other.intervals))

    def __and__(self, other: "IntervalSet") -> "IntervalSet":
        found: list[Interval] = []
        mine, theirs = self.intervals, other.intervals
        i = j = 0
        while i < len(mine) and j < len(theirs):
            low = max(mine[i][0], theirs[j][0])
            high = min(mine[i][1], theirs[j][1])
            if low <= high:
                found.append((low, high))
            if mine[i][1] < theirs[j][1]:
                i += 1
            else:
                j += 1
        return IntervalSet(tuple(found))

    def __sub__(self, other: "IntervalSet") -> "IntervalSet":
        left: list[Interval] = []
        holes = other.intervals
        j = 0
        for low, high in self.intervals:
            start = low
            while j < len(holes) and holes[j][1] < start:
                j += 1
            k = j
            while k < len(holes) and holes[k][0] <= high:
                if holes[k][0] > start:
                    left.append((start, holes[k][0] - 1))
                start = holes[k][1] + 1
                k += 1
            if start <= high:
                left.append((start, high))
        return IntervalSet(tuple(left))

    def __le__(self, other: "IntervalSet") -> bool:
        """Subset."""
        if len(self.intervals) == 1:
            low, high = self.intervals[0]
            for first, last in other.intervals:
                if last >= low:
                    return first <= low and high <= last
            return False
        return not (self - other)


IntervalSet.EMPTY = IntervalSet()

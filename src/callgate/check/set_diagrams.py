"""A set of numbers as a decision diagram over their bits, the highest bit first.

Theory of operation
-------------------
Most sets are one aligned block of numbers, as prefixes and single numbers are: then a bit is
fixed or free. Any other is cut in halves, down to blocks that hold one range of the set. Such
ranges are often alike but for where their block begins, so that each shape is built once.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from callgate.flows import IntervalSet

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region


class SetDiagram:
    """Builds one set of numbers that have as many bits as there are ``variables``."""

    def __init__(
        self, values: IntervalSet, variables: Sequence["Region"], true: "Region", false: "Region"
    ) -> None:
        self._pieces = values.intervals
        self._ends = [high for _, high in self._pieces]
        self._variables = variables
        self._true, self._false = true, false
        self._known: dict[tuple[int, int, int], Region] = {}

    def build(self) -> "Region":
        """The numbers of the set."""
        if len(self._pieces) == 1:
            low, high = self._pieces[0]
            size = high - low + 1
            if size & (size - 1) == 0 and low % size == 0:
                return self._aligned(low, size.bit_length() - 1)
        return self._block(0, 0, 0, len(self._pieces))

    def _aligned(self, low: int, free: int) -> "Region":
        """One block of numbers that begins where its size says; so many low bits are free."""
        region = self._true
        for place in range(free, len(self._variables)):
            variable = self._variables[-1 - place]
            region = (variable if low >> place & 1 else ~variable) & region
        return region

    def _block(self, bit: int, base: int, first: int, stop: int) -> "Region":
        """What some pieces hold of the block of numbers that begins at base."""
        if first == stop:
            return self._false
        size = 1 << (len(self._variables) - bit)
        if stop - first == 1:
            low, high = self._pieces[first]
            return self._range(bit, max(0, low - base), min(size - 1, high - base))
        middle = base + (size >> 1)
        at = bisect_left(self._ends, middle, first, stop)
        in_both = at < stop and self._pieces[at][0] < middle
        upper = self._block(bit + 1, middle, at, stop)
        lower = self._block(bit + 1, base, first, at + in_both)
        return self._variables[bit].ite(upper, lower)

    def _range(self, bit: int, low: int, high: int) -> "Region":
        """One range of a block, wherever the block begins."""
        if low > high:
            return self._false
        size = 1 << (len(self._variables) - bit)
        if high - low + 1 == size:
            return self._true
        key = (bit, low, high)
        if key not in self._known:
            half = size >> 1
            upper = self._range(bit + 1, max(0, low - half), high - half)
            lower = self._range(bit + 1, low, min(high, half - 1))
            self._known[key] = self._variables[bit].ite(upper, lower)
        return self._known[key]

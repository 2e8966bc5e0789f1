"""Which rules meet a question: every rule of a ruleset as a row of numbers (NumPy).

A row holds the lowest and the highest number that a rule's match has on each axis, so a
comparison of columns finds every rule that *may* meet a box of the question, and few
others. It is a filter: what it lets through is decided exactly elsewhere. Of a long IPv6
address the upper 64 bits are enough for that.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from callgate.flows import Box, Family, FlowSet, IntervalSet
from callgate.flows.axes import NAME_BASE, PORT_MAX, PROTOCOL_MAX
from callgate.rules import Addresses, ConnectionState, Match, Rule

Mask = npt.NDArray[np.bool_]
_Column = npt.NDArray[np.uint64]
_TOP: Final = (1 << 64) - 1
_NOTHING: Final = (_TOP, 0)
#: With more boxes than this, the question's hull is compared instead of each of them.
_BOXES = 64
_AXES: Final = ("protocol", "destination_port", "destination", "source", "source_port")


class Columns:
    """The rows of one family, made when that family is first asked about."""

    def __init__(self, rules: Sequence[Rule], family: Family) -> None:
        self.rules = rules
        self.family = family
        self._shift = 64 if family is Family.V6 else 0

    @cached_property
    def _columns(self) -> dict[str, tuple[_Column, _Column]]:
        rows = np.fromiter(
            chain.from_iterable(self._row(rule.match) for rule in self.rules),
            dtype=np.uint64,
            count=len(self.rules) * 2 * len(_AXES),
        ).reshape(len(self.rules), 2 * len(_AXES))
        table = np.ascontiguousarray(rows.T)
        return {axis: (table[2 * n], table[2 * n + 1]) for n, axis in enumerate(_AXES)}

    @cached_property
    def _states(self) -> npt.NDArray[np.uint8]:
        return np.fromiter(
            (
                rule.match.state if rule.enabled and self.family in rule.match.families else 0
                for rule in self.rules
            ),
            dtype=np.uint8,
            count=len(self.rules),
        )

    @cached_property
    def sizes(self) -> npt.NDArray[np.float64]:
        """How much each rule holds, roughly: the logarithm of its hull's size."""
        total = np.zeros(len(self.rules), dtype=np.float64)
        for lows, highs in self._columns.values():
            # In floating point, for the difference of a full column plus one would overflow.
            total += np.log2(np.maximum(highs.astype(np.float64) - lows, 0.0) + 1.0)
        return total

    def meeting(self, flows: FlowSet, states: ConnectionState) -> Mask:
        """Which rules may meet one of the flows in one of the states."""
        boxes = [box for box in flows.boxes() if box.family is self.family]
        some = np.zeros(len(self.rules), dtype=np.bool_)
        for limits in self._limits(boxes):
            some |= self._meeting_box(limits)
        some &= (self._states & np.uint8(states)) != 0
        return some

    def _limits(self, boxes: list[Box]) -> Iterator[dict[str, tuple[int, int]]]:
        """Lowest and highest number on each axis, by box or of all boxes together."""
        groups: Iterable[list[Box]] = [[box] for box in boxes]
        if len(boxes) > _BOXES:
            groups = [boxes]
        for group in groups:
            yield {axis: self._hull(axis, group) for axis in _AXES}

    def _hull(self, axis: str, boxes: list[Box]) -> tuple[int, int]:
        values = [getattr(box, axis).intervals for box in boxes]
        low = min(pieces[0][0] for pieces in values)
        high = max(pieces[-1][1] for pieces in values)
        if axis == "destination" and high >= NAME_BASE:
            # Any list of addresses may be where a name leads to.
            return 0, _TOP
        return self._short(axis, low), self._short(axis, high)

    def _meeting_box(self, limits: dict[str, tuple[int, int]]) -> Mask:
        found: Mask | None = None
        for axis, (low, high) in limits.items():
            lows, highs = self._columns[axis]
            meets = (lows <= np.uint64(high)) & (highs >= np.uint64(low))
            found = meets if found is None else found & meets
        assert found is not None  # noqa: S101 - there are five axes
        return found

    def _short(self, axis: str, value: int) -> int:
        return value >> self._shift if axis in {"source", "destination"} else value

    def _row(self, match: Match) -> tuple[int, ...]:
        return (
            *_ends(match.protocol, PROTOCOL_MAX),
            *_ends(match.destination_port, PORT_MAX),
            *self._address_ends(match.destination),
            *self._address_ends(match.source),
            *_ends(match.source_port, PORT_MAX),
        )

    def _address_ends(self, addresses: Addresses | None) -> tuple[int, int]:
        if addresses is None or addresses.names:
            return 0, _TOP
        values = addresses.v4 if self.family is Family.V4 else addresses.v6
        if not values:
            return _NOTHING
        low, high = _ends(values, 0)
        return low >> self._shift, high >> self._shift


def _ends(values: IntervalSet | None, top: int) -> tuple[int, int]:
    """Lowest and highest number; of the empty set two that no range lies between."""
    if values is None:
        return 0, top
    pieces = values.intervals
    return (pieces[0][0], pieces[-1][1]) if pieces else _NOTHING

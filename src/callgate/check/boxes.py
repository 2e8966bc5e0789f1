"""The second engine: rules as boxes of cells in NumPy arrays.

Theory of operation
-------------------
On each axis the bounds of all rules cut the numbers into *cells* that no rule can tell
apart. Cells are numbered, so a 128-bit address is a small number too, and a rule is a
box: a first and a last cell on each axis (several boxes if its sets have holes).

One primitive carries everything: what is left of a box without the union of others? It is
asked for the first piece (is the box covered, and if not, where is a point outside?) or for
all of them. It cuts the largest overlap out of the box and goes on with what
remains, the biggest piece first; when a piece meets no box any more, there is the point.
Two short cuts come before: one box may cover another alone, and of a box that is not
covered one of a few fixed sample points is mostly free.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import prod
from typing import Final

import numpy as np
import numpy.typing as npt

from callgate.check.limits import Meter
from callgate.flows import IntervalSet

Cells = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.intp]
#: A box by its first and its last cell on each axis.
Piece = tuple[Cells, Cells]
#: The first and the last cell on one axis.
_Range = tuple[int, int]
#: Fractions whose multiples spread evenly: square roots of primes, one for each axis.
_SPREAD: Final = np.sqrt(np.array([2, 3, 5, 7, 11, 13, 17, 19], dtype=np.float64)) % 1.0
_SAMPLES: Final = 4
#: More boxes than this take a rule too long to judge.
_PER_RULE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Outside:
    """What covering a box came to: a point outside, or None; and which boxes were used."""

    point: Cells | None
    used: tuple[int, ...]


class Boxes:
    """Boxes by axis and number: first and last cells, and the rule that each belongs to."""

    def __init__(self, sets: Sequence[tuple[IntervalSet, ...]], most: int) -> None:
        """Number the cells of these sets, one tuple of axes per rule.

        ``most`` bounds the boxes: rules that would exceed it (or :data:`_PER_RULE` alone)
        are in :attr:`coarse` and have one box, their hull.
        """
        axes = list(zip(*sets, strict=True))
        self.bounds = [_bounds(values) for values in axes]
        ranked = [_ranked(values, bounds) for values, bounds in zip(axes, self.bounds, strict=True)]
        self.coarse: set[int] = set()
        boxes: list[tuple[_Range, ...]] = []
        owners: list[int] = []
        for number, rule in enumerate(zip(*ranked, strict=True)):
            count = prod(map(len, rule))
            if not count:
                continue
            if count > 1 and (count > _PER_RULE or len(owners) + count > most):
                self.coarse.add(number)
                boxes.append(tuple((ranges[0][0], ranges[-1][1]) for ranges in rule))
                owners.append(number)
            else:
                boxes += product(*rule)
                owners += [number] * count
        self.owners: Numbers = np.array(owners, dtype=np.intp)
        ends = np.fromiter(chain.from_iterable(chain.from_iterable(boxes)), dtype=np.int32)
        ends = ends.reshape(len(owners), len(self.bounds), 2)
        self.lows: Cells = ends[:, :, 0].T.copy()
        self.highs: Cells = ends[:, :, 1].T.copy()

    def values(self, point: Cells) -> tuple[int, ...]:
        """The lowest number of each cell of a point."""
        return tuple(bounds[cell] for bounds, cell in zip(self.bounds, point.tolist(), strict=True))

    def meeting(self, low: Cells, high: Cells, stop: int) -> Numbers:
        """The boxes before ``stop`` that meet a box: a look at all, for a question or two.

        Who asks for every rule needs an index (:mod:`callgate.check.box_index`).
        """
        meets = (self.lows[:, :stop] <= high[:, None]) & (self.highs[:, :stop] >= low[:, None])
        return np.flatnonzero(meets.all(axis=0))

    def outside(self, low: Cells, high: Cells, among: Numbers, meter: Meter) -> Outside:
        """A point of a box that is in none of the others; the meter bounds the work."""
        used: list[int] = []
        piece = next(self.remains(low, high, among, meter, used), None)
        if piece is not None:
            return Outside(piece[0], ())
        return Outside(None, tuple(dict.fromkeys(used)))

    def remains(
        self, low: Cells, high: Cells, among: Numbers, meter: Meter, used: list[int]
    ) -> Iterator[Piece]:
        """What is left of a box without the others, as disjoint boxes.

        ``used`` collects the numbers of those that took something away.
        """
        lows, highs = self.lows[:, among], self.highs[:, among]
        stack = [(low, high, np.arange(among.size))]
        while stack:
            low, high, near = stack.pop()
            meter.step()
            starts = np.maximum(lows[:, near], low[:, None])
            ends = np.minimum(highs[:, near], high[:, None])
            sizes = np.multiply.reduce(np.maximum(ends - starts + 1, 0), axis=0, dtype=np.float64)
            if not sizes.any():
                yield low, high
                continue
            biggest = int(sizes.argmax())
            used.append(int(among[near[biggest]]))
            near = near[sizes > 0]
            stack += [
                (*piece, near)
                for piece in _without(low, high, starts[:, biggest], ends[:, biggest])
            ]


def samples(low: Cells, high: Cells) -> Iterator[Cells]:
    """A few points of a box, always the same ones."""
    width = (high - low + 1).astype(np.float64)
    yield low
    yield high
    for turn in range(1, _SAMPLES):
        yield low + (_SPREAD[: low.size] * turn % 1.0 * width).astype(np.int32)


def _bounds(values: Sequence[IntervalSet]) -> list[int]:
    """Where cells begin on one axis: at each interval, and behind it."""
    seen: set[int] = set()
    for each in {id(value): value for value in values}.values():
        for low, high in each:
            seen.add(low)
            seen.add(high + 1)
    return sorted(seen)


def _ranked(values: Sequence[IntervalSet], bounds: list[int]) -> list[tuple[_Range, ...]]:
    """Each set of one axis as its ranges of cells; the same object is looked up once."""
    ranks = {value: rank for rank, value in enumerate(bounds)}
    known = {
        key: tuple((ranks[low], ranks[high + 1] - 1) for low, high in value)
        for key, value in {id(value): value for value in values}.items()
    }
    return [known[id(value)] for value in values]


def _without(low: Cells, high: Cells, start: Cells, end: Cells) -> list[Piece]:
    """A box less another box inside it, as disjoint boxes, the biggest one last."""
    pieces: list[Piece] = []
    low, high = low.copy(), high.copy()
    for axis in range(low.size):
        if low[axis] < start[axis]:
            below = high.copy()
            below[axis] = start[axis] - 1
            pieces.append((low.copy(), below))
            low[axis] = start[axis]
        if high[axis] > end[axis]:
            above = low.copy()
            above[axis] = end[axis] + 1
            pieces.append((above, high.copy()))
            high[axis] = end[axis]
    return sorted(pieces, key=lambda piece: float(np.prod(piece[1] - piece[0] + 1.0)))

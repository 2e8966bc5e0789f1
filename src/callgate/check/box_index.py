"""An index of boxes by bits: which of very many meet, cover or hold a box.

Theory of operation
-------------------
Each axis is cut into at most :data:`_BUCKETS` buckets of cells. For each bucket there are
two rows with a bit for every box: whether it starts in this bucket or an earlier one, and
whether it ends in this one or a later one. One row of each kind for each axis, and the row
of the boxes that were added, are combined word by word, 64 boxes at once. A bucket may be
more than one cell, so the few boxes that are left are compared once more, exactly.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from callgate.check.boxes import Boxes, Cells, Numbers

_WORD: Final = 64
_BUCKETS: Final = 256
_Words = npt.NDArray[np.uint64]


class BoxIndex:
    """Finds, among the boxes that were added, those that lie as wanted."""

    def __init__(self, boxes: Boxes) -> None:
        """Index all boxes; none of them is added yet."""
        sizes = [max(1, len(bounds) - 1) for bounds in boxes.bounds]
        # An axis of one cell tells no boxes apart.
        self._axes = np.array([axis for axis, size in enumerate(sizes) if size > 1], dtype=np.intp)
        self._widths = np.array([-(-sizes[axis] // _BUCKETS) for axis in self._axes], np.int32)
        lows, highs = boxes.lows[self._axes], boxes.highs[self._axes]
        #: A row for each box; with the highs negated one comparison is enough.
        self._ends = np.concatenate((lows, -highs)).T.copy()
        words = -(-boxes.owners.size // _WORD)
        rows = [np.zeros((1, words), dtype=np.uint64)]
        places = [1]
        for cells, later in ((lows, True), (highs, False)):
            for axis, width in enumerate(self._widths.tolist()):
                buckets = -(-sizes[self._axes[axis]] // width)
                rows.append(_rows(cells[axis] // width, buckets, words, later=later))
                places.append(places[-1] + buckets)
        self._table: _Words = np.concatenate(rows)
        self._places = np.array([0, *places[:-1]], dtype=np.intp)
        #: The first row, byte by byte.
        self._added = self._table[0].view(np.uint8)

    def add(self, number: int) -> None:
        """Let a box be found from now on."""
        self._added[number >> 3] |= 1 << (number & 7)

    def add_all(self) -> None:
        """Let every box be found."""
        every = np.packbits(np.ones(len(self._ends), dtype=np.bool_), bitorder="little")
        self._added[: every.size] = every

    def select(self, starting: Cells, ending: Cells) -> Numbers:
        """The added boxes that start no later and end no earlier on every axis, in order.

        From a box's high to its low these are the boxes that meet it, from its low to its
        high those that cover it, and from a point to itself those that hold it.
        """
        start, end = starting[self._axes], ending[self._axes]
        at = self._places.copy()
        half = start.size + 1
        at[1:half] += start // self._widths
        at[half:] += end // self._widths
        found = _numbers(np.bitwise_and.reduce(self._table.take(at, axis=0), axis=0))
        if not found.size:
            return found
        fits = self._ends.take(found, axis=0) <= np.concatenate((start, -end))
        selected: Numbers = found[fits.all(axis=1)]
        return selected


def _rows(own: Cells, buckets: int, words: int, *, later: bool) -> _Words:
    """A row for each bucket: the boxes whose own one is no later, or else no earlier."""
    each = np.arange(buckets)[:, None]
    packed = np.packbits(own <= each if later else own >= each, axis=1, bitorder="little")
    rows = np.zeros((buckets, words * 8), dtype=np.uint8)
    rows[:, : packed.shape[1]] = packed
    return rows.view(np.uint64)


def _numbers(words: _Words) -> Numbers:
    """The numbers of the bits that are set."""
    (some,) = words.nonzero()
    if not some.size:
        return some
    (places,) = np.unpackbits(words[some].view(np.uint8), bitorder="little").nonzero()
    numbers: Numbers = (some[places >> 6] << 6) + (places & 63)
    return numbers

"""The index of boxes says what a look at every box says."""

import numpy as np
import pytest

from callgate.check.box_index import BoxIndex
from callgate.check.boxes import Boxes
from callgate.flows import IntervalSet

SPACE = ((0, 70_000), (0, 5), (7, 7))


def _boxes(count, seed):
    """Boxes on a long axis (buckets of several cells), on a short one, and on one of a cell."""
    source = np.random.default_rng(seed)
    sets = [tuple(IntervalSet.of(axis) for axis in SPACE)]
    for _ in range(count):
        low, high = sorted(source.integers(0, 70_001, 2).tolist())
        first, last = sorted(source.integers(0, 6, 2).tolist())
        sets.append(
            (IntervalSet.of((low, high)), IntervalSet.of((first, last)), IntervalSet.of((7, 7)))
        )
    return Boxes(sets, most=10_000)


def _looked_at(boxes, numbers, starting, ending):
    return [
        number
        for number in numbers
        if all(boxes.lows[:, number] <= starting) and all(boxes.highs[:, number] >= ending)
    ]


@pytest.mark.parametrize("count", [0, 1, 62, 63, 64, 700])
def test_every_question_finds_what_a_look_at_all_finds(count):
    boxes = _boxes(count, seed=count)
    index = BoxIndex(boxes)
    added = list(range(0, count + 1, 2))
    for number in added:
        index.add(number)
    for number in range(count + 1):
        low, high = boxes.lows[:, number], boxes.highs[:, number]
        for starting, ending in ((high, low), (low, high), (low, low), (high, high)):
            expected = _looked_at(boxes, added, starting, ending)
            assert index.select(starting, ending).tolist() == expected


def test_nothing_is_found_before_it_is_added():
    boxes = _boxes(100, seed=1)
    low, high = boxes.lows[:, 0], boxes.highs[:, 0]
    index = BoxIndex(boxes)
    assert index.select(high, low).size == 0
    index.add_all()
    assert index.select(high, low).tolist() == list(range(101))


def test_a_list_without_boxes_has_nothing_to_find():
    index = BoxIndex(Boxes([(IntervalSet.EMPTY, IntervalSet.EMPTY)], most=10))
    index.add_all()
    nowhere = np.zeros(2, dtype=np.int32)
    assert index.select(nowhere, nowhere).size == 0

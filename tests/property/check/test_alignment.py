"""Alignment of two lists: what is left when the differing stretches are cut out is equal."""

import time

from hypothesis import given
from hypothesis import strategies as st

from callgate.check.alignment import stretches


def without(some, ends):
    left, start = [], 0
    for low, high in ends:
        assert start <= low <= high <= len(some)
        left += some[start:low]
        start = high
    return left + some[start:]


def both_ways(one, other):
    found = list(stretches(one, other))
    assert all(low < high or bottom < top for (low, high), (bottom, top) in found)
    left = without(one, [mine for mine, _ in found])
    assert left == without(other, [theirs for _, theirs in found])
    return left


NUMBERS = st.lists(st.integers(0, 12), max_size=25)


@given(NUMBERS, NUMBERS)
def test_what_is_left_is_the_same(one, other):
    both_ways(one, other)


@given(NUMBERS)
def test_equal_lists_have_no_differing_stretch(some):
    assert not list(stretches(some, list(some)))


@given(st.lists(st.integers(0, 999), unique=True, min_size=1), st.data())
def test_one_element_moved_is_all_that_differs(some, data):
    moved = list(some)
    taken = moved.pop(data.draw(st.integers(0, len(some) - 1)))
    moved.insert(data.draw(st.integers(0, len(moved))), taken)
    assert len(both_ways(some, moved)) >= len(some) - 1


def test_long_lists_take_little_time():
    old = list(range(100_000))
    new = [-number if number % 10_000 == 5 else number for number in old]
    start = time.process_time()
    assert len(both_ways(old, new)) == 99_990
    assert time.process_time() - start < 5


def test_a_long_gap_is_taken_as_different_altogether():
    assert list(stretches([1] * 3_000, [1] * 2_999)) == [((0, 3_000), (0, 2_999))]

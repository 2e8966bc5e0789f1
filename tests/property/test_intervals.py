"""IntervalSet against Python's own sets."""

from hypothesis import given
from hypothesis import strategies as st

from callgate.flows import IntervalSet

TOP = 24
pairs = st.tuples(st.integers(0, TOP), st.integers(0, TOP)).map(lambda p: (min(p), max(p)))
lists = st.lists(pairs, max_size=6)


def numbers(intervals):
    return {value for low, high in intervals for value in range(low, high + 1)}


@given(lists)
def test_of_holds_the_numbers_and_is_canonical(some):
    made = IntervalSet.of(*some)
    assert numbers(made) == numbers(some)
    assert made == IntervalSet.points(numbers(some))
    assert all(
        left[1] + 1 < right[0]
        for left, right in zip(made.intervals, made.intervals[1:], strict=False)
    )


@given(lists, lists)
def test_operators(one, two):
    a, b = IntervalSet.of(*one), IntervalSet.of(*two)
    assert a | b == IntervalSet.points(numbers(one) | numbers(two))
    assert a & b == IntervalSet.points(numbers(one) & numbers(two))
    assert a - b == IntervalSet.points(numbers(one) - numbers(two))
    assert (a <= b) == (numbers(one) <= numbers(two))


@given(lists)
def test_questions(some):
    made, expected = IntervalSet.of(*some), numbers(some)
    assert made.size == len(expected)
    assert bool(made) == bool(expected)
    assert [value in made for value in range(TOP + 2)] == [v in expected for v in range(TOP + 2)]
    if expected:
        assert made.lowest == min(expected)

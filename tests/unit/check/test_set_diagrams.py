"""A diagram of a set holds its numbers and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oxidd.bcdd import BCDDManager

from callgate.check.set_diagrams import SetDiagram
from callgate.flows import IntervalSet

BITS = 8
LAST = (1 << BITS) - 1


@pytest.fixture(scope="module")
def numbers():
    """Build a diagram of a set, and read it back number by number."""
    manager = BCDDManager(1 << 16, 1 << 12, 1)
    manager.add_vars(BITS)
    variables = [manager.var(bit) for bit in range(BITS)]

    def held(values):
        region = SetDiagram(values, variables, manager.true(), manager.false()).build()
        return {
            number
            for number in range(LAST + 1)
            if region.eval((bit, number >> (BITS - 1 - bit) & 1 == 1) for bit in range(BITS))
        }

    return held


@given(values=st.sets(st.integers(0, LAST)))
def test_any_set(numbers, values):
    assert numbers(IntervalSet.points(values)) == values


@pytest.mark.parametrize(
    ("low", "high"), [(0, LAST), (0, 0), (LAST, LAST), (64, 127), (63, 127), (64, 128), (127, 128)]
)
def test_one_range(numbers, low, high):
    assert numbers(IntervalSet.of((low, high))) == set(range(low, high + 1))


def test_ranges_of_the_same_shape_in_many_blocks(numbers):
    values = IntervalSet(tuple((base + 3, base + 9) for base in range(0, LAST, 16)))
    assert numbers(values) == {n for n in range(LAST + 1) if 3 <= n % 16 <= 9}

import pytest

from callgate.flows import IntervalSet


@pytest.mark.parametrize("interval", [(3, 2), (-1, 2)])
def test_what_is_no_interval_is_refused(interval):
    with pytest.raises(ValueError, match="not an interval"):
        IntervalSet.of(interval)


def test_the_empty_set_has_no_lowest_member():
    with pytest.raises(IndexError):
        _ = IntervalSet.EMPTY.lowest


def test_length_counts_intervals_and_size_counts_members():
    made = IntervalSet.of((1, 3), (5, 9))
    assert (len(made), made.size) == (2, 8)

from itertools import pairwise

import pytest

from callgate.quality import Buffer, play


def test_a_steady_stream_is_played_a_margin_late():
    found = play([30.0] * 50)
    assert found is not None
    assert set(found.depths) == {50.0}
    assert not any(found.concealed)


def test_a_lost_frame_is_concealed_and_changes_nothing_else():
    found = play([30.0] * 10 + [None] + [30.0] * 10)
    assert found is not None
    assert [n for n, gone in enumerate(found.concealed) if gone] == [10]
    assert found.concealment.count == 1
    assert found.runs.longest == 1
    assert set(found.depths) == {50.0}


def test_a_frame_later_than_the_depth_is_concealed():
    found = play([30.0] * 10 + [51.0] + [30.0] * 10)
    assert found is not None
    assert found.concealed.index(True) == 10
    assert found.concealment.count == 1


def test_the_depth_rises_by_a_tenth_of_a_frame_at_most():
    # From the eleventh frame on, everything takes 100 ms more.
    found = play([30.0] * 10 + [130.0] * 200)
    assert found is not None
    assert max(b - a for a, b in pairwise(found.depths)) == pytest.approx(2.0)
    # The first late packet comes at 330 ms, when the fifteenth frame would be played.
    assert set(found.depths[:14]) == {50.0}
    assert found.depths[14] == pytest.approx(52.0)
    # Once all that is remembered took 130 ms: 20 ms above the smallest.
    assert found.depths[-1] == pytest.approx(150.0)
    assert not any(found.concealed[60:])


def test_the_depth_falls_again():
    found = play([130.0] * 100 + [30.0] * 300)
    assert found is not None
    assert found.depths[-1] == pytest.approx(50.0)
    assert min(b - a for a, b in pairwise(found.depths)) == pytest.approx(-2.0)


def test_what_is_lost_at_first_is_concealed():
    found = play([None, None, 30.0, 30.0])
    assert found is not None
    assert found.concealed == (True, True, False, False)


def test_nothing_came():
    assert play([None] * 5) is None
    assert play([]) is None


def test_a_smaller_quantile_conceals_more():
    delays = [30.0, 30.0, 30.0, 90.0] * 100
    strict, lax = (play(delays, Buffer(percent=percent)) for percent in (95, 50))
    assert strict is not None
    assert lax is not None
    assert strict.concealment.share < 0.1 < 0.2 < lax.concealment.share

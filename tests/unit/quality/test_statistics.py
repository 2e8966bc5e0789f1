import pytest

from callgate.quality import (
    MedianInterval,
    Proportion,
    Runs,
    describe,
    interarrival_jitter,
    late_or_lost,
    median_interval,
    percentile,
    runs_of,
)


def test_a_percentile_is_one_of_the_values():
    # The example of RFC 2330 section 11.3.
    sample = [-2, 7, 7, 4, 18, -5]
    assert [percentile(sample, percent) for percent in (50, 25, 100)] == [4, -2, 18]


def test_a_rank_that_is_whole_is_not_rounded_up():
    assert percentile(range(1, 21), 95) == 19
    assert percentile(range(1, 101), 95) == 95


@pytest.mark.parametrize("percent", [0, -1, 100.5])
def test_no_percentile(percent):
    with pytest.raises(ValueError, match="no percentile"):
        percentile([1], percent)


def test_nothing_has_no_percentile():
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(count, total, low, high):
    assert Proportion(count, total).interval() == pytest.approx((low, high), abs=5e-5)


def test_more_confidence_is_a_wider_interval():
    (low, high), (lower, higher) = (Proportion(3, 100).interval(c) for c in (0.9, 0.99))
    assert lower < low < 0.03 < high < higher


@pytest.mark.parametrize(("count", "total"), [(0, 0), (2, 1), (-1, 4)])
def test_no_share(count, total):
    with pytest.raises(ValueError, match="no share"):
        Proportion(count, total)


def test_the_interval_of_a_median():
    # Tables of the sign test: 6 values 0.969, 9 values without the outer ones 0.961.
    assert median_interval([5, 1, 2, 3, 4, 6]) == MedianInterval(1, 6, 0.96875)
    nine = median_interval(range(9))
    assert (nine.low, nine.high) == (1, 7)
    assert nine.coverage == pytest.approx(0.9609, abs=5e-5)


def test_too_few_values_say_how_little_they_prove():
    assert median_interval([3, 1, 2]) == MedianInterval(1, 3, 0.75)
    assert median_interval([3]) == MedianInterval(3, 3, 0.0)
    with pytest.raises(ValueError, match="nothing"):
        median_interval([])


def test_jitter_moves_by_a_sixteenth():
    assert interarrival_jitter([10, 26]) == 1.0
    assert interarrival_jitter([10, 26, 26]) == 0.9375
    assert interarrival_jitter([7]) == 0


def test_runs_of_losses():
    assert runs_of([False, True, True, False, True, False]) == Runs(2, 1.5, 2, 0.75)
    assert runs_of([False, False]) == Runs(0, 0.0, 0, 1.0)
    assert runs_of([True, True]) == Runs(1, 2.0, 2, 1.0)


def test_independent_losses_have_ratio_one():
    # 2 % lost in runs of 1 / 0.98 on average: 49 single ones and one pair in 51 + 2499.
    lost = [True, True, *([False] * 49), *([True, *[False] * 49] * 49)]
    assert runs_of(lost).burst_ratio == pytest.approx(1.0, abs=0.001)


def test_a_stream_in_numbers():
    found = describe([10.0, None, None, 12.0, 10.0])
    assert found is not None
    assert (found.p50, found.p95, found.p99) == (10.0, 12.0, 12.0)
    assert found.lost == Proportion(2, 5)
    assert found.runs == Runs(1, 2.0, 2, 1.2)
    assert found.jitter == interarrival_jitter([10.0, 12.0, 10.0])


def test_a_stream_of_which_nothing_came():
    assert describe([None, None]) is None
    assert describe([]) is None


def test_late_is_after_the_limit():
    assert late_or_lost([150.0, 150.1, None, 20.0], 150) == Proportion(2, 4)

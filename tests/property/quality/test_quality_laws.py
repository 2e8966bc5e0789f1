import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.quality import (
    CODECS,
    Buffer,
    Proportion,
    describe,
    fullband,
    late_or_lost,
    median_interval,
    mos,
    narrowband,
    percentile,
    play,
    runs_of,
)
from callgate.quality.codecs import Scale

MILLISECONDS = st.floats(0, 1e4, allow_subnormal=False)
#: Below 1 ms the Recommendation sets the echo to nothing, and there R jumps up by 0.06.
AUDIBLE = st.floats(1, 1e4)
SHARE = st.floats(0, 1)
STREAMS = st.lists(st.none() | MILLISECONDS, max_size=120)


def rate(name, delay, loss, burst_ratio=1.0):
    codec = CODECS[name]
    model = narrowband if codec.scale is Scale.NARROWBAND else fullband
    return model(codec, delay, loss, burst_ratio)


@pytest.mark.parametrize("name", CODECS)
@given(st.tuples(AUDIBLE, AUDIBLE).map(sorted), SHARE, st.floats(1, 5))
def test_more_delay_is_never_better(name, delays, loss, ratio):
    short, long = (rate(name, delay, loss, ratio) for delay in delays)
    # Is has a term in exp(-T/4) that is smaller than this.
    assert long.r <= short.r + 1e-6
    assert long.mos <= short.mos + 1e-6


@pytest.mark.parametrize("name", CODECS)
@given(MILLISECONDS, st.tuples(SHARE, SHARE).map(sorted), st.floats(1, 5))
def test_more_loss_is_never_better(name, delay, losses, ratio):
    few, many = (rate(name, delay, loss, ratio) for loss in losses)
    assert many.r <= few.r
    assert many.mos <= few.mos


@pytest.mark.parametrize("name", CODECS)
@given(MILLISECONDS, SHARE, st.tuples(st.floats(1, 5), st.floats(1, 5)).map(sorted))
def test_longer_bursts_are_never_better(name, delay, loss, ratios):
    single, bursts = (rate(name, delay, loss, ratio) for ratio in ratios)
    assert bursts.r <= single.r


@given(st.floats(-200, 200), st.floats(-200, 200))
def test_mos_is_in_order_and_on_its_scale(one, other):
    assert 1 <= mos(one) <= 4.5
    assert (one <= other) <= (mos(one) <= mos(other))


@given(st.lists(MILLISECONDS, min_size=1), st.integers(1, 1000))
def test_percentiles_are_numpys_of_the_empirical_distribution(values, tenths):
    expected = np.percentile(values, tenths / 10, method="inverted_cdf")
    found = percentile(values, tenths / 10)
    # At a whole rank the two may differ by how they round; the neighbours are right then.
    assert found in values
    if tenths * len(values) % 1000:
        assert found == expected


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_encloses_the_share_and_is_symmetric(counts):
    count, total = counts
    low, high = Proportion(count, total).interval()
    assert 0 <= low <= count / total <= high <= 1
    mirrored = Proportion(total - count, total).interval()
    assert mirrored == pytest.approx((1 - high, 1 - low))


@given(st.lists(MILLISECONDS, min_size=1, max_size=60))
def test_the_interval_encloses_the_median(values):
    found = median_interval(values)
    assert found.low <= percentile(values, 50) <= found.high
    if len(values) >= 6:
        assert found.coverage >= 0.95


@given(st.lists(st.booleans(), min_size=1))
def test_runs_add_up(lost):
    found = runs_of(lost)
    assert found.count * found.mean == pytest.approx(sum(lost))
    assert found.longest <= sum(lost)


@given(STREAMS)
def test_percentiles_are_in_order_and_every_packet_counts(delays):
    found = describe(delays)
    if found is None:
        assert all(delay is None for delay in delays)
        return
    assert found.p50 <= found.p95 <= found.p99
    assert found.lost.count == delays.count(None)
    assert found.lost.total == len(delays)


@given(STREAMS.filter(len), st.tuples(MILLISECONDS, MILLISECONDS).map(sorted))
def test_a_longer_limit_is_never_missed_more_often(delays, limits):
    tight, loose = (late_or_lost(delays, limit) for limit in limits)
    assert loose.count <= tight.count
    assert loose.count >= delays.count(None)


@given(STREAMS, st.floats(0, 60), st.floats(0, 0.5))
def test_the_buffer_keeps_its_promises(delays, margin, stretch):
    buffer = Buffer(margin=margin, stretch=stretch, window=10)
    found = play(delays, buffer)
    if found is None:
        return
    assert len(found.depths) == len(found.concealed) == len(delays)
    for delay, depth, gone in zip(delays, found.depths, found.concealed, strict=True):
        assert gone == (delay is None or delay > depth)
    step = stretch * buffer.interval + 1e-6
    for before, after in zip(found.depths, found.depths[1:], strict=False):
        assert abs(after - before) <= step


@given(st.lists(MILLISECONDS, min_size=2, max_size=60), MILLISECONDS)
def test_a_constant_more_on_the_way_conceals_nothing_more(delays, extra):
    # In whole milliseconds: a rounded sum may fall on the other side of a depth.
    whole = [float(round(delay)) for delay in delays]
    near, far = play(whole), play([delay + round(extra) for delay in whole])
    assert near is not None
    assert far is not None
    assert near.concealed == far.concealed

"""What the words of an impairment promise, measured on very many packets at no cost."""

from itertools import groupby, pairwise
from math import sqrt
from statistics import fmean

import pytest

from callgate.netns.departures import Departures, Drop
from callgate.netns.impairment import Impairment

MS = 10**6
MANY = 100_000
SPACING = MS


def decisions(impairment, count=MANY, spacing=SPACING, size=200, stream="there"):
    link = Departures(impairment, stream)
    return [link.decide(number * spacing, size) for number in range(count)]


def lost(impairment, **options):
    return [each is Drop.LOSS for each in decisions(impairment, **options)]


def bursts(pattern):
    return [sum(1 for _ in run) for bad, run in groupby(pattern) if bad]


@pytest.mark.parametrize("loss", [0.1, 1, 3, 5, 50])
@pytest.mark.parametrize("seed", range(3))
def test_loss_is_as_configured(loss, seed):
    share = loss / 100
    measured = fmean(lost(Impairment(loss=loss, seed=seed)))
    assert abs(measured - share) < 4 * sqrt(share * (1 - share) / MANY)


@pytest.mark.parametrize(("loss", "burst"), [(3, 3), (5, 2), (20, 10), (50, 1), (10, 1.5)])
def test_bursts_have_their_mean_length_and_lose_no_more_than_configured(loss, burst):
    pattern = lost(Impairment(loss=loss, burst=burst, seed=1))
    runs = bursts(pattern)
    # A geometric length varies by sqrt(b(b-1)); a share of a bursty process by about 2b times
    # the variance of single losses.
    assert abs(fmean(runs) - burst) <= 4 * sqrt(burst * (burst - 1) / len(runs))
    share = loss / 100
    assert abs(fmean(pattern) - share) < 4 * sqrt(2 * burst * share * (1 - share) / MANY)


def test_without_bursts_losses_are_independent():
    runs = bursts(lost(Impairment(loss=20, seed=1)))
    assert fmean(runs) == pytest.approx(1 / 0.8, rel=0.03)


def test_all_or_nothing():
    assert all(lost(Impairment(loss=100), count=1000))
    assert not any(lost(Impairment(), count=1000))


def test_the_same_seed_decides_the_same_and_another_one_does_not():
    one = Impairment(delay=9 * MS, jitter=3 * MS, loss=3, reorder=2, seed=7)
    other = Impairment(delay=9 * MS, jitter=3 * MS, loss=3, reorder=2, seed=8)
    assert decisions(one, 1000) == decisions(one, 1000) != decisions(other, 1000)


def test_the_packets_lost_do_not_depend_on_the_delay_and_differ_between_directions():
    plain = lost(Impairment(loss=3, seed=7))
    assert plain == lost(Impairment(delay=9 * MS, jitter=9 * MS, loss=3, reorder=50, seed=7))
    assert plain != lost(Impairment(loss=3, seed=7), stream="back")


def test_delay_is_exact_and_jitter_even():
    assert decisions(Impairment(delay=20 * MS), 3) == [20 * MS, 21 * MS, 22 * MS]
    apart = 100 * MS
    found = decisions(Impairment(delay=20 * MS, jitter=5 * MS), 10_000, spacing=apart)
    delays = [each - number * apart for number, each in enumerate(found)]
    assert 15 * MS <= min(delays) < 15.01 * MS
    assert 24.99 * MS < max(delays) <= 25 * MS
    assert fmean(delays) == pytest.approx(20 * MS, rel=0.01)


def test_a_rate_is_exact_to_the_nanosecond_however_long_it_runs():
    # 1,000 bits per 3 ns-odd share: none of the single times is a whole number.
    link = Departures(Impairment(rate=7_000_003, queue=60 * 10**9), "there")
    for _ in range(30_000):
        last = link.decide(0, 125)
    assert last == 30_000 * 1000 * 10**9 // 7_000_003


def test_a_slow_link_that_was_idle_starts_afresh():
    link = Departures(Impairment(rate=8_000_000), "there")
    assert [link.decide(now, 1000) for now in (0, 0, 10 * MS)] == [1 * MS, 2 * MS, 11 * MS]


def test_the_queue_of_a_slow_link_has_an_end():
    link = Departures(Impairment(rate=8_000_000, queue=5 * MS), "there")
    found = [link.decide(0, 1000) for _ in range(10)]
    assert found == [*(number * MS for number in range(1, 7)), *[Drop.QUEUE] * 4]
    assert link.decide(MS, 1000) == 7 * MS


def test_some_packets_overtake_if_asked_for():
    found = decisions(Impairment(delay=20 * MS, reorder=10, seed=1), 10_000)
    early = [number for number, each in enumerate(found) if each == number * SPACING]
    assert len(early) / 10_000 == pytest.approx(0.1, abs=0.012)
    assert sum(1 for one, two in pairwise(found) if two < one) > 500


def test_a_change_holds_from_the_next_packet_and_nothing_overtakes():
    link = Departures(Impairment(delay=20 * MS), "there")
    assert link.decide(0, 100) == 20 * MS
    link.change(Impairment(delay=5 * MS))
    assert link.decide(MS, 100) == 20 * MS
    assert link.decide(30 * MS, 100) == 35 * MS
    link.change(Impairment(loss=100))
    assert link.decide(31 * MS, 100) is Drop.LOSS

"""The raw numbers of a stream of packets."""

from collections.abc import Sequence
from dataclasses import dataclass

from callgate.quality.jitter import interarrival_jitter
from callgate.quality.percentiles import percentile_sorted
from callgate.quality.proportions import Proportion
from callgate.quality.runs import Runs, runs_of

#: Milliseconds that each packet took, in the order of sending; None for a lost one.
Delays = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Stream:
    """Percentiles of the delay of those packets that came, in ms; jitter; loss.

    A lost packet has no delay and is in ``lost`` only (RFC 7680), so percentiles alone
    do not tell a good stream from a bad one.
    """

    p50: float
    p95: float
    p99: float
    jitter: float
    lost: Proportion
    runs: Runs


def describe(delays: Delays) -> Stream | None:
    """The numbers; None when no packet came.

    Jitter takes packets in the order of sending, which is that of arrival unless the
    network reorders.
    """
    arrived = [delay for delay in delays if delay is not None]
    if not arrived:
        return None
    ordered = sorted(arrived)
    p50, p95, p99 = (percentile_sorted(ordered, percent) for percent in (50, 95, 99))
    return Stream(
        p50=p50,
        p95=p95,
        p99=p99,
        jitter=interarrival_jitter(arrived),
        lost=Proportion(len(delays) - len(arrived), len(delays)),
        runs=runs_of(delay is None for delay in delays),
    )


def late_or_lost(delays: Delays, limit: float) -> Proportion:
    """Packets that never came or took longer than ``limit`` ms; ValueError without packets."""
    gone = sum(delay is None or delay > limit for delay in delays)
    return Proportion(gone, len(delays))

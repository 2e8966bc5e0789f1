"""Percentiles of delays in one direction (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from callgate.quality import percentile


@dataclass(frozen=True, slots=True)
class Delays:
    """Percentiles of one-way delays, in milliseconds."""

    p50: float
    p95: float
    p99: float


def delays(seconds: Sequence[float]) -> Delays | None:
    """The percentiles by nearest rank; None for no values, or for negative ones.

    A negative delay means that the two ends do not share a clock, so none of them counts.
    """
    if not seconds or min(seconds) < 0:
        return None
    return Delays(*(round(percentile(seconds, percent) * 1000, 2) for percent in (50, 95, 99)))

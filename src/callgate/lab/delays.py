"""Percentiles of delays (pure)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


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
    ordered = sorted(seconds)
    if not ordered or ordered[0] < 0:
        return None
    return Delays(*(round(percentile(ordered, share) * 1000, 2) for share in (0.5, 0.95, 0.99)))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest of the ordered values that this share of them does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]

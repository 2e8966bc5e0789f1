"""Percentiles by the empirical distribution (RFC 2330 section 11.3)."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least ``percent`` of them do not exceed.

    It is always a value that was measured; nothing is interpolated. ``percent`` is above 0
    and at most 100. ValueError without values.
    """
    return percentile_sorted(sorted(values), percent)


def percentile_sorted(ordered: Sequence[float], percent: float) -> float:
    """As :func:`percentile`, of values that are in order already."""
    if not ordered:
        raise ValueError("nothing was measured")
    if not 0 < percent <= 100:
        raise ValueError(f"{percent} is no percentile")
    # The product first: 95 / 100 * 20 is more than 19 in binary, and would round up.
    return ordered[math.ceil(percent * len(ordered) / 100) - 1]

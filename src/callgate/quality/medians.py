"""An interval for a median that assumes nothing about the distribution.

The smallest and largest values that k of n measurements leave out on each side enclose the
median with a probability that follows from tossing a coin n times (H. A. David and H. N.
Nagaraja, "Order Statistics", section 7.1). The measurements must be independent of each
other; parts of one call are, as far as they are longer than what a loss disturbs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MedianInterval:
    """From ``low`` to ``high``, which holds the median with probability ``coverage``."""

    low: float
    high: float
    coverage: float


def median_interval(values: Sequence[float], confidence: float = 0.95) -> MedianInterval:
    """The narrowest such interval of at least this confidence.

    When the values are too few for it, their whole range, with the coverage that it has:
    three values give 0.75, six are the fewest for 0.95. ValueError without values.
    """
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    best = 0
    while _coverage(len(ordered), best + 1) >= confidence:
        best += 1
    return MedianInterval(ordered[best], ordered[-1 - best], _coverage(len(ordered), best))


def _coverage(count: int, left_out: int) -> float:
    """With ``left_out`` values beyond the interval on each side."""
    missed = sum(math.comb(count, below) for below in range(left_out + 1))
    return max(0.0, 1 - 2 * missed / math.pow(2, count))

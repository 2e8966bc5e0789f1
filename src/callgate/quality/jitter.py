"""Interarrival jitter (RFC 3550 section 6.4.1, appendix A.8)."""

from collections.abc import Iterable
from itertools import pairwise


def interarrival_jitter(delays: Iterable[float]) -> float:
    """The running estimate after the last packet, in the unit of the delays.

    ``delays`` of the packets that came, in the order in which they came. 0 for fewer
    than two.
    """
    estimate = 0.0
    for one, other in pairwise(delays):
        estimate += (abs(other - one) - estimate) / 16
    return estimate

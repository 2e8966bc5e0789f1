"""The shape of losses: how many in a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Runs:
    """Lost packets in a row: how many such runs, their mean and greatest length.

    ``burst_ratio`` is BurstR of ITU-T G.107: the mean length over the one that independent
    losses of the same share would have. It is 1 when nothing or everything was lost.
    """

    count: int
    mean: float
    longest: int
    burst_ratio: float


def runs_of(lost: Iterable[bool]) -> Runs:
    """The runs among packets in the order of sending; True for each lost one."""
    groups = [(gone, len(list(group))) for gone, group in groupby(lost)]
    lengths = [length for gone, length in groups if gone]
    total = sum(length for _, length in groups)
    if not lengths:
        return Runs(0, 0.0, 0, 1.0)
    mean = sum(lengths) / len(lengths)
    kept = 1 - sum(lengths) / total
    # Independent losses of share p come in runs of 1 / (1 - p).
    return Runs(len(lengths), mean, max(lengths), mean * kept if kept else 1.0)

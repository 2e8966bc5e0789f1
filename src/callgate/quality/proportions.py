"""A share of packets, and how far it may be off: Wilson's score interval.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA
22 (1927); recommended by Brown, Cai and DasGupta, "Interval estimation for a binomial
proportion", Statistical Science 16 (2001), for it keeps its promise near 0 too. It takes
packets as independent: where losses come in bursts the true interval is wider.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Proportion:
    """``count`` of ``total``. ValueError unless 0 <= count <= total and total > 0."""

    count: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.total or not self.total:
            raise ValueError(f"{self.count} of {self.total} is no share")

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.count / self.total

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """The two-sided interval, from 0 to 1."""
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        n, p = self.total, self.share
        spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        middle, scale = p + z * z / (2 * n), 1 + z * z / n
        low = (middle - spread) / scale if self.count else 0.0
        high = (middle + spread) / scale if self.count < n else 1.0
        return max(0.0, low), min(1.0, high)

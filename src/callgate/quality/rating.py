"""What an E-model says: R, the MOS that follows from it, and what went in."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that went into a rating, and where it comes from."""

    name: str
    value: float
    unit: str
    source: str

    def __str__(self) -> str:
        """``Bpl 25.1 (ITU-T G.113 …)``."""
        return f"{self.name} {self.value:.4g}{self.unit} ({self.source})"


@dataclass(frozen=True, slots=True)
class Rating:
    """R on the model's own scale, and the mean opinion score that it predicts (1 to 4.5).

    A MOS of one model must not be compared with one of another.
    """

    model: str
    r: float
    mos: float
    parameters: tuple[Parameter, ...]


def mos(r: float) -> float:
    """The mean opinion score for a rating R from 0 to 100 (ITU-T G.107, annex B).

    Below R = 6.5 the polynomial falls under 1, the worst score there is; 1 is given then.
    """
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def measured(parameters: Iterable[tuple[str, float, str]]) -> tuple[Parameter, ...]:
    """What was measured, as parameters: name, value, unit."""
    return tuple(Parameter(name, value, unit, "measured") for name, value, unit in parameters)

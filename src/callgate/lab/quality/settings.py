"""What is to be measured, and how: what two runs must agree in to be one (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from callgate.lab.quality.cells import BURST, Cell
from callgate.lab.quality.traffic import STREAMS
from callgate.netns.congestion import USUAL


class Task(NamedTuple):
    """One run to be made; repetitions count from 1."""

    cell: Cell
    repetition: int
    seed: int


@dataclass(frozen=True, slots=True)
class Settings:
    """``seconds`` of media in each run; the seed of the first repetition; ``kernel`` release."""

    cells: tuple[Cell, ...]
    seconds: int
    seed: int
    repeat: int
    kernel: str

    def tasks(self) -> Iterator[Task]:
        """All runs; every cell once before any is repeated.

        All cells of a repetition have the same seed, so that they lose the same packets, by
        number on the link.
        """
        for repetition in range(1, self.repeat + 1):
            for cell in self.cells:
                yield Task(cell, repetition, self.seed + repetition - 1)

    def as_json(self) -> dict[str, Any]:
        """All that decides the outcome, as plain data."""
        return {
            "seconds": self.seconds,
            "seed": self.seed,
            "repeat": self.repeat,
            "congestion": USUAL,
            "kernel": self.kernel,
            "burst": BURST,
            "streams": {
                each.name: {
                    "per_second": each.per_second,
                    "bytes": each.size,
                    "limit_ms": each.limit,
                }
                for each in STREAMS
            },
            "cells": [cell.name for cell in self.cells],
        }


#: Length and repetitions unless told otherwise: a look, and a measurement.
QUICK: Final = (15, 1)
FULL: Final = (15, 3)

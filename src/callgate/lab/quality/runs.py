"""One cell, run once: the raw delays and what the machine did to them (pure)."""

from dataclasses import dataclass

from callgate.lab.quality.cells import Cell
from callgate.lab.quality.health import Health


@dataclass(frozen=True, slots=True)
class Run:
    """``delays`` in ms of each packet of each stream, None for a lost one.

    ``dropped`` are those of the lost ones that the client itself dropped, because TCP took
    no more; ``lost`` the packets of the link that it lost, towards the relay and back.
    """

    cell: Cell
    repetition: int
    seed: int
    delays: tuple[tuple[float | None, ...], ...]
    dropped: tuple[int, ...]
    lost: tuple[int, int]
    health: Health

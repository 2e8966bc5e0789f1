"""What Callgate's lab measured of a path, to stand beside what the vendor says of it."""

from collections.abc import Iterable
from typing import Any

from callgate.lab.quality.figures import Figures
from callgate.lab.quality.plain import as_json
from callgate.lab.quality.published import published

#: Where the measurement is described, and the link that is quoted: a bad one, not the worst.
SOURCE = "docs/quality.md"
_LOAD, _RTT, _LOSS = "av", 40, 3


def measured(paths: Iterable[str]) -> Figures | None:
    """The figures of the first path, the one that a call takes; None if it was not measured."""
    path = next(iter(paths), None)
    for figures in published().figures:
        cell = figures.cell
        quoted = (cell.load, cell.rtt, cell.loss, cell.bursts) == (_LOAD, _RTT, _LOSS, False)
        if quoted and cell.path == path:
            return figures
    return None


def sentence(figures: Figures) -> str:
    """The measurement in a sentence that says whose it is."""
    cell, audio = figures.cell, figures.audio
    within = "none of it arrived" if audio.p95 is None else f"95 % within {audio.p95:.0f} ms"
    return (
        f"Measured by Callgate's lab ({SOURCE}): audio beside video by {cell.path}, {cell.rtt} ms "
        f"round trip, {cell.loss} % loss: {within} one way, {audio.late.share:.1%} late or lost."
    )


def quoted(figures: Figures | None) -> dict[str, Any] | None:
    """The measurement as plain data with its source."""
    return None if figures is None else {"source": SOURCE, **as_json(figures)}

"""Figures as plain data, for JSON, and back again (pure)."""

from typing import Any

from callgate.lab.quality.cells import named
from callgate.lab.quality.figures import Figures, StreamFigures
from callgate.quality import MedianInterval, Proportion


def as_json(figures: Figures) -> dict[str, Any]:
    """One cell; times in ms, shares from 0 to 1 with Wilson's interval of 95 %."""
    cell = figures.cell
    return {
        "cell": cell.name,
        "path": cell.path,
        "traffic": cell.load,
        "rtt_ms": cell.rtt,
        "loss_percent": cell.loss,
        "bursts": cell.bursts,
        "runs": figures.runs,
        "audio": _stream(figures.audio),
        "video": None if figures.video is None else _stream(figures.video),
        "concealed": _share(figures.concealed),
        "mouth_to_ear_ms": figures.ear,
        "burst_ratio": figures.burst_ratio,
        "mos": {"g711-plc": figures.mos_g711, "opus-40k": figures.mos_opus},
        "disturbed": figures.disturbed,
    }


def from_json(found: dict[str, Any]) -> Figures:
    """What :func:`as_json` made; KeyError or TypeError for anything else."""
    return Figures(
        cell=named([found["cell"]])[0],
        runs=found["runs"],
        audio=_stream_of(found["audio"]),
        video=None if found["video"] is None else _stream_of(found["video"]),
        concealed=_proportion(found["concealed"]),
        ear=found["mouth_to_ear_ms"],
        burst_ratio=found["burst_ratio"],
        mos_g711=found["mos"]["g711-plc"],
        mos_opus=found["mos"]["opus-40k"],
        disturbed=found["disturbed"],
    )


def _stream(figures: StreamFigures) -> dict[str, Any]:
    interval = figures.interval
    return {
        "p50_ms": figures.p50,
        "p95_ms": figures.p95,
        "p99_ms": figures.p99,
        "jitter_ms": figures.jitter,
        "part_p95_ms": None
        if interval is None
        else {"low": interval.low, "high": interval.high, "coverage": interval.coverage},
        "lost": _share(figures.lost),
        "dropped_by_client": figures.dropped,
        "late_or_lost": _share(figures.late),
    }


def _stream_of(found: dict[str, Any]) -> StreamFigures:
    interval = found["part_p95_ms"]
    return StreamFigures(
        p50=found["p50_ms"],
        p95=found["p95_ms"],
        p99=found["p99_ms"],
        jitter=found["jitter_ms"],
        interval=None if interval is None else MedianInterval(**interval),
        lost=_proportion(found["lost"]),
        dropped=found["dropped_by_client"],
        late=_proportion(found["late_or_lost"]),
    )


def _share(share: Proportion) -> dict[str, Any]:
    low, high = share.interval()
    return {
        "count": share.count,
        "total": share.total,
        "share": round(share.share, 5),
        "low": round(low, 5),
        "high": round(high, 5),
    }


def _proportion(found: dict[str, Any]) -> Proportion:
    return Proportion(found["count"], found["total"])

"""What is shown of a cell: raw numbers first, models beside them (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from callgate.lab.quality.cells import Cell
from callgate.lab.quality.runs import Run
from callgate.lab.quality.traffic import AUDIO, Stream
from callgate.quality import (
    CODECS,
    Delays,
    MedianInterval,
    Playout,
    Proportion,
    Rating,
    describe,
    fullband,
    late_or_lost,
    median_interval,
    narrowband,
    percentile,
    play,
    runs_of,
)

#: Seconds of a part: long against what one loss disturbs, so that parts are independent.
PART: Final = 5
#: Milliseconds that the speaker's side needs to fill a packet.
PACKETIZATION: Final = 1000 / AUDIO.per_second
#: The codecs that the models rate; their packets are of the audio stream's kind.
NARROWBAND, FULLBAND = CODECS["g711-plc"], CODECS["opus-40k"]


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """One stream of a cell over all its runs; delays of the packets that came, in ms.

    ``dropped`` are those of the lost ones that never left the client. ``interval`` is for
    the 95th percentile of a part of :data:`PART` seconds, None for one part alone.
    Percentiles are None when no packet came.
    """

    p50: float | None
    p95: float | None
    p99: float | None
    jitter: float | None
    interval: MedianInterval | None
    lost: Proportion
    dropped: int
    late: Proportion


@dataclass(frozen=True, slots=True)
class Figures:
    """A cell in figures.

    ``concealed`` frames of the jitter buffer's model, ``ear`` the mouth-to-ear delay in ms
    that it comes to, ``burst_ratio`` the shape of the concealment. ``disturbed`` is the share
    of packets that the machine itself sent on late, in the worst run.
    """

    cell: Cell
    runs: int
    audio: StreamFigures
    video: StreamFigures | None
    concealed: Proportion
    ear: float | None
    burst_ratio: float
    mos_g711: float
    mos_opus: float
    disturbed: float

    def ratings(self) -> tuple[Rating, Rating]:
        """G.711 by the narrowband model and Opus by the fullband one, with parameters."""
        return _ratings(self.ear, self.concealed.share, self.burst_ratio)


def figures(runs: Sequence[Run]) -> Figures:
    """The figures of one cell from all its runs; IndexError without any."""
    cell = runs[0].cell
    streams = [_stream(each, n, runs) for n, each in enumerate(cell.streams)]
    played = [play(run.delays[0]) for run in runs]
    gone = [frame for run, each in zip(runs, played, strict=True) for frame in _gone(run, each)]
    depths = [depth for each in played if each is not None for depth in each.depths]
    ear = percentile(depths, 50) + PACKETIZATION if depths else None
    concealed, ratio = Proportion(sum(gone), len(gone)), runs_of(gone).burst_ratio
    g711, opus = _ratings(ear, concealed.share, ratio)
    return Figures(
        cell=cell,
        runs=len(runs),
        audio=streams[0],
        video=streams[1] if len(streams) > 1 else None,
        concealed=concealed,
        ear=None if ear is None else round(ear, 1),
        burst_ratio=round(ratio, 3),
        mos_g711=round(g711.mos, 2),
        mos_opus=round(opus.mos, 2),
        disturbed=round(max(run.health.link_late for run in runs), 5),
    )


def _gone(run: Run, played: Playout | None) -> Sequence[bool]:
    return [True] * len(run.delays[0]) if played is None else played.concealed


def _ratings(ear: float | None, lost: float, ratio: float) -> tuple[Rating, Rating]:
    delay = ear or 0.0
    return narrowband(NARROWBAND, delay, lost, ratio), fullband(FULLBAND, delay, lost, ratio)


def _stream(stream: Stream, number: int, runs: Sequence[Run]) -> StreamFigures:
    delays = [delay for run in runs for delay in run.delays[number]]
    found = describe(delays)
    parts = [p95 for run in runs for p95 in _parts(run.delays[number], stream.count(PART))]
    lost = Proportion(delays.count(None), len(delays))
    return StreamFigures(
        p50=None if found is None else found.p50,
        p95=None if found is None else found.p95,
        p99=None if found is None else found.p99,
        jitter=None if found is None else round(found.jitter, 2),
        interval=median_interval(parts) if len(parts) > 1 else None,
        lost=lost,
        dropped=sum(run.dropped[number] for run in runs),
        late=late_or_lost(delays, stream.limit),
    )


def _parts(delays: Delays, size: int) -> Iterator[float]:
    """The 95th percentile of each whole part in which something came."""
    for start in range(0, len(delays) - size + 1, size):
        came = [delay for delay in delays[start : start + size] if delay is not None]
        if came:
            yield percentile(came, 95)

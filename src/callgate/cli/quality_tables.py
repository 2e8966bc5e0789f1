"""The measured quality of paths as a table, and what must stand beside it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from callgate.lab.quality.cells import BURST
from callgate.lab.quality.figures import PART, Figures, StreamFigures
from callgate.lab.quality.health import DISTURBING
from callgate.lab.quality.traffic import AUDIO, VIDEO
from callgate.quality import CODECS, Buffer, Proportion, Rating
from callgate.report.tables import Table

_HEADERS = (
    "Call, RTT, loss",
    "Path",
    "Audio p50 / p95 / p99 (ms)",
    "Audio late or lost",
    "Audio concealed",
    "Video p95 (ms)",
    "Video late or lost",
    "MOS G.711 / Opus",
)
_LOADS = {"audio": "audio", "av": "audio, video"}
_STREAM_COLUMNS = (
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "jitter_ms",
    "part_p95_low_ms",
    "part_p95_high_ms",
    "lost",
    "dropped_by_client",
    "late_or_lost",
    "late_or_lost_low",
    "late_or_lost_high",
)
_CSV_HEADERS = (
    "cell",
    "path",
    "traffic",
    "rtt_ms",
    "loss_percent",
    "bursts",
    "runs",
    *(f"{stream}_{name}" for stream in ("audio", "video") for name in _STREAM_COLUMNS),
    "concealed",
    "concealed_low",
    "concealed_high",
    "mouth_to_ear_ms",
    "burst_ratio",
    "mos_g711",
    "mos_opus",
    "disturbed",
)


def table(found: Sequence[Figures]) -> Table:
    """One row for each cell, raw numbers first."""
    return Table(_HEADERS, tuple(_row(each) for each in found))


def flat(found: Sequence[Figures]) -> Table:
    """The same as one number in each cell, for CSV."""
    return Table(_CSV_HEADERS, tuple(tuple(map(_plain, _numbers(each))) for each in found))


def beside(settings: dict[str, Any], found: Sequence[Figures]) -> list[str]:
    """How it was measured, what the numbers mean, and the parameters of the models."""
    audio = [each.audio for each in found]
    pace, video = _stream(settings, AUDIO.name), _stream(settings, VIDEO.name)
    lines = [
        _settings(settings),
        (
            f"Traffic: audio {pace}; video {video}. It does not adapt, and nothing is repaired but "
            "by TCP itself."
        ),
        (
            "Delay: one way, from the client's sending to the media server's kernel, by the one "
            "monotonic clock of the machine; percentiles of the packets that came (RFC 2330)."
        ),
        f"In brackets: {_parts(audio)}for shares Wilson's interval of 95 %.",
        (
            f"Late: audio over {AUDIO.limit:g} ms, video over {VIDEO.limit:g} ms one way; lost "
            "includes what the client dropped because TCP took no more."
        ),
        f"Concealed: by the model of a jitter buffer {_buffer(Buffer())}.",
        _disturbed(max((each.disturbed for each in found), default=0.0)),
    ]
    return lines + _models(found)


def _settings(settings: dict[str, Any]) -> str:
    first, repeat = settings["seed"], settings["repeat"]
    last = first + repeat - 1
    seeds = f"seed {first}" if repeat == 1 else f"seeds {first} to {last}"
    return (
        f"Measured by Callgate's lab: {repeat} × {settings['seconds']} s each, {seeds}, TCP with "
        f"{settings['congestion']}, bursts of {BURST} packets on average, Linux "
        f"{settings['kernel']}."
    )


def _stream(settings: dict[str, Any], name: str) -> str:
    stream = settings["streams"][name]
    return f"{stream['per_second']} packets a second of {stream['bytes']} bytes"


def _parts(streams: Iterable[StreamFigures]) -> str:
    found = [each.interval.coverage for each in streams if each.interval is not None]
    if not found:
        return ""
    return (
        f"for p95 what holds the median over parts of {PART} s with {min(found):.0%} confidence; "
    )


def _disturbed(share: float) -> str:
    text = f"The machine itself sent at most {share:.1%} of the packets of a run on late"
    return f"{text}: p99 is an upper bound." if share > DISTURBING else f"{text}."


def _buffer(buffer: Buffer) -> str:
    return (
        f"(aims at the {buffer.percent:g}th percentile of the last {buffer.window} packets, at "
        f"least {buffer.margin:g} ms above the fastest, stretches speech by {buffer.stretch:.0%} "
        "at most)"
    )


def _models(found: Sequence[Figures]) -> list[str]:
    """The models with those parameters that are not measured."""
    lines = dict.fromkeys(_model(rating) for each in found for rating in each.ratings())
    standing = [f"{name}: {CODECS[name].standing}." for name in ("g711-plc", "opus-40k")]
    return [f"MOS: {line}." for line in lines] + standing


def _model(rating: Rating) -> str:
    given = [str(each) for each in rating.parameters if each.source != "measured"]
    return f"{rating.model} with {', '.join(given)}"


def _row(figures: Figures) -> tuple[str, ...]:
    cell, audio, video = figures.cell, figures.audio, figures.video
    return (
        f"{_LOADS[cell.load]}\n{cell.rtt} ms, {cell.loss} %{' in bursts' if cell.bursts else ''}",
        cell.path,
        f"{_ms(audio.p50)} / {_ms(audio.p95)} / {_ms(audio.p99)}{_interval(audio)}",
        _percent(audio.late),
        _percent(figures.concealed),
        "" if video is None else f"{_ms(video.p95)}{_interval(video)}",
        "" if video is None else _percent(video.late),
        f"{figures.mos_g711:.2f} / {figures.mos_opus:.2f}",
    )


def _interval(stream: StreamFigures) -> str:
    interval = stream.interval
    return "" if interval is None else f"\n({_ms(interval.low)}–{_ms(interval.high)})"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _percent(share: Proportion) -> str:
    low, high = share.interval()
    return f"{share.share:.1%}\n({100 * low:.1f}–{100 * high:.1f})"


def _numbers(figures: Figures) -> Iterator[object]:
    cell = figures.cell
    yield from (cell.name, cell.path, cell.load, cell.rtt, cell.loss, cell.bursts, figures.runs)
    for stream in (figures.audio, figures.video):
        yield from [None] * len(_STREAM_COLUMNS) if stream is None else _stream_numbers(stream)
    yield from (figures.concealed.share, *figures.concealed.interval())
    yield from (figures.ear, figures.burst_ratio, figures.mos_g711, figures.mos_opus)
    yield figures.disturbed


def _stream_numbers(stream: StreamFigures) -> Iterator[object]:
    interval = stream.interval
    yield from (stream.p50, stream.p95, stream.p99, stream.jitter)
    yield from (None, None) if interval is None else (interval.low, interval.high)
    yield from (stream.lost.share, stream.dropped, stream.late.share, *stream.late.interval())


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)

"""The measured quality of paths as charts: delay and late or lost audio over loss."""

from collections.abc import Callable, Iterator, Sequence

from callgate.lab.quality.cells import LOADS, LOSSES, RELAYS, RTTS
from callgate.lab.quality.figures import Figures
from callgate.report.charts import Axis, Mark, Row, Series, chart, percents, powers
from callgate.report.pictures import Picture

TITLE = "What the relay's protocol does to audio under loss"
_COLOURS = {"udp": "#1b6ca8", "tcp": "#c7522a", "tls": "#7a4988"}
_DASH = (4, 3)
_HEADS = {"audio": "audio only", "av": "audio and video"}


def plot(found: Sequence[Figures]) -> Picture:
    """The charts of all cells; one column for each traffic and round trip that occurs."""
    columns = list(_columns(found))
    across = Axis("packet loss each way", 0, max(LOSSES), LOSSES, " %")
    delays = [figures.audio.p95 for figures in found if figures.audio.p95 is not None]
    late = [100 * figures.audio.late.share for figures in found]
    return chart(
        TITLE,
        [f"{_HEADS[load]}, {rtt} ms round trip" for load, rtt, _ in columns],
        across,
        [
            Row(
                powers("one-way delay, 95th percentile", " ms", delays, 10),
                tuple(tuple(_series(column, _delay)) for _, _, column in columns),
            ),
            Row(
                percents("audio late (over 150 ms) or lost", late),
                tuple(tuple(_series(column, _late)) for _, _, column in columns),
            ),
        ],
    )


def _columns(found: Sequence[Figures]) -> Iterator[tuple[str, int, list[Figures]]]:
    for load in LOADS:
        for rtt in RTTS:
            column = [each for each in found if (each.cell.load, each.cell.rtt) == (load, rtt)]
            if column:
                yield load, rtt, column


def _series(column: list[Figures], mark: Callable[[Figures], Mark | None]) -> Iterator[Series]:
    """One for each relay and shape of loss; without loss there is nothing to be in bursts."""
    for relay, path in RELAYS.items():
        for bursts, dash in ((False, None), (True, _DASH)):
            of_shape = [
                each
                for each in column
                if each.cell.relay == relay and (each.cell.bursts == bursts or not each.cell.loss)
            ]
            marks = [found for each in of_shape if (found := mark(each)) is not None]
            if any(each.cell.bursts == bursts for each in of_shape):
                name = f"{path}, losses in bursts" if bursts else path
                ordered = tuple(sorted(marks, key=lambda found: found.x))
                yield Series(name, _COLOURS[relay], ordered, dash)


def _delay(figures: Figures) -> Mark | None:
    audio, interval = figures.audio, figures.audio.interval
    if audio.p95 is None:
        return None
    around = None if interval is None else (interval.low, interval.high)
    return Mark(figures.cell.loss, audio.p95, around)


def _late(figures: Figures) -> Mark | None:
    share = figures.audio.late
    low, high = share.interval()
    return Mark(figures.cell.loss, 100 * share.share, (100 * low, 100 * high))

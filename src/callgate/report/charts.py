"""Small charts in a grid: one row for each quantity, one column for each condition."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from callgate.report.pictures import SIZE, Dot, Line, Picture, Point, Shape, Words

_WIDE, _HIGH = 190, 150
_LEFT, _RIGHT, _TOP = 70, 20, 56
_ACROSS, _DOWN = 34, 62
#: Space of an entry in the legend: its line, and each letter.
_ENTRY, _LETTER = 46, 6
_NARROWEST: Final = 480
_GRID, _INK = "#dddddd", "#555555"


@dataclass(frozen=True, slots=True)
class Mark:
    """A measured point, with the interval of its value if there is one."""

    x: float
    y: float
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points joined by a line; series of one name share its entry in the legend."""

    name: str
    colour: str
    marks: tuple[Mark, ...]
    dash: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of an axis: evenly spaced ones or, if ``log``, powers of ten from ``low``."""

    label: str
    low: float
    high: float
    ticks: tuple[float, ...]
    unit: str = ""
    log: bool = False

    def share(self, value: float) -> float:
        """Where a value is between both ends, from 0 to 1; what is outside is at the end."""
        value = min(max(value, self.low), self.high)
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def powers(label: str, unit: str, values: Sequence[float], low: float) -> Axis:
    """A logarithmic axis from ``low``, a power of ten, to the first one above all values."""
    high = low * 10
    while high < max(values, default=0):
        high *= 10
    count = round(math.log10(high / low))
    return Axis(label, low, high, tuple(low * 10**n for n in range(count + 1)), unit, log=True)


def percents(label: str, values: Sequence[float]) -> Axis:
    """An axis of percentages from 0 to a multiple of ten above all values, in few steps."""
    high = max(10, math.ceil(max(values, default=0) / 10) * 10)
    step = next(step for step in (2, 5, 10, 20) if high / step <= 5)
    high = math.ceil(high / step) * step
    return Axis(label, 0, high, tuple(range(0, high + 1, step)), " %")


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity: its axis, and the series of each column."""

    axis: Axis
    columns: tuple[tuple[Series, ...], ...]


def chart(title: str, headings: Sequence[str], across: Axis, rows: Sequence[Row]) -> Picture:
    """Draw rows of charts below headings, with one legend; a row's axis stands at its left."""
    width = max(_NARROWEST, _LEFT + len(headings) * (_WIDE + _ACROSS) - _ACROSS + _RIGHT)
    bottom = _TOP + len(rows) * (_HIGH + _DOWN)
    shapes: list[Shape] = [Words((_LEFT, 16), title, bold=True)]
    for down, row in enumerate(rows):
        for right, series in enumerate(row.columns):
            corner = (_LEFT + right * (_WIDE + _ACROSS), _TOP + down * (_HIGH + _DOWN))
            heading = headings[right] if down == 0 else ""
            shapes += _frame(corner, heading, across, row.axis, labelled=right == 0)
            for each in series:
                shapes += _curve(corner, across, row.axis, each)
    entries = {each.name: each for row in rows for column in row.columns for each in column}
    legend, end = _legend(list(entries.values()), width - _RIGHT, bottom)
    return Picture(width, end, title, (*shapes, *legend))


def _frame(corner: Point, heading: str, across: Axis, up: Axis, *, labelled: bool) -> list[Shape]:
    left, top = corner
    bottom, right = top + _HIGH, left + _WIDE
    shapes: list[Shape] = []
    for tick in up.ticks:
        y = bottom - up.share(tick) * _HIGH
        shapes.append(Line(((left, y), (right, y)), _GRID))
        if labelled:
            shapes.append(Words((left - 5, y + 4), f"{tick:,g}{up.unit}", "end", _INK))
    for tick in across.ticks:
        x = left + across.share(tick) * _WIDE
        shapes.append(Words((x, bottom + 14), f"{tick:g}{across.unit}", "middle", _INK))
    shapes.append(Line(((left, bottom), (right, bottom)), _INK))
    shapes.append(Words((left + _WIDE / 2, bottom + 27), across.label, "middle", _INK))
    # Above the chart and not along it: no turned letters.
    said = [text for text in (heading, up.label if labelled else "") if text]
    for line, text in enumerate(reversed(said)):
        bold = text == heading
        shapes.append(Words((left, top - 6 - line * (SIZE + 2)), text, bold=bold, colour=_INK))
    return shapes


def _curve(corner: Point, across: Axis, up: Axis, series: Series) -> Iterator[Shape]:
    def at(x: float, y: float) -> Point:
        return corner[0] + across.share(x) * _WIDE, corner[1] + _HIGH - up.share(y) * _HIGH

    for mark in series.marks:
        if mark.interval is not None:
            ends = tuple(at(mark.x, value) for value in mark.interval)
            yield Line(ends, series.colour, 0.8)
    points = tuple(at(mark.x, mark.y) for mark in series.marks)
    if len(points) > 1:
        yield Line(points, series.colour, 1.6, series.dash)
    for point in points:
        yield Dot(point, series.colour)


def _legend(series: Sequence[Series], right: float, top: float) -> tuple[list[Shape], int]:
    """The names below the charts, in as many lines as they need; and where the last one ends."""
    shapes: list[Shape] = []
    x, y = float(_LEFT), top
    for each in series:
        room = _ENTRY + _LETTER * len(each.name)
        if x + room > right and x > _LEFT:
            x, y = float(_LEFT), y + SIZE + 6
        shapes.append(Line(((x, y - 4), (x + 24, y - 4)), each.colour, 1.6, each.dash))
        shapes.append(Words((x + 29, y), each.name))
        x += room
    return shapes, round(y) + 12

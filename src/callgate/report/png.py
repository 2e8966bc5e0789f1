"""A picture as PNG, drawn by Pillow (the extra ``plot``).

Pillow is imported when a PNG is asked for. It is small beside a plotting library, its
licence (MIT-CMU) asks for nothing, and it brings a font of its own, so the same picture
comes out on every machine.
"""

import importlib.util
import io
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Final

from callgate.errors import ToolError, installing
from callgate.report.pictures import SIZE, Dot, Line, Picture, Point, Shape, Words

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

#: Drawn larger by this factor and made smaller, for smooth edges; and the size in the end.
_SMOOTH: Final = 3
_SCALE: Final = 2
_ANCHORS: Final = {"start": "ls", "middle": "ms", "end": "rs"}


def require_pillow() -> None:
    """ToolError with what to install where Pillow is missing."""
    if importlib.util.find_spec("PIL") is None:
        raise ToolError(
            "a PNG needs the Python package Pillow, which is not installed",
            hint=f"{installing('plot')}, or ask for an SVG",
        )


def png(picture: Picture) -> bytes:
    """The picture as a PNG file, twice as large as it says."""
    require_pillow()
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - an extra

    factor = _SMOOTH * _SCALE
    canvas = Image.new("RGB", (picture.width * factor, picture.height * factor), "#ffffff")
    pen = _Pen(ImageDraw.Draw(canvas), ImageFont.load_default(SIZE * factor), factor)
    for shape in picture.shapes:
        pen.draw(shape)
    final = canvas.resize((picture.width * _SCALE, picture.height * _SCALE), Image.Resampling.BOX)
    out = io.BytesIO()
    final.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Pen:
    def __init__(
        self,
        draw: "ImageDraw.ImageDraw",
        font: "ImageFont.FreeTypeFont | ImageFont.ImageFont",
        factor: int,
    ) -> None:
        self._draw, self._font, self._factor = draw, font, factor

    def draw(self, shape: Shape) -> None:
        match shape:
            case Line(points, colour, width, dash):
                for part in _dashed(points, dash) if dash else [points]:
                    thick = max(1, round(width * self._factor))
                    self._draw.line(self._scaled(part), fill=colour, width=thick, joint="curve")
            case Dot((x, y), colour, radius):
                corners = ((x - radius, y - radius), (x + radius, y + radius))
                self._draw.ellipse(self._scaled(corners), fill=colour)
            case Words(at, text, anchor, colour, bold):
                (place,) = self._scaled((at,))
                stroke = self._factor // 4 if bold else 0
                self._draw.text(
                    place,
                    text,
                    fill=colour,
                    font=self._font,
                    anchor=_ANCHORS[anchor],
                    stroke_width=stroke,
                    stroke_fill=colour,
                )

    def _scaled(self, points: tuple[Point, ...]) -> list[Point]:
        return [(x * self._factor, y * self._factor) for x, y in points]


def _dashed(points: tuple[Point, ...], dash: tuple[int, int]) -> list[tuple[Point, ...]]:
    """The parts of a line that are drawn; the pattern goes on round its corners."""
    parts: list[tuple[Point, ...]] = []
    drawn, left = True, float(dash[0])
    for (x, y), (far_x, far_y) in pairwise(points):
        length, at = hypot(far_x - x, far_y - y), 0.0
        while at < length:
            step = min(left, length - at)
            ends = tuple(
                (x + (far_x - x) * share, y + (far_y - y) * share)
                for share in (at / length, (at + step) / length)
            )
            if drawn:
                parts.append(ends)
            at, left = at + step, left - step
            if left <= 0:
                drawn = not drawn
                left = float(dash[0] if drawn else dash[1])
    return parts

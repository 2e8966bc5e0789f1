"""A picture of lines and words, as SVG.

The shapes are few on purpose: :mod:`callgate.report.png` draws the same ones, so a picture
looks alike in both forms. Sizes are in pixels, the origin is the upper left corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

#: Height of letters, and the fonts that a viewer should look for.
SIZE: Final = 11
_FONTS: Final = "system-ui, sans-serif"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; ``dash`` is a length drawn and a length left out."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    dash: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    at: Point
    colour: str
    radius: float = 2.0


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text whose start, middle or end is at a point of its baseline."""

    at: Point
    text: str
    anchor: str = "start"
    colour: str = "#222222"
    bold: bool = False


Shape = Line | Dot | Words


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes on white, in the order in which they are drawn; ``title`` for who cannot see."""

    width: int
    height: int
    title: str
    shapes: tuple[Shape, ...]


def svg(picture: Picture) -> str:
    """The picture as an SVG file."""
    size = f'width="{picture.width}" height="{picture.height}"'
    box = f"{picture.width} {picture.height}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {box}" role="img">',
        f"<title>{escape(picture.title)}</title>",
        f'<rect {size} fill="#ffffff"/>',
        f'<g font-family="{_FONTS}" font-size="{SIZE}">',
        *(_element(shape) for shape in picture.shapes),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _element(shape: Shape) -> str:
    match shape:
        case Line(points, colour, width, dash):
            dashes = f' stroke-dasharray="{dash[0]} {dash[1]}"' if dash else ""
            return (
                f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" '
                f'stroke-width="{width:g}"{dashes}/>'
            )
        case Dot((x, y), colour, radius):
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}"/>'
        case Words((x, y), text, anchor, colour, bold):
            weight = ' font-weight="bold"' if bold else ""
            return (
                f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>'
                f"{escape(text)}</text>"
            )


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)

"""Draw what `python -m benchmarks.rule_lists` printed: time over the number of rules.

``python -m benchmarks.plot FIGURES.txt PLOT.svg`` writes one SVG with both axes logarithmic; a
line of slope one, dotted, shows what linear growth looks like.
"""

import math
import re
import sys
from pathlib import Path

LINE = re.compile(r"(\w+)\s+([\d,]+): (?:[\d,]+ )?(blocked|satisfied|dead rules)\b\D*?([\d.]+) ms")
COLOURS = {"acl": "#1b6ca8", "ipc": "#c7522a", "fw": "#3a7d44", "wide": "#7a4988"}
DASHES = {"blocked": "", "satisfied": "6 4", "dead rules": "2 3"}
WIDTH, HEIGHT, MARGIN = 640, 420, 60
SIZES, TIMES = (1_000, 100_000), (1.0, 100_000.0)

Point = tuple[int, float]


def read(text: str) -> dict[tuple[str, str], list[Point]]:
    """(shape, question) -> points of rules and milliseconds."""
    lines: dict[tuple[str, str], list[Point]] = {}
    for shape, rules, question, time in LINE.findall(text):
        lines.setdefault((shape, question), []).append((int(rules.replace(",", "")), float(time)))
    return lines


def place(rules: float, time: float) -> str:
    """Where a point stands in the picture."""
    across = math.log(rules / SIZES[0]) / math.log(SIZES[1] / SIZES[0])
    up = math.log(time / TIMES[0]) / math.log(TIMES[1] / TIMES[0])
    x = MARGIN + across * (WIDTH - 3 * MARGIN)
    return f"{x:.1f},{HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN):.1f}"


def label(at: str, text: str, anchor: str = "start") -> str:
    """A word at a point."""
    x, y = at.split(",")
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>'


def draw(lines: dict[tuple[str, str], list[Point]]) -> str:
    """The picture."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        "<style>text { font: 11px sans-serif }</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for power in range(6):
        time = 10.0**power
        start, end = place(SIZES[0], time), place(SIZES[1], time)
        parts.append(f'<polyline points="{start} {end}" stroke="#ddd" fill="none"/>')
        parts.append(label(start, f"{time / 1000:g} s ", "end"))
    parts += [
        label(place(rules, 0.35), f"{rules:,} rules", "middle")
        for rules in (1_000, 10_000, 100_000)
    ]
    linear = f"{place(SIZES[0], 10)} {place(SIZES[1], 1000)}"
    parts.append(f'<polyline points="{linear}" stroke="#888" stroke-dasharray="1 5" fill="none"/>')
    for (shape, question), points in sorted(lines.items()):
        joined = " ".join(place(*point) for point in sorted(points))
        parts.append(
            f'<polyline points="{joined}" stroke="{COLOURS[shape]}" fill="none" '
            f'stroke-width="1.6" stroke-dasharray="{DASHES[question]}"/>'
        )
    for row, (name, colour) in enumerate(COLOURS.items()):
        y = MARGIN + 16 * row
        parts.append(f'<text x="{WIDTH - 2 * MARGIN + 12}" y="{y}" fill="{colour}">{name}</text>')
    for row, (name, dash) in enumerate(DASHES.items()):
        y, x = MARGIN + 16 * (row + 5), WIDTH - 2 * MARGIN + 12
        parts.append(
            f'<polyline points="{x},{y - 4} {x + 24},{y - 4}" stroke="#333" '
            f'stroke-dasharray="{dash}"/><text x="{x + 30}" y="{y}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Read the figures that the first argument names, write the picture to the second."""
    figures, picture = map(Path, sys.argv[1:3])
    lines = read(figures.read_text(encoding="utf-8"))
    if not lines:
        sys.exit(f"{figures}: no figures of rule lists are here")
    picture.write_text(draw(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

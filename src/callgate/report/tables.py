"""One table, four ways to write it: terminal, Markdown, CSV, and rows for JSON.

Cells are plain text, of one line or several. The terminal form wraps to the width that
it is given and uses colour only if told so; Markdown and CSV are for a change ticket.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

# A spreadsheet runs a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Headers, rows of equal length, and an optional title."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""

    def markdown(self) -> str:
        """A GitHub-style table; pipes are escaped, line ends become ``<br>``."""
        lines = [f"### {self.title}", ""] if self.title else []
        lines.append(_markdown_row(self.headers))
        lines.append("|" + "---|" * len(self.headers))
        lines += [_markdown_row(row) for row in self.rows]
        return "\n".join(lines) + "\n"

    def csv(self) -> str:
        """RFC 4180 with a header line; cells that a spreadsheet would run are quoted."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.headers)
        writer.writerows([_inert(cell) for cell in row] for row in self.rows)
        return out.getvalue()

    def text(self, *, width: int, colour: bool) -> str:
        """Box-drawn table for a terminal of ``width`` columns."""
        from rich import box  # noqa: PLC0415 - rich is heavy, and only tables need it
        from rich.console import Console  # noqa: PLC0415
        from rich.table import Table as RichTable  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        drawn = RichTable(box=box.SQUARE, show_lines=any("\n" in c for r in self.rows for c in r))
        if self.title:
            drawn.title = self.title
            drawn.title_justify = "left"
        for header in self.headers:
            drawn.add_column(Text(header), overflow="fold")
        for row in self.rows:
            drawn.add_row(*(Text(cell, style=_style(cell)) for cell in row))
        out = io.StringIO()
        console = Console(
            file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False
        )
        console.print(drawn)
        return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


_STYLES = {
    "best": "bold green",
    "satisfied": "green",
    "equal": "green",
    "blocked": "red",
    "does not fit": "red",
    "different": "red",
    "depends": "yellow",
    "unknown": "yellow",
}


def _style(cell: str) -> str:
    first = cell.split("\n", 1)[0].split(":", 1)[0]
    return _STYLES.get(first, "")


def _markdown_row(cells: Sequence[str]) -> str:
    inert = (
        cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", "<br>")
        for cell in cells
    )
    return "| " + " | ".join(inert) + " |"


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

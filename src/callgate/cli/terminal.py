"""What the terminal can show: width and colour (``NO_COLOR``, ``FORCE_COLOR``)."""

import os
import shutil
import sys

import click

from callgate.report.tables import Table

#: Width of a table that goes into a pipe or a file.
PIPE_WIDTH = 120


def colour() -> bool:
    """Whether standard output wants colour (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def show(table: Table) -> None:
    """Print a table to standard output, as wide as the terminal."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH
    click.echo(table.text(width=width, colour=colour()), nl=False, color=colour())


def note(text: str) -> None:
    """Say something beside the data: standard error."""
    click.echo(text, err=True)

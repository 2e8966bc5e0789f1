"""One line of progress on a terminal that is written over; nothing elsewhere."""

import sys
from typing import Self

import click


class ProgressLine:
    """A context manager: the line is gone after its body."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.show("")

    def show(self, text: str) -> None:
        """Write over what was shown last; standard error."""
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{text}", err=True, nl=False)

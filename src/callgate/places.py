"""Where in a text something stands: file, line and column."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A position in a source text.

    ``source`` is what the user called the text (a path, or ``<stdin>``);
    ``line`` and ``column`` count from 1, and 0 means "not known".
    """

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """``file:line:column``, leaving out what is not known."""
        parts = [self.source]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)

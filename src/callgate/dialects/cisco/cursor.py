"""Reading the words of one line from left to right."""

from typing import NoReturn

from callgate.dialects.cisco.lines import Line


class Unreadable(Exception):  # noqa: N818 - it is caught by the reader and never shown
    """A line is not what the language allows, or not what we model; ``hint`` may say why."""

    def __init__(self, message: str, word: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.word = word


class Cursor:
    """The words of a line, and how far they are read."""

    __slots__ = ("at", "line", "words")

    def __init__(self, line: Line, at: int = 0) -> None:
        self.line = line
        self.words = line.words
        self.at = at

    @property
    def peek(self) -> str:
        """The next word, empty at the end."""
        return self.words[self.at] if self.at < len(self.words) else ""

    @property
    def rest(self) -> tuple[str, ...]:
        """The words that are not read yet."""
        return self.words[self.at :]

    def next(self, what: str) -> str:
        """The next word; Unreadable says that ``what`` is missing at the end."""
        if self.at >= len(self.words):
            self.fail(f"{what} is missing at the end of the line")
        word = self.words[self.at]
        self.at += 1
        return word

    def accept(self, *words: str) -> bool:
        """Read these words if they come next."""
        end = self.at + len(words)
        if self.words[self.at : end] != words:
            return False
        self.at = end
        return True

    def number(self, what: str, low: int, high: int) -> int:
        """Read a number within bounds."""
        word = self.next(what)
        if word.isascii() and word.isdigit() and len(word) <= 10 and low <= int(word) <= high:
            return int(word)
        return self.fail(f"{word!r} is no {what} ({low} to {high})", back=1)

    def end(self) -> None:
        """Unreadable unless every word is read."""
        if self.at < len(self.words):
            self.fail(f"{self.peek!r} is not expected here")

    def fail(self, message: str, back: int = 0) -> NoReturn:
        """Raise Unreadable at the next word, or ``back`` words before it."""
        raise Unreadable(message, self.at - back)

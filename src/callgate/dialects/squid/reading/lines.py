"""The lines of a squid.conf as Squid sees them: continued, included, conditional.

Measured with ``squid -k parse`` of 5.7: a backslash at the end joins the next line without
its leading blanks; comments and empty lines in between do not end it; ``include`` takes
several names and patterns, at most 16 deep; an ``if`` knows ``true``, ``false`` and
``N = N``. A ``#`` begins a comment where a word could begin, and elsewhere is a letter.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from callgate.dialects.reading import Include
from callgate.errors import CallgateError, InputError, Mistake
from callgate.places import Place

#: Longer lines are no configuration.
LINE_LIMIT: Final = 1 << 20
#: Squid gives up beyond this (``parseOneConfigFile``), so circles end here too.
_DEPTH_MAX: Final = 16
#: Files of one configuration; a short one must not become millions by including itself.
_FILES_MAX: Final = 1000
_EQUATION: Final = re.compile(r"(-?\d{1,9})\s*=\s*(-?\d{1,9})")
_WORD: Final = re.compile(r"\S+")


class Statement(NamedTuple):
    """One statement: its words without the comment, its text, and where it begins."""

    words: tuple[str, ...]
    text: str
    place: Place


class Value(NamedTuple):
    """A word, or a line of a file that a quoted word names."""

    text: str
    place: Place


def statements(text: str, source: str, include: Include) -> list[Statement]:
    """Every statement in order, files included; InputError holds what Squid would refuse."""
    reading = _Reading(include)
    found = list(reading.read(text, source, 0))
    if reading.mistakes:
        raise InputError(reading.mistakes)
    return found


class _Reading:
    """One configuration with everything that it includes."""

    def __init__(self, include: Include) -> None:
        self._include = include
        self._files = 0
        self.mistakes: list[Mistake] = []

    def read(self, text: str, source: str, depth: int) -> Iterator[Statement]:
        """The statements of one file and of those that it includes."""
        taken: list[bool] = []
        for statement in _joined(text, source):
            word = statement.words[0]
            if word in ("if", "else", "endif"):
                self._conditional(statement, taken)
            elif not all(taken):
                continue
            elif word == "include":
                yield from self._included(statement, depth)
            else:
                yield statement
        if taken:
            self.mistakes.append(Mistake(Place(source), "an if has no endif"))

    def _conditional(self, statement: Statement, taken: list[bool]) -> None:
        word, rest = statement.words[0], " ".join(statement.words[1:])
        if word == "if":
            truth = _truth(rest)
            if truth is None:
                message = f"this condition is not evaluated: {rest}"
                hint = "give the file as one process reads it"
                self.mistakes.append(Mistake(statement.place, message, hint))
            taken.append(bool(truth))
        elif not taken:
            self.mistakes.append(Mistake(statement.place, f"{word} without if"))
        elif word == "else":
            taken[-1] = not taken[-1]
        else:
            taken.pop()

    def _included(self, statement: Statement, depth: int) -> Iterator[Statement]:
        for name in statement.words[1:]:
            try:
                texts = list(self._include(name.strip("\"'")))
            except CallgateError as error:
                hint = "Squid refuses to start without it"
                self.mistakes.append(Mistake(statement.place, f"{name}: {_why(error)}", hint))
                continue
            self._files += len(texts)
            if depth >= _DEPTH_MAX or self._files > _FILES_MAX:
                message = f"included more than {_DEPTH_MAX} deep, or more than {_FILES_MAX} files"
                self.mistakes.append(Mistake(statement.place, message))
                return
            for source, text in texts:
                yield from self.read(text, source, depth + 1)


def _joined(text: str, source: str) -> Iterator[Statement]:
    """Physical lines put together; comments and empty ones left out."""
    if "\0" in text:
        at = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Mistake(Place(source, at), "a NUL character: this is not a text")])
    start, whole = 0, ""
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = raw.rstrip("\r").lstrip()
        if not line or line[0] == "#":
            continue
        start = start or number
        whole += line
        if len(whole) > LINE_LIMIT:
            message = f"a line of more than {LINE_LIMIT:,} characters is no configuration"
            raise InputError([Mistake(Place(source, start), message)])
        if whole.endswith("\\"):
            whole = whole[:-1]
            continue
        yield from _statement(whole, Place(source, start))
        start, whole = 0, ""
    if whole:
        yield from _statement(whole, Place(source, start))


def _statement(text: str, place: Place) -> Iterator[Statement]:
    words = tuple(without_comment(text.split()))
    if words:
        yield Statement(words, text.strip(), place)


def without_comment(words: Iterable[str]) -> Iterator[str]:
    """The words before the one that begins a comment."""
    for word in words:
        if word[0] == "#":
            return
        yield word


def _truth(text: str) -> bool | None:
    if text in ("true", "false"):
        return text == "true"
    equation = _EQUATION.fullmatch(text)
    return int(equation[1]) == int(equation[2]) if equation else None


def values(words: Iterable[str], place: Place, include: Include) -> Iterator[Value | Mistake]:
    """The values of an ``acl``: words, and the lines of the files that quoted words name.

    A file that cannot be read is a Mistake; Squid goes on with what it has.
    """
    for word in words:
        name = _quoted(word)
        if name is None:
            yield Value(word, place)
            continue
        try:
            texts = list(include(name))
        except CallgateError as error:
            yield Mistake(place, f"{word}: {_why(error)}")
            continue
        for source, text in texts:
            yield from _lines(text, source)


def _quoted(word: str) -> str | None:
    """The name in a quoted word, or in ``parameters("…")``; None for any other word."""
    inner = word
    if inner.startswith("parameters(") and inner.endswith(")"):
        inner = inner[len("parameters(") : -1]
    if len(inner) > 2 and inner[0] in "\"'" and inner[-1] == inner[0]:
        return inner[1:-1]
    return None


def _lines(text: str, source: str) -> Iterator[Value]:
    """One value for each line: Squid does not split the lines of a file into words."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        words = list(without_comment(line.split()))
        if words:
            first, last = line.index(words[0]), len(words) - 1
            end = [found.end() for found in _WORD.finditer(line)][last]
            yield Value(line[first:end], Place(source, number))


def _why(error: CallgateError) -> str:
    if isinstance(error, InputError):
        return error.mistakes[0].message
    return error.message

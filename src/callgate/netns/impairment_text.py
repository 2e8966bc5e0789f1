"""Read the text of an impairment, strictly (pure).

::

    text      = direction | "there" direction ";" "back" direction
    direction = "none" | word value { word value }

as in ``delay 20ms jitter 5ms loss 3% burst 3 rate 2mbit queue 100ms reorder 1% seed 7``.
One direction alone holds for both.
"""

import re
from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from callgate.errors import InputError, Mistake
from callgate.netns.impairment import (
    RATE_UNITS,
    TIME_UNITS,
    Impairment,
    LinkImpairment,
    contradictions,
)
from callgate.places import Place

_NUMBER: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(.*)", re.ASCII | re.DOTALL)
_SOURCE: Final = "impairment"


def parse(text: str, source: str = _SOURCE) -> LinkImpairment:
    """Both directions of a link from a text; InputError with every mistake of it."""
    reader = _Reader(source)
    clauses = [(match.start(), match.group()) for match in re.finditer(r"[^;]+", text)]
    words = [_words(start, clause) for start, clause in clauses]
    if [each[:1] and each[0][1] for each in words] == ["there", "back"] and text.count(";") == 1:
        found = [reader.direction(each[1:], each[0][0]) for each in words]
    else:
        if ";" in text:
            reader.blame(0, "two directions are 'there … ; back …'", "or one text for both")
        found = [reader.direction(_words(0, text), 0)] * 2
    if reader.mistakes:
        raise InputError(reader.mistakes)
    return LinkImpairment(*(Impairment(**values) for values in found))


def _words(start: int, text: str) -> list[tuple[int, str]]:
    return [(start + match.start(), match.group()) for match in re.finditer(r"[^\s;]+", text)]


class _Reader:
    """Collects the mistakes of one text."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.mistakes: list[Mistake] = []

    def blame(self, offset: int, message: str, hint: str) -> None:
        self.mistakes.append(Mistake(Place(self._source, 1, offset + 1), message, hint))

    def direction(self, words: list[tuple[int, str]], start: int) -> dict[str, Any]:
        """The fields that one direction's words set."""
        if [word for _, word in words] == ["none"]:
            return {}
        if not words:
            self.blame(start, "nothing is said", "write 'none' for a link without impairment")
        places: dict[str, int] = {}
        values: dict[str, Any] = {}
        rest = deque(words)
        while rest:
            offset, word = rest.popleft()
            # A known word is no value: the value before it was forgotten.
            at, value = rest.popleft() if rest and rest[0][1] not in _READERS else (offset, "")
            if word not in _READERS:
                self.blame(offset, f"unknown word {word!r}", f"known: {', '.join(_READERS)}")
                continue
            if word in places:
                self.blame(offset, f"{word} is said twice", "say it once")
            places[word] = offset
            self._read(word, value, at, values)
        for field, message, hint in contradictions(values):
            self.blame(places.get(field, start), f"{field}: {message}", hint)
        return values

    def _read(self, word: str, text: str, offset: int, values: dict[str, Any]) -> None:
        read, example = _READERS[word]
        value = read(text)
        if value is None:
            said = f"{text!r} is no value for {word}" if text else f"{word} has no value"
            self.blame(offset, said, f"for example '{word} {example}'")
        else:
            values[word] = value


def _unit(units: Mapping[str, int]) -> Callable[[str], int | None]:
    """A reader of a number with a unit that comes to a whole number of the smallest one."""

    def read(text: str) -> int | None:
        match = _NUMBER.fullmatch(text)
        if match is None or match[2] not in units:
            return None
        value = Decimal(match[1]) * units[match[2]]
        return int(value) if value == int(value) else None

    return read


def _percent(text: str) -> float | None:
    match = _NUMBER.fullmatch(text)
    return float(match[1]) if match and match[2] == "%" else None


def _number(text: str) -> float | None:
    match = _NUMBER.fullmatch(text)
    return float(match[1]) if match and not match[2] else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


_READERS: Final[Mapping[str, tuple[Callable[[str], float | None], str]]] = {
    "delay": (_unit(TIME_UNITS), "20ms"),
    "jitter": (_unit(TIME_UNITS), "5ms"),
    "loss": (_percent, "3%"),
    "burst": (_number, "3"),
    "rate": (_unit(RATE_UNITS), "2mbit"),
    "queue": (_unit(TIME_UNITS), "100ms"),
    "reorder": (_percent, "1%"),
    "seed": (_whole, "7"),
}

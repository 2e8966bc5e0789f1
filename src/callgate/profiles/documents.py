"""A text that was read strictly: plain data, and where every key and value of it stands.

YAML (:mod:`.yaml_text`) and TOML (:mod:`.toml_text`) both end here, so that whoever checks
the data can name the exact place without knowing which of the two it was.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from callgate.errors import InputError, Mistake
from callgate.places import Place

#: Keys and list indexes that lead from the root to a value.
JsonPath = tuple[str | int, ...]
#: A mapping as it was read; what may stand in it is the business of a schema.
Record = dict[str, Any]

#: No profile or site comes near these; a text beyond them is a mistake or an attack.
SIZE_MAX: Final = 1 << 20
DEPTH_MAX: Final = 32
_LINE_MAX: Final = 500

#: ``what is wrong; what to do``, where a user's text in quotes may hold anything.
_HINTED = re.compile(
    r"""((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^'";]|;(?!\ ))*);\ (.*)""", re.DOTALL | re.VERBOSE
)


@dataclass(frozen=True, slots=True)
class ParsedText:
    """Plain data (mappings, lists, scalars) with the places of its keys and values."""

    source: str
    data: object
    keys: dict[JsonPath, Place]
    values: dict[JsonPath, Place]

    def key_place(self, path: JsonPath) -> Place:
        """Where the key at the end of the path stands."""
        return self.keys.get(path) or self.value_place(path)

    def value_place(self, path: JsonPath) -> Place:
        """Where the value at a path stands, or else the nearest thing around it."""
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Place(self.source, 1))


def place_at(text: str, index: int, source: str) -> Place:
    """The place of a character."""
    start = text.rfind("\n", 0, index) + 1
    return Place(source, text.count("\n", 0, index) + 1, index - start + 1)


def check_text(text: str, source: str) -> None:
    """Refuse what no reader should look at: nothing at all, or far too much; InputError."""
    if not text.strip("\ufeff \t\r\n"):
        raise input_error([Mistake(Place(source, 1), "the file is empty")])
    if len(text) > SIZE_MAX:
        raise input_error([Mistake(Place(source, 1), f"longer than {SIZE_MAX:,} characters")])


def mistake_at(place: Place, error: ValueError | str) -> Mistake:
    """The mistake for an error of the form ``what is wrong; what to do``."""
    found = _HINTED.fullmatch(str(error))
    return Mistake(place, *found.groups()) if found else Mistake(place, str(error))


def input_error(mistakes: Iterable[Mistake]) -> InputError:
    """The error for these mistakes; whatever of the user's they quote cannot break a line."""
    return InputError(
        Mistake(
            each.place, shown(each.message, _LINE_MAX), each.hint and shown(each.hint, _LINE_MAX)
        )
        for each in mistakes
    )


def shown(text: str, limit: int = 60) -> str:
    """A user's text as it can stand in a one-line message: escaped and cut."""
    safe = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: limit + 1])
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"


def control_character(text: str, *, allowed: str = "") -> str | None:
    """The first character that is no text (C0, DEL, C1, surrogate, line separator), or None."""
    for char in text:
        code = ord(char)
        if char not in allowed and (
            code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or char in "\u2028\u2029"
        ):
            return char
    return None


def records(data: object, *keys: str) -> Iterator[tuple[JsonPath, Record]]:
    """Every mapping in the lists that a chain of keys leads to; skips what has another shape.

    For checks that must run beside a schema, on data that may violate it.
    """
    if not keys:
        return
    found = data.get(keys[0]) if isinstance(data, dict) else None
    for index, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, dict):
            here: JsonPath = (keys[0], index)
            if len(keys) == 1:
                yield here, item
            for path, record in records(item, *keys[1:]):
                yield here + path, record

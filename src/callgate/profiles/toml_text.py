"""Strict TOML: ``tomllib`` reads, and a second pass finds where everything stands.

``tomllib`` gives plain data without places; :mod:`.toml_places` finds them in the text.
"""

import re
import tomllib
from collections.abc import Iterator

from callgate.errors import Mistake
from callgate.places import Place
from callgate.profiles.documents import (
    JsonPath,
    ParsedText,
    check_text,
    control_character,
    input_error,
    place_at,
)
from callgate.profiles.toml_places import toml_places, too_deep

_WHERE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


def read_toml(text: str, source: str) -> ParsedText:
    """Read a TOML text; InputError holds what is wrong with it as TOML."""
    check_text(text, source)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise input_error([_syntax(error, text, source)]) from None
    except RecursionError:
        raise input_error([too_deep(Place(source, 1))]) from None
    except ValueError:
        # A number with more digits than Python converts.
        raise input_error([Mistake(Place(source, 1), "not TOML: a number too long")]) from None
    keys, values = toml_places(text, source)
    mistakes = list(_bad_texts(data, (), values))
    if mistakes:
        raise input_error(mistakes)
    return ParsedText(source, data, keys, values)


def _syntax(error: tomllib.TOMLDecodeError, text: str, source: str) -> Mistake:
    found = _WHERE.fullmatch(str(error))
    if found is None:
        return Mistake(Place(source, 1), f"not TOML: {error}")
    message, line, column = found.groups()
    place = Place(source, int(line), int(column)) if line else place_at(text, len(text), source)
    return Mistake(place, f"not TOML: {message[:1].lower()}{message[1:]}")


def _bad_texts(data: object, path: JsonPath, values: dict[JsonPath, Place]) -> Iterator[Mistake]:
    if isinstance(data, str):
        bad = control_character(data, allowed="\n\t")
        if bad is not None:
            yield Mistake(values[path], f"control character U+{ord(bad):04X} in a text")
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _bad_texts(value, (*path, key), values)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _bad_texts(value, (*path, index), values)

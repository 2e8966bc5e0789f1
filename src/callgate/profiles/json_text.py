"""Strict JSON (RFC 8259), with the place of every key and value.

The standard library reads JSON and forgets where things stood. Here the text is cut into
tokens by one expression; duplicate keys and nesting without end are refused, as in the
other readers.
"""

import json
import re
from typing import Final, NoReturn

from callgate.errors import Mistake
from callgate.places import Place
from callgate.profiles.documents import DEPTH_MAX, JsonPath, ParsedText, input_error, shown

#: Exports of devices may be long; what is longer than this is none.
SIZE_MAX: Final = 1 << 26
_TOKEN: Final = re.compile(
    r"""[ \t\n\r]*(?:(?P<mark>[{}\[\],:])
    |(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")
    |(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![\w.])
    |(?P<word>true|false|null)(?![\w.]))""",
    re.VERBOSE,
)
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_WORDS: Final = {"true": True, "false": False, "null": None}
#: Longer ones than any configuration holds; ``int`` refuses thousands of digits.
_DIGITS_MAX: Final = 40


def read_json(text: str, source: str) -> ParsedText:
    """Read one JSON document; InputError names the first place where it is none."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise input_error([Mistake(Place(source, 1), "the file is empty")])
    if len(text) > SIZE_MAX:
        raise input_error([Mistake(Place(source, 1), f"longer than {SIZE_MAX:,} characters")])
    return _Reader(text, source).document()


class _Reader:
    """Reads tokens one after the other; knows the line by counting what it passes."""

    def __init__(self, text: str, source: str) -> None:
        self._text, self._source = text, source
        self._at = 0
        self._line, self._line_start, self._counted = 1, 0, 0
        self._keys: dict[JsonPath, Place] = {}
        self._values: dict[JsonPath, Place] = {}

    def document(self) -> ParsedText:
        data = self._value((), *self._token())
        end = _SPACE.match(self._text, self._at)
        if end is None or end.end() != len(self._text):
            self._fail("something follows the end of the document")
        return ParsedText(self._source, data, self._keys, self._values)

    def _token(self) -> tuple[str, str, Place]:
        """The kind of the next token, its text and its place."""
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            self._fail("not JSON: a value is expected here")
        kind = found.lastgroup or ""
        place = self._place(found.start(kind))
        self._at = found.end()
        return kind, found[kind], place

    def _place(self, index: int) -> Place:
        passed = self._text.count("\n", self._counted, index)
        if passed:
            self._line += passed
            self._line_start = self._text.rfind("\n", self._counted, index) + 1
        self._counted = index
        return Place(self._source, self._line, index - self._line_start + 1)

    def _fail(self, message: str) -> NoReturn:
        start = _SPACE.match(self._text, self._at)
        place = self._place(start.end() if start else self._at)
        raise input_error([Mistake(place, message)])

    def _value(self, path: JsonPath, kind: str, lexeme: str, place: Place) -> object:
        self._values[path] = place
        if len(path) > DEPTH_MAX:
            raise input_error([Mistake(place, f"nested deeper than {DEPTH_MAX} levels")])
        if kind == "string":
            return self._string(lexeme, place)
        if kind == "number":
            return self._number(lexeme, place)
        if kind == "word":
            return _WORDS[lexeme]
        if lexeme == "{":
            return self._object(path)
        if lexeme == "[":
            return self._array(path)
        raise input_error([Mistake(place, f"not JSON: {lexeme!r} where a value is expected")])

    def _string(self, lexeme: str, place: Place) -> str:
        try:
            text: str = json.loads(lexeme)
        except ValueError as error:
            raise input_error([Mistake(place, f"not JSON: {error}")]) from None
        return text

    def _number(self, lexeme: str, place: Place) -> int | float:
        if len(lexeme) > _DIGITS_MAX:
            raise input_error([Mistake(place, "a number beyond all bounds")])
        return float(lexeme) if set(lexeme) & set(".eE") else int(lexeme)

    def _object(self, path: JsonPath) -> dict[str, object]:
        found: dict[str, object] = {}
        kind, lexeme, place = self._token()
        while lexeme != "}" or kind == "string":
            if kind != "string":
                raise input_error([Mistake(place, "not JSON: a key in quotes is expected")])
            key = self._string(lexeme, place)
            here = (*path, key)
            if key in found:
                raise input_error([Mistake(place, f"duplicate key `{shown(key)}`")])
            self._keys[here] = place
            self._expect(":")
            found[key] = self._value(here, *self._token())
            kind, lexeme, place = self._after("}")
        return found

    def _array(self, path: JsonPath) -> list[object]:
        items: list[object] = []
        kind, lexeme, place = self._token()
        while lexeme != "]" or kind == "string":
            items.append(self._value((*path, len(items)), kind, lexeme, place))
            kind, lexeme, place = self._after("]")
        return items

    def _after(self, end: str) -> tuple[str, str, Place]:
        """What follows an item: the end, or the next item behind a comma."""
        kind, lexeme, place = self._token()
        if kind == "mark" and lexeme == end:
            return kind, lexeme, place
        if kind != "mark" or lexeme != ",":
            raise input_error([Mistake(place, f"not JSON: `,` or `{end}` is expected here")])
        kind, lexeme, place = self._token()
        if kind == "mark" and lexeme == end:
            raise input_error([Mistake(place, f"not JSON: nothing follows the `,` before `{end}`")])
        return kind, lexeme, place

    def _expect(self, mark: str) -> None:
        kind, lexeme, place = self._token()
        if kind != "mark" or lexeme != mark:
            raise input_error([Mistake(place, f"not JSON: `{mark}` is expected here")])

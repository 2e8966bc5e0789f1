"""Where the keys and values of a TOML text stand.

The text is known to be valid TOML 1.0, so the walk may be simple: it must only know where
keys, strings, arrays and inline tables begin and end, and which table a header opens.
"""

import re
import tomllib
from bisect import bisect_right
from itertools import accumulate

from callgate.errors import Mistake
from callgate.places import Place
from callgate.profiles.documents import DEPTH_MAX, JsonPath, input_error

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_KEY_PART = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[A-Za-z0-9_-]+')
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')|"(?:[^"\\]|\\.)*"|\'[^\']*\'',
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\n]+")

Places = dict[JsonPath, Place]


def toml_places(text: str, source: str) -> tuple[Places, Places]:
    """The places of the keys and of the values; InputError when they nest without end."""
    walk = _Walk(text, source)
    walk.statements()
    return walk.keys, walk.values


def too_deep(place: Place) -> Mistake:
    """The mistake of nesting without end."""
    return Mistake(place, f"nested deeper than {DEPTH_MAX} levels")


class _Walk:
    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        self._at = 0
        self._lines = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._tables: dict[JsonPath, int] = {}  # arrays of tables, and how long they are
        self.keys: Places = {}
        self.values: Places = {(): Place(source, 1, 1)}

    def statements(self) -> None:
        """Walk the whole text."""
        table: JsonPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._assignment(table)
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return found.group() if found else ""

    def _sees(self, char: str) -> bool:
        """Whether this character comes next, blanks aside; steps over it."""
        self._skip(_BLANK)
        seen = self._text.startswith(char, self._at)
        self._at += len(char) if seen else 0
        return seen

    def _here(self) -> Place:
        line = bisect_right(self._lines, self._at)
        return Place(self._source, line, self._at - self._lines[line - 1] + 1)

    def _header(self) -> JsonPath:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        path = self._key((), is_array=brackets == 2)
        self._skip(_BLANK)
        self._at += brackets
        return path

    def _key(self, path: JsonPath, *, is_array: bool = False) -> JsonPath:
        """A key, dotted or not, below a table: the path that it leads to."""
        more = True
        while more:
            self._skip(_BLANK)
            place = self._here()
            path = (*path, _unquoted(self._skip(_KEY_PART)))
            if len(path) > DEPTH_MAX:
                raise input_error([too_deep(place)])
            self.keys.setdefault(path, place)
            self.values.setdefault(path, place)
            more = self._sees(".")
            if is_array and not more:
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
                self.values.setdefault(path, place)
        return path

    def _assignment(self, table: JsonPath) -> None:
        path = self._key(table)
        self._sees("=")
        self._value(path)

    def _value(self, path: JsonPath) -> None:
        self._skip(_BLANK)
        self.values[path] = self._here()
        if len(path) > DEPTH_MAX:
            raise input_error([too_deep(self._here())])
        if self._sees("["):
            self._array(path)
        elif self._sees("{"):
            while not self._sees("}"):
                self._assignment(path)
                self._sees(",")
        elif not self._skip(_STRING):
            self._skip(_BARE)

    def _array(self, path: JsonPath) -> None:
        index = 0
        while not self._sees("]"):
            self._value((*path, index))
            self._sees(",")
            index += 1


def _unquoted(key: str) -> str:
    if not key.startswith(('"', "'")):
        return key
    value: str = tomllib.loads(f"key = {key}")["key"]
    return value

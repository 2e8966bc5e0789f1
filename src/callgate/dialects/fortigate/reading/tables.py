"""FortiOS configuration text as tables of edits, with places.

``config`` opens a table or a settings block, ``edit`` an entry of it, ``next`` and ``end`` close
them; ``set``, ``append``, ``unset`` say values, and ``delete``, ``move``, ``rename``, ``clone`` and
``purge`` change a table that stands. Quoted texts may go over lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules import Unmodelled

Path = tuple[str, ...]
#: A word: quoted parts, in which only a quote and a backslash are escaped, and bare parts.
_WORD: Final = re.compile(r'\s*((?:"(?:[^"\\]|\\.)*"|\'[^\']*\'|\\.|[^\s"\'\\])+)', re.DOTALL)
_PART: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|\\(.)|([^\s"\'\\]+)', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
#: Texts in quotes (keys, pages) are long; a statement longer than this is none.
_STATEMENT_MAX: Final = 1 << 17
_DEPTH_MAX: Final = 16


@dataclass(frozen=True, slots=True)
class Value:
    """The words of one setting, and where they stand."""

    words: tuple[str, ...]
    place: Place
    text: str


@dataclass
class Edit:
    """One entry of a table: its settings, and the tables within it."""

    name: str
    place: Place
    settings: dict[str, Value] = field(default_factory=dict)
    tables: dict[Path, "Table"] = field(default_factory=dict)

    def words(self, key: str) -> tuple[str, ...]:
        """The words of a setting; none where it is not there."""
        found = self.settings.get(key)
        return found.words if found else ()

    def word(self, key: str, default: str = "") -> str:
        """The only word of a setting."""
        found = self.words(key)
        return found[0] if found else default


@dataclass
class Table:
    """Entries in the order in which the device keeps them."""

    edits: dict[str, Edit] = field(default_factory=dict)
    #: Settings outside of any entry (``config system settings``).
    block: Edit | None = None

    def move(self, name: str, word: str, other: str) -> bool:
        """Put an entry before or after another one; false when one of them is not there."""
        if name not in self.edits or other not in self.edits or name == other:
            return name in self.edits and name == other
        moved = self.edits.pop(name)
        order = list(self.edits.items())
        at = [key for key, _ in order].index(other) + (word == "after")
        order.insert(at, (name, moved))
        self.edits = dict(order)
        return True


class Reader:
    """Reads statements into the tree below :attr:`root`."""

    def __init__(self, text: str, source: str) -> None:
        self.root = Edit("", Place(source))
        self.unmodelled: list[Unmodelled] = []
        self._source = source
        #: What is open: an edit, and the table in it that is open, if one is.
        self._open: list[tuple[Edit, Table | None, Place]] = [(self.root, None, Place(source))]
        for words, place, statement in _statements(text, source):
            self._statement(words, place, statement)
        if len(self._open) > 1:
            raise InputError([Mistake(self._open[-1][2], "this has no end: the text is cut off")])

    def _statement(self, words: Path, place: Place, text: str) -> None:
        head, rest = words[0], words[1:]
        edit, table, _ = self._open[-1]
        if head == "config" and rest:
            self._config(edit, rest, place)
        elif head == "edit" and table is not None and rest:
            self._edit(table, rest[0], place)
        elif head == "next" and self._in_edit():
            self._open.pop()
        elif head == "end" and len(self._open) > 1:
            self._end()
        elif head in {"set", "append", "unset"} and rest:
            _set(edit, head, rest, place, text)
        elif table is not None and _change(table, words):
            return
        else:
            hint = "no such entry" if head in _CHANGES else "this statement is not known here"
            self.unmodelled.append(Unmodelled(text, place, hint))

    def _config(self, edit: Edit, path: Path, place: Place) -> None:
        if len(self._open) > _DEPTH_MAX:
            raise InputError([Mistake(place, f"nested deeper than {_DEPTH_MAX} levels")])
        table = edit.tables.setdefault(path, Table())
        # What is set outside of any edit is a setting of the block itself.
        self._open.append((table.block or Edit("", place), table, place))

    def _edit(self, table: Table, name: str, place: Place) -> None:
        if len(self._open) > _DEPTH_MAX:
            raise InputError([Mistake(place, f"nested deeper than {_DEPTH_MAX} levels")])
        if name == "0" or name not in table.edits:
            # "edit 0" takes the next free number.
            key = str(_free(table)) if name == "0" else name
            table.edits[key] = Edit(key, place)
            name = key
        self._open.append((table.edits[name], None, place))

    def _in_edit(self) -> bool:
        return len(self._open) > 1 and self._open[-1][1] is None

    def _end(self) -> None:
        """``end`` also closes an edit that no ``next`` has closed."""
        if self._in_edit():
            self._open.pop()
        block, table, _ = self._open.pop()
        if table is not None and (block.settings or block.tables):
            table.block = block


_CHANGES: Final = frozenset({"delete", "purge", "move", "rename", "clone"})


def _change(table: Table, words: Path) -> bool:
    """Whether it was a change of the table that could be made."""
    match words:
        case ("delete", name):
            return table.edits.pop(name, None) is not None
        case ("purge",):
            table.edits.clear()
            return True
        case ("move", name, "before" | "after" as word, other):
            return table.move(name, word, other)
        case ("rename", name, "to", other) if name in table.edits and other not in table.edits:
            table.edits = {
                other if key == name else key: replace(edit, name=other) if key == name else edit
                for key, edit in table.edits.items()
            }
            return True
        case ("clone", name, "to", other) if name in table.edits and other not in table.edits:
            old = table.edits[name]
            table.edits[other] = Edit(other, old.place, dict(old.settings), dict(old.tables))
            return True
        case _:
            return False


def _set(edit: Edit, head: str, rest: Path, place: Place, text: str) -> None:
    key = rest[0]
    if head == "unset":
        edit.settings.pop(key, None)
        return
    before = edit.words(key) if head == "append" else ()
    edit.settings[key] = Value((*before, *rest[1:]), place, text)


def _free(table: Table) -> int:
    numbers = [int(key) for key in table.edits if key.isascii() and key.isdigit() and len(key) < 12]
    return max(numbers, default=0) + 1


def _statements(text: str, source: str) -> Iterator[tuple[Path, Place, str]]:
    """The words of each statement; a quoted text that is open takes the next line too."""
    if "\0" in text:
        at = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Mistake(Place(source, at), "a NUL character: this is not a text")])
    parts: list[str] = []
    start, size, quote = 0, 0, ""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not parts and (not line.strip() or line.lstrip().startswith("#")):
            continue
        start = start if parts else number
        parts.append(line)
        size += len(line)
        if size > _STATEMENT_MAX:
            message = "a line, or a quoted text, that no device would take"
            raise InputError([Mistake(Place(source, start), message)])
        quote = _open_quote(line, quote)
        if quote:
            continue
        whole = "\n".join(parts)
        words = tuple(_unquoted(found[1]) for found in _WORD.finditer(whole))
        indent = len(parts[0]) - len(parts[0].lstrip()) + 1
        parts, size = [], 0
        if words:
            yield words, Place(source, start, indent), whole.strip()
    if parts:
        raise InputError([Mistake(Place(source, start), "a quoted text has no end")])


def _open_quote(line: str, quote: str) -> str:
    """The quotation mark that is open behind a line, when this one was open before it."""
    escaped = False
    for char in line:
        if escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
    return quote


def _unquoted(word: str) -> str:
    """A word without its quotes and escapes."""
    return "".join(
        _ESCAPED.sub(r"\1", part[1]) if part[1] is not None else part[2] or part[3] or part[4] or ""
        for part in _PART.finditer(word)
    )

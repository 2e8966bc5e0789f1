"""Configuration with braces, as ``show`` prints it: ``address { web { fqdn a.example; } }``."""

import re
from collections.abc import Iterator
from typing import Final

from callgate.dialects.pan_os.reading.lines import STATEMENT_MAX
from callgate.dialects.pan_os.reading.tree import DEPTH_MAX, Node
from callgate.errors import InputError, Mistake
from callgate.places import Place

_TOKEN: Final = re.compile(
    r'^[ \t]*[#!][^\n]*|\s+?|"((?:[^"\\]|\\.)*)"|([{};\[\]])|([^\s{};\[\]"]+)|(")',
    re.MULTILINE | re.S,
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def read(text: str, source: str, root: Node) -> int:
    """Read blocks into the tree; how many statements there were. InputError for other text."""
    blocks = _Blocks(root, Place(source, 1))
    place = Place(source, 1)
    for mark, word, place in _tokens(text, source):
        if mark:
            blocks.mark(mark, place)
        else:
            blocks.word(word, place)
    blocks.end(place)
    return blocks.count


class _Blocks:
    """The blocks that are open, and the words of the statement that is."""

    def __init__(self, root: Node, place: Place) -> None:
        self._open = [(root, place)]
        self._path: list[str] = []
        self._listed = False
        self.count = 0

    def word(self, word: str, place: Place) -> None:
        """A word of a statement, or a value of a list."""
        if self._listed:
            self._open[-1][0].put(word, place)
        else:
            self._path.append(word)

    def mark(self, mark: str, place: Place) -> None:
        """One of ``{ } [ ] ;``; InputError where it does not belong."""
        listed, path, node = self._listed, self._path, self._open[-1][0]
        if mark == "}" and len(self._open) > 1 and not (path or listed):
            self._open.pop()
        elif mark == "]" and listed:
            self._listed = False
            self._open.pop()
        elif mark in "{[" and path and not listed:
            if len(self._open) > DEPTH_MAX:
                raise InputError([Mistake(place, f"nested deeper than {DEPTH_MAX} levels")])
            self._open.append((_down(node, path, place), place))
            self._listed = mark == "["
            self._path = []
        elif mark == ";" and not listed:
            self.count += 1
            if path:
                _down(node, path[:-1], place).put(path[-1], place)
            self._path = []
        else:
            raise InputError([Mistake(place, f"{mark!r} does not belong here")])

    def end(self, place: Place) -> None:
        """InputError when something is still open."""
        if self._path:
            raise InputError([Mistake(place, "this is no configuration of PAN-OS")])
        if len(self._open) > 1:
            message = "this has no end: the text is cut off"
            raise InputError([Mistake(self._open[-1][1], message)])


def _down(node: Node, path: list[str], place: Place) -> Node:
    if len(path) > DEPTH_MAX:
        raise InputError([Mistake(place, "a statement with too many words")])
    for word in path:
        node = node.add(word, place)
    return node


def _tokens(text: str, source: str) -> Iterator[tuple[str, str, Place]]:
    """Marks and words with their places."""
    line = 1
    for found in _TOKEN.finditer(text):
        place = Place(source, line)
        line += found[0].count("\n")
        if len(found[0]) > STATEMENT_MAX and found[0].strip():
            raise InputError([Mistake(place, "a word that no device would take")])
        if found[4]:
            raise InputError([Mistake(place, "a quoted text has no end")])
        if found[1] is not None:
            yield "", _ESCAPED.sub(r"\1", found[1]), place
        elif found[2] or found[3]:
            yield found[2] or "", found[3] or "", place

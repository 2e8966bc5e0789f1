"""Junos configuration text as statements: ``set`` lines, or the form with braces.

Both become paths of words. ``deactivate`` and ``inactive:`` switch a subtree off, ``delete`` takes
it away, ``insert … before …`` moves it; a list in brackets is a statement for each of its words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules import Unmodelled

Path = tuple[str, ...]
_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r]+)|(?P<newline>\n)|(?P<comment>\#[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<mark>[{};\[\]])|(?P<word>"(?:[^"\\\n]|\\.)*"|[^\s{};\[\]"]+)|(?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_DEPTH_MAX: Final = 64
_LINE_MAX: Final = 1 << 20
#: Words of a line in the ``set`` form; a quote that is open there is a mistake.
_SET_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([\[\]])|([^\s"\[\]]+)')
_COMMANDS: Final = frozenset({"set", "delete", "deactivate", "activate", "insert", "rename"})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its words from the top, and where it stands."""

    path: Path
    place: Place
    text: str


@dataclass
class Statements:
    """All statements in order, without those that are switched off or taken away."""

    source: str
    found: list[Statement] = field(default_factory=list)
    off: list[Statement] = field(default_factory=list)
    unmodelled: list[Unmodelled] = field(default_factory=list)

    def below(self, *path: str) -> Iterator[Statement]:
        """The statements that begin with these words, without them."""
        length = len(path)
        for each in self.found:
            if each.path[:length] == path:
                yield Statement(each.path[length:], each.place, each.text)


def read(text: str, source: str) -> Statements:
    """Read either form; InputError for a text that is neither, or is cut off."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Mistake(Place(source, line), "a NUL character: this is not a text")])
    text = text.removeprefix("\ufeff")
    statements = Statements(source)
    if _is_set_form(text):
        _SetForm(statements).read(text)
    else:
        _Braces(text, statements).read()
    return statements


def _is_set_form(text: str) -> bool:
    """Whether the first line that says something begins with a command."""
    for line in text.splitlines():
        words = line.split(maxsplit=1)
        if words and not words[0].startswith("#"):
            return words[0] in _COMMANDS
    return True


class _SetForm:
    """Reads lines of commands."""

    def __init__(self, statements: Statements) -> None:
        self._all = statements
        self._commands = {
            "set": self._set,
            "delete": self._delete,
            "deactivate": self._deactivate,
            "insert": self._insert,
        }

    def read(self, text: str) -> None:
        for number, line in enumerate(text.splitlines(), 1):
            stripped = line.strip()
            if not stripped or stripped.startswith("#"):
                continue
            place = Place(self._all.source, number, 1)
            if len(line) > _LINE_MAX:
                raise InputError([Mistake(place, "a line that no device would take")])
            words = _words(stripped)
            command = self._commands.get(words[0]) if words else None
            if command is None:
                hint = "this command is not known here"
                self._all.unmodelled.append(Unmodelled(stripped, place, hint))
                continue
            command(tuple(words[1:]), place, stripped)

    def _set(self, words: Path, place: Place, text: str) -> None:
        for path in _unlisted(words):
            self._all.found.append(Statement(path, place, text))

    def _delete(self, words: Path, place: Place, text: str) -> None:
        before = len(self._all.found)
        self._all.found = [each for each in self._all.found if not _starts(each.path, words)]
        if len(self._all.found) == before:
            self._all.unmodelled.append(Unmodelled(text, place, "there is nothing to take away"))

    def _deactivate(self, words: Path, place: Place, text: str) -> None:
        del place, text
        self._all.off += [each for each in self._all.found if _starts(each.path, words)]
        self._all.found = [each for each in self._all.found if not _starts(each.path, words)]

    def _insert(self, words: Path, place: Place, text: str) -> None:
        """``insert PATH NAME before KIND OTHER``: all of one goes before all of the other."""
        at = next((n for n, word in enumerate(words) if word in {"before", "after"}), 0)
        moved, other = words[:at], words[: max(0, at - 1)] + words[at + 2 :]
        mine = [each for each in self._all.found if _starts(each.path, moved)]
        rest = [each for each in self._all.found if not _starts(each.path, moved)]
        places = [n for n, each in enumerate(rest) if _starts(each.path, other)]
        if not at or not mine or not places:
            self._all.unmodelled.append(Unmodelled(text, place, "there is no such pair"))
            return
        target = places[0] if words[at] == "before" else places[-1] + 1
        self._all.found = [*rest[:target], *mine, *rest[target:]]


def _starts(path: Path, start: Path) -> bool:
    return bool(start) and path[: len(start)] == start


def _words(line: str) -> list[str]:
    return [
        found[1] if found[1] is not None else found[2] or found[3]
        for found in _SET_WORD.finditer(line)
    ]


def _unlisted(words: Path) -> Iterator[Path]:
    """A path with a list in brackets at its end: one path for each word of it."""
    if "[" not in words:
        yield words
        return
    at = words.index("[")
    for word in words[at + 1 :]:
        if word != "]":
            yield (*words[:at], word)


class _Braces:
    """Reads the form of ``show configuration``."""

    def __init__(self, text: str, statements: Statements) -> None:
        self._all = statements
        self._tokens = _TOKEN.finditer(text)
        self._line, self._start = 1, 0
        #: The words of each open brace, and whether it is switched off.
        self._open: list[tuple[Path, bool, Place]] = []

    def read(self) -> None:
        words: list[str] = []
        place = Place(self._all.source, 1, 1)
        inside = False
        listed: list[str] = []
        for kind, lexeme, here in self._meaningful():
            if kind == "word":
                place = here if not words and not listed else place
                (listed if inside else words).append(lexeme)
            elif lexeme == "[":
                inside = True
            elif lexeme == "]":
                inside = False
            elif lexeme == ";":
                self._statement(words, listed, place)
                words, listed = [], []
            elif lexeme == "{":
                self._enter(words, place)
                words = []
            else:
                self._leave(words, here)
        if self._open or words:
            at = self._open[-1][2] if self._open else place
            raise InputError([Mistake(at, "this has no end: the text is cut off")])

    def _meaningful(self) -> Iterator[tuple[str, str, Place]]:
        for found in self._tokens:
            kind, lexeme = found.lastgroup or "", found[0]
            here = Place(self._all.source, self._line, found.start() - self._start + 1)
            if kind == "bad":
                raise InputError([Mistake(here, f"this is not expected here: {lexeme!r}")])
            newlines = lexeme.count("\n")
            if newlines:
                self._line += newlines
                self._start = found.start() + lexeme.rindex("\n") + 1
            if kind == "mark":
                yield kind, lexeme, here
            elif kind == "word":
                yield kind, lexeme[1:-1] if lexeme.startswith('"') else lexeme, here

    def _statement(self, words: list[str], listed: list[str], place: Place) -> None:
        clean, off = _flags(words)
        above = tuple(word for path, _, _ in self._open for word in path)
        off = off or any(flag for _, flag, _ in self._open)
        text = " ".join((*words, *(["[", *listed, "]"] if listed else [])))
        target = self._all.off if off else self._all.found
        for path in [(*clean, word) for word in listed] or [clean]:
            target.append(Statement((*above, *path), place, f"{text};"))

    def _enter(self, words: list[str], place: Place) -> None:
        if len(self._open) >= _DEPTH_MAX:
            raise InputError([Mistake(place, f"nested deeper than {_DEPTH_MAX} levels")])
        clean, off = _flags(words)
        self._open.append((clean, off, place))
        # An empty block is a statement too: ``policy p { … }`` names the policy.
        above = tuple(word for path, _, _ in self._open for word in path)
        if not off and not any(flag for _, flag, _ in self._open):
            self._all.found.append(Statement(above, place, " ".join(words)))

    def _leave(self, words: list[str], here: Place) -> None:
        if words or not self._open:
            raise InputError([Mistake(here, "a brace that closes nothing")])
        self._open.pop()


def _flags(words: list[str]) -> tuple[Path, bool]:
    """The words without ``inactive:`` and its like, and whether it was there."""
    clean = tuple(word for word in words if word not in {"inactive:", "replace:", "protect:"})
    return clean, "inactive:" in words

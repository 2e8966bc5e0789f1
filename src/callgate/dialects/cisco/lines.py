"""Lines of words, and the lines of a submode under the line that opens it."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from callgate.errors import InputError, Mistake
from callgate.places import Place

#: No device takes a longer command (IOS 254 characters, ASA 1,024 and more for a banner).
LINE_LIMIT: Final = 16_384
_BANNER = re.compile(
    r"\s*(?:banner\s+(?:motd|login|exec|incoming|slip-ppp|prompt-timeout|config-save)"
    r"|(?:vacant|refuse|busy)-message"
    r"|aaa\s+authentication\s+(?:banner|fail-message))(?:\s+(?P<rest>\S.*)|\s*)$"
)
_MACRO = re.compile(r"\s*macro\s+name\s+\S+\s*$")
_WORD = re.compile(r"\S+")


class Line(NamedTuple):
    """One line that is neither empty nor a comment; ``number`` counts from 1."""

    number: int
    indent: int
    words: tuple[str, ...]
    text: str

    def place(self, source: str, word: int = 0) -> Place:
        """Where the line, or one of its words, stands in a source."""
        if not word:
            return Place(source, self.number, self.indent + 1)
        starts = [found.start() for found in _WORD.finditer(self.text)]
        offset = starts[word] if word < len(starts) else len(self.text)
        return Place(source, self.number, self.indent + offset + 1)


class Statement(NamedTuple):
    """A command and the lines of the submode that it opens."""

    head: Line
    body: list[Line]


def read_lines(text: str, source: str, *, comments: str, delimited: bool) -> list[Line]:
    """The lines of a configuration.

    ``comments`` are the characters that begin a comment line. With ``delimited`` a banner
    runs to its delimiter, as on IOS; on the ASA each line of it is a command. InputError
    for what is no configuration text: NUL characters, a line that no device would take,
    a banner without its end.
    """
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        message = "a NUL character: this is not a text, or not in UTF-8"
        raise InputError([Mistake(Place(source, line), message)])
    raw = enumerate(
        text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1
    )
    found: list[Line] = []
    for number, content in raw:
        if len(content) > LINE_LIMIT:
            raise InputError([Mistake(Place(source, number), _too_long(content))])
        if delimited and _skip_text(content, Place(source, number), raw):
            continue
        words = content.split()
        if words and words[0][0] not in comments:
            found.append(_line(number, content, words))
    return found


def _too_long(content: str) -> str:
    return f"a line of {len(content)} characters; no device takes more than {LINE_LIMIT}"


def _line(number: int, content: str, words: list[str]) -> Line:
    if "!" in content:
        end = next((at for at, word in enumerate(words) if word[0] == "!"), len(words))
        words = words[:end]
    behind = content.lstrip()
    return Line(number, len(content) - len(behind), tuple(words), behind.rstrip())


def _skip_text(content: str, place: Place, rest: Iterator[tuple[int, str]]) -> bool:
    """Pass over a banner or a macro that this line begins; whether it does."""
    if content.lstrip()[:1] not in "bvram":
        return False
    if _MACRO.match(content):
        _skip_to("@", place, rest, whole_line=True)
        return True
    banner = _BANNER.match(content)
    if banner is None:
        return False
    message = banner["rest"]
    if message is None:
        _skip_to("EOF", place, rest, whole_line=True)
        return True
    mark = "^C" if message.startswith("^C") else message[0]
    if mark not in message[len(mark) :]:
        _skip_to(mark, place, rest, whole_line=False)
    return True


def _skip_to(mark: str, place: Place, rest: Iterator[tuple[int, str]], *, whole_line: bool) -> None:
    for _, content in rest:
        if (content.strip() == mark) if whole_line else (mark in content):
            return
    raise InputError([Mistake(place, f"the text that begins here has no end: no {mark!r} follows")])


def statements(
    lines: Iterable[Line],
    is_global: Callable[[tuple[str, ...]], bool],
    belongs: Callable[[tuple[str, ...], tuple[str, ...]], bool],
) -> list[Statement]:
    """Put the lines of each submode under its head.

    ``is_global`` knows the filtering commands that open no submode's line wherever they
    are indented; ``belongs(head, line)`` knows the lines of a submode without indentation.
    """
    found: list[Statement] = []
    for line in lines:
        if found:
            head = found[-1].head
            if line.indent > head.indent:
                inner = not is_global(line.words)
            else:
                inner = belongs(head.words, line.words)
            if inner:
                found[-1].body.append(line)
                continue
        found.append(Statement(line, []))
    return found

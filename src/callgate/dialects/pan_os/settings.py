"""Settings of PAN-OS, and the two forms in which they are written: commands and XML.

A setting is a path and a value, or a list of them. In a path a :class:`Name` is what somebody
called a thing; everything else is a word of the language.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

#: A command with more members than this becomes several, which add up.
_MEMBERS: Final = 20
_BARE: Final = re.compile(r"[A-Za-z0-9_.:/,-]+")


class Name(str):
    """What a thing is called: a word in a command, ``<entry name="…">`` in XML."""

    __slots__ = ()


Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One value, or the members of a list."""

    path: Path
    value: str | tuple[str, ...]


def command(verb: str, words: Iterable[str]) -> str:
    """A command, with words quoted where they must be; the writers let no quote into a word."""
    return " ".join((verb, *map(_word, words)))


def commands(settings: Iterable[Setting]) -> Iterator[str]:
    """``set`` commands; a list that is there already only grows."""
    for each in settings:
        where = command("set", each.path)
        if isinstance(each.value, str):
            yield f"{where} {_word(each.value)}"
            continue
        for start in range(0, len(each.value), _MEMBERS):
            members = each.value[start : start + _MEMBERS]
            listed = " ".join(map(_word, members))
            yield f"{where} {listed if len(members) == 1 else f'[ {listed} ]'}"


def _word(text: str) -> str:
    return text if _BARE.fullmatch(text) else f'"{text}"'


@dataclass
class _Element:
    """An element while the document grows."""

    value: str | tuple[str, ...] | None = None
    inner: dict[tuple[bool, str], "_Element"] = field(default_factory=dict)


def document(settings: Iterable[Setting]) -> list[str]:
    """The lines of a ``<config>`` that holds the settings."""
    root = _Element()
    for each in settings:
        element = root
        for word in each.path:
            key = isinstance(word, Name), word
            element = element.inner.setdefault(key, _Element())
        element.value = each.value
    return ["<config>", *_lines(root, 1), "</config>"]


def _lines(element: _Element, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for (named, word), inner in element.inner.items():
        tag = "entry" if named else word
        opened = f'<entry name="{html.escape(word)}">' if named else f"<{tag}>"
        if isinstance(inner.value, str):
            yield f"{indent}{opened}{html.escape(inner.value)}</{tag}>"
            continue
        yield f"{indent}{opened}"
        for member in inner.value or ():
            yield f"{indent}  <member>{html.escape(member)}</member>"
        yield from _lines(inner, depth + 1)
        yield f"{indent}</{tag}>"


def comment(lines: Iterable[str]) -> list[str]:
    """Header lines as one comment of XML, which no two hyphens may end."""
    text = [line.removeprefix("#").replace("--", "- -").replace("--", "- -") for line in lines]
    return ["<!--", *text, "-->"]

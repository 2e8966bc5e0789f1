"""Cut a line of iptables-save into words, as ``iptables-restore`` does.

Words stand apart by spaces and tabs. A double quote opens a part in which they do not
count and a backslash takes the next character as it is; elsewhere a backslash is a letter.
Columns are found only when somebody asks: nearly no line of a long file has to tell.
"""

import re
from typing import Final

#: A word: quoted parts and unquoted ones, side by side. An open end is part of the pattern
#: so that a line of many quotes is read once, not once for each of them.
_WORD: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*(?:"|(?P<open>\\?\Z))|[^\s"])+')
_PART: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^"]+)')
_ESCAPED: Final = re.compile(r"\\(.)")
#: What iptables-save leaves without quotes.
_PLAIN: Final = re.compile(r"[^\s\"'\\]+")


def words(line: str) -> list[str]:
    """The words of a line; ValueError when a quotation is not closed."""
    if '"' not in line:
        return line.split()
    every = list(_WORD.finditer(line))
    if every[-1]["open"] is not None:
        raise ValueError("a quotation is not closed")
    return [_unquoted(found.group()) for found in every]


def column(line: str, index: int) -> int:
    """The column, from 1, at which the word of that index begins; 0 if there is none."""
    for number, found in enumerate(_WORD.finditer(line)):
        if number == index:
            return found.start() + 1
    return 0


def quoted(found: list[str]) -> str:
    """Words as one text that :func:`words` cuts into the same words again."""
    return " ".join(map(_quoted, found))


def _unquoted(word: str) -> str:
    if '"' not in word:
        return word
    return "".join(
        _ESCAPED.sub(r"\1", part.group(1)) if part.group(2) is None else part.group(2)
        for part in _PART.finditer(word)
    )


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    return '"' + re.sub(r'(["\\])', r"\\\1", word) + '"'

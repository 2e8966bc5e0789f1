"""Cut nftables text into tokens, as the scanner of nft does (``scanner.l``).

Rules that are easy to get wrong:

* a newline is a token (it ends a rule) unless a backslash stands before it;
* ``-``, ``.`` and ``/`` belong to a word (``admin-prohibited``, ``mbytes/second``), but
  not to a number (``1000-2000``, ``10/second``);
* ``eth*`` is one word; ``*`` alone stands for every other key of a map.

Tokens are made as they are read, so a text that breaks early costs little.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from enum import Enum, auto
from functools import cached_property
from typing import Final, NamedTuple

from callgate.errors import InputError, Mistake
from callgate.places import Place

#: Longest line that we read: a set of 100,000 networks on one line is 2 MB.
LINE_MAX: Final = 4 * 1024 * 1024


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    NUMBER = auto()
    TIME = auto()
    V4 = auto()
    V6 = auto()
    MAC = auto()
    STRING = auto()
    OPERATOR = auto()
    NEWLINE = auto()
    FOREIGN = auto()  # a part of a rule that nft could only print as a comment
    END = auto()


class Source:
    """One text and its name, for places; ``within`` is the text that includes it."""

    def __init__(self, name: str, text: str, within: "Source | None" = None) -> None:
        """Refuse what is no text or has a line too long (InputError)."""
        self.name = name
        self.within = within
        self.text = text
        self._refuse_binary()
        self._refuse_long_lines()

    def lineage(self) -> list[str]:
        """Its name, that of the text that includes it, and so on."""
        names, source = [self.name], self.within
        while source is not None:
            names.append(source.name)
            source = source.within
        return names

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def place(self, offset: int) -> Place:
        """File, line and column of a character."""
        line = bisect_right(self._starts, offset)
        return Place(self.name, line, offset - self._starts[line - 1] + 1)

    def _refuse_binary(self) -> None:
        odd = _NOT_TEXT.search(self.text)
        if odd is not None:
            raise InputError(
                [
                    Mistake(
                        self.place(odd.start()),
                        f"not a text: character U+{ord(odd[0]):04X}",
                        "save the file as plain text in UTF-8, without a byte order mark",
                    )
                ]
            )

    def _refuse_long_lines(self) -> None:
        ends = [*self._starts[1:], len(self.text) + 1]
        for number, (start, end) in enumerate(zip(self._starts, ends, strict=True), 1):
            if end - start > LINE_MAX:
                raise InputError(
                    [
                        Mistake(
                            Place(self.name, number, 1),
                            f"a line of {end - start - 1} characters; at most {LINE_MAX} are read",
                        )
                    ]
                )


class Token(NamedTuple):
    """A piece of a text."""

    kind: Kind
    text: str
    offset: int
    source: Source

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.source.place(self.offset)

    @property
    def end(self) -> int:
        """Offset of the character after it."""
        return self.offset + len(self.text)

    @property
    def value(self) -> str:
        """The text without the quotes of a string."""
        return self.text[1:-1] if self.kind is Kind.STRING else self.text

    def __str__(self) -> str:
        return self.text


_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffd\ud800-\udfff]")
#: What nft writes for a match of iptables that it has no word for: a comment that swallows
#: the rest of the rule. Hand-written comments do not hold counters.
_SWALLOWED = re.compile(r"counter packets [0-9]+ bytes [0-9]+")
_TOKEN = re.compile(
    r"""
     (?P<blank>(?:[ \t\r\f\v]|\\\r?\n)+)
    |(?P<comment>\#[^\n]*)
    |(?P<NEWLINE>\n\s*)
    |(?P<STRING>"[^"\n]*")
    |(?P<MAC>(?:[0-9A-Fa-f]{1,2}:){5}[0-9A-Fa-f]{1,2}(?![0-9A-Fa-f:]))
    |(?P<V6>(?:[0-9A-Fa-f]{0,4}+:){2,8}+(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4})(?![\w:]))
    |(?P<V4>[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w.]))
    |(?P<TIME>(?=[0-9])(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?(?!\w))
    |(?P<NUMBER>(?:0[xX][0-9A-Fa-f]+|[0-9]+)(?!\w))
    |(?P<WORD>(?:[A-Za-z_][A-Za-z0-9_./-]*|[0-9.][A-Za-z0-9_][A-Za-z0-9_./-]*)\*?)
    |(?P<OPERATOR>==|!=|<=|>=|<<|>>|[]\[<>=,.:;{}()&|^!/*@$+-])
    |(?P<bad>.)
    """,
    re.VERBOSE,
)


def tokens(source: Source) -> Iterator[Token]:
    """The tokens of a text, the last one of kind END; InputError at a character of none."""
    # A BOM or a stray character stops us at once: what follows would be noise.
    for found in _TOKEN.finditer(source.text):
        group = found.lastgroup
        if group == "blank":
            continue
        if group == "comment":
            if _SWALLOWED.search(found[0]):
                yield Token(Kind.FOREIGN, found[0], found.start(), source)
            continue
        if group is None or group == "bad":
            raise InputError([Mistake(source.place(found.start()), *_stray(found[0]))])
        yield Token(Kind[group], found[0], found.start(), source)
    yield Token(Kind.END, "", len(source.text), source)


def _stray(character: str) -> tuple[str, str | None]:
    if character == '"':
        return "the quotation mark is not closed on this line", None
    return f"unexpected character {character!r}", None

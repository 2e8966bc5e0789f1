"""Lines that differ from an earlier one in their addresses only are not read again.

iptables-save writes ``-s`` and ``-d`` first, and what follows them repeats a lot in a
long ruleset. A rule without conditions is kept under the text after its addresses; the
next such line takes it, with addresses of its own.
"""

import re
from typing import Final, NamedTuple

from callgate.dialects.iptables.reading.draft import Draft
from callgate.dialects.iptables.reading.values import Values
from callgate.flows import Family
from callgate.rules import Action, Addresses

#: More different rests of lines than this are not kept.
_KEPT_MAX: Final = 20_000
_END: Final = r'(?: (! )?{} ([^\s"!-][^\s"]*))?'
_SHAPE: Final = re.compile(rf'-A ([^\s"]+){_END.format("-s")}{_END.format("-d")}((?: [^\s"].*)?)')
#: Words after the first addresses that speak of addresses too.
_ENDS: Final = re.compile(r" (?:-s|-d|--so|--src|--de|--dst|--match-set)")


class Meaning(NamedTuple):
    """What one line says: a draft of its matches, and what becomes of them."""

    draft: Draft
    action: Action
    target: str
    note: str
    family: Family | None


class Recall:
    """The rests of lines that were read, for one table."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._kept: dict[str, Meaning] = {}
        self._rest = ""  # of the line that was looked for last, if it can be kept

    def find(self, line: str) -> tuple[str, Meaning] | None:
        """The chain and the meaning of a line; None when it has to be read.

        The draft is good until the next call.
        """
        shape = _SHAPE.fullmatch(line)
        if shape is None:
            self._rest = ""
            return None
        chain, not_source, source, not_destination, destination, rest = shape.groups()
        self._rest = rest
        meaning = self._kept.get(rest)
        if meaning is None:
            return None
        try:
            meaning.draft.source = self._read(source, not_source)
            meaning.draft.destination = self._read(destination, not_destination)
        except ValueError:
            return None
        return chain, meaning

    def keep(self, meaning: Meaning) -> None:
        """Keep the meaning of the line that was not found, if its rest can serve again."""
        rest = self._rest
        room = len(self._kept) < _KEPT_MAX
        if rest and room and not meaning.draft.forks and not _ENDS.search(rest):
            self._kept[rest] = meaning

    def _read(self, text: str | None, mark: str | None) -> Addresses | None:
        return None if text is None else self._values.addresses(text, mark is not None)

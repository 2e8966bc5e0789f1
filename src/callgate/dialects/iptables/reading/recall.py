"""Lines that differ from an earlier one in addresses, ports and comments are not read again.

iptables-save writes ``-s`` and ``-d`` first, and apart from these, from the ports of
``--sport`` and ``--dport`` and from the comment, the lines of a long ruleset repeat a lot.
A rule without conditions is kept under the text that is left when these values are taken
out of it; the next such line takes it, with values of its own.

What is kept was read once by the whole grammar, so that only the values are new: a line
of which a value is not plain (a service by name, a range that is upside down) is read as
if there were nothing kept.
"""

import re
from typing import Final, NamedTuple

from callgate.dialects.iptables.reading.draft import Draft
from callgate.dialects.iptables.reading.values import Values
from callgate.flows import Family, IntervalSet
from callgate.rules import Action, Addresses

#: More different rests of lines than this are not kept.
_KEPT_MAX: Final = 20_000
_END: Final = r'(?: (! )?{} ([^\s"!-][^\s"]*))?'
_PORT: Final = r"(?: --{} ([0-9:]+))?"
#: Chain, source, destination, the words up to the ports, the ports, and all that follows.
_SHAPE: Final = re.compile(
    rf'-A ([^\s"]+){_END.format("-s")}{_END.format("-d")}'
    rf'((?: (?!--[sd]port )[^\s"]++)*+){_PORT.format("sport")}{_PORT.format("dport")}((?: .*)?)'
)
_COMMENT: Final = " -m comment --comment "
#: What is said there, up to the next word; a bare "!" would be no comment.
_SAID: Final = re.compile(r'(?:"(?!!")[^"\\]*+(?:\\.[^"\\]*+)*+"|[^\s"!-][^\s"]*+)(?= )')
#: Words after the first addresses that speak of addresses too.
_ENDS: Final = re.compile(r" (?:-s|-d|--so|--src|--de|--dst|--match-set)")


class Meaning(NamedTuple):
    """What one line says: a draft of its matches, and what becomes of them."""

    draft: Draft
    action: Action
    target: str
    note: str
    family: Family | None


_Key = tuple[str, bool, bool, str]


class Recall:
    """The rests of lines that were read, for one table."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._kept: dict[_Key, Meaning] = {}
        self._key: _Key | None = None  # of the line that was looked for last

    def find(self, line: str) -> tuple[str, Meaning] | None:
        """The chain and the meaning of a line; None when it has to be read.

        The draft is good until the next call.
        """
        shape = _SHAPE.fullmatch(_without_comment(line))
        if shape is None:
            self._key = None
            return None
        chain, not_source, source, not_destination, destination, before, sport, dport, behind = (
            shape.groups()
        )
        self._key = key = before, sport is None, dport is None, behind
        meaning = self._kept.get(key)
        if meaning is None:
            return None
        draft = meaning.draft
        try:
            draft.source = self._addresses(source, not_source)
            draft.destination = self._addresses(destination, not_destination)
            if sport is not None:
                draft.source_port = self._ports(sport)
            if dport is not None:
                draft.destination_port = self._ports(dport)
        except ValueError:
            return None
        return chain, meaning

    def keep(self, meaning: Meaning) -> None:
        """Keep the meaning of the line that was not found, if its rest can serve again."""
        key, room = self._key, len(self._kept) < _KEPT_MAX
        if key is not None and room and not meaning.draft.forks and _serves_again(key):
            self._kept[key] = meaning

    def _addresses(self, text: str | None, mark: str | None) -> Addresses | None:
        return None if text is None else self._values.addresses(text, mark is not None)

    def _ports(self, text: str) -> IntervalSet | None:
        found = self._values.ports(text, negated=False)
        if found is not None and not found:
            raise ValueError("a range that holds no port is to be reported")
        return found


def _without_comment(line: str) -> str:
    """A line without its comment, which means nothing; not if it may be part of a quotation."""
    start = line.find(_COMMENT)
    if start < 0 or 0 <= line.find('"') < start:
        return line
    said = _SAID.match(line, start + len(_COMMENT))
    return line if said is None else line[:start] + line[said.end() :]


def _serves_again(key: _Key) -> bool:
    """Whether the words that stay say nothing about what is put in."""
    before, no_sport, no_dport, behind = key
    rest = before + behind
    if not rest or _ENDS.search(rest):
        return False
    # A "!" before a port would turn it round, and another option may narrow the ports.
    return (no_sport and no_dport) or not (before.endswith(" !") or "port" in rest)

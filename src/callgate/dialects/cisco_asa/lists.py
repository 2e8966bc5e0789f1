"""Access lists of the ASA: which lines they hold, and in which order.

Source: "Cisco ASA Series Command Reference", ``access-list extended`` (``line``),
``access-list remark``, ``access-list standard``, ``ipv6 access-list`` (before 9.0).
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from callgate.dialects.cisco.ends import ONLY_V4
from callgate.dialects.cisco.entry_lines import ACTIONS
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.lines import Line
from callgate.dialects.cisco_asa.entries import EntryReader
from callgate.flows import Family
from callgate.rules import BOTH_FAMILIES, Action, Chain, Rule

#: Kinds of lists that do not look at IP packets; ``webtype`` is for pages of a portal.
_OTHER_KINDS: Final = frozenset({"ethertype", "webtype"})
#: Settings of all lists together, where the name of a list would stand.
_SETTINGS: Final = frozenset({"alert-interval", "deny-flow-max", "mode", "cached"})


class ListLine(NamedTuple):
    """A line, and the number of its word ``permit`` or ``deny`` (0 for a remark).

    Another word at that number is an entry that nobody knows.
    """

    line: Line
    at: int
    standard: bool


@dataclass
class AccessList:
    """One list; remarks count where lines are inserted by number."""

    head: Line
    families: frozenset[Family] = BOTH_FAMILIES
    lines: list[ListLine] = field(default_factory=list)

    def chain(self, name: str, reader: EntryReader, source: str) -> Chain:
        """The list with its implicit deny."""
        rules: list[Rule] = []
        for line, at, standard in self.lines:
            if at:
                rules += reader.rules(line, at, standard=standard)
        return Chain(
            name,
            tuple(rules),
            Action.DROP,
            self.families,
            self.head.place(source),
            self.lines[-1].line.place(source) if self.lines else None,
            default_text=f"implicit deny at the end of {name}",
        )


class ListReader:
    """Sorts ``access-list`` commands into lists."""

    def __init__(self, findings: Findings) -> None:
        self.lists: dict[str, AccessList] = {}
        self._findings = findings

    def read(self, line: Line, name_at: int = 1, families: frozenset[Family] = ONLY_V4) -> None:
        """Read one command; ``name_at`` is the number of the word that names the list."""
        words = line.words
        if len(words) <= name_at + 1:
            self._findings.report(line, "the line ends too early")
            return
        if words[name_at] in _SETTINGS and words[name_at + 1] not in ACTIONS:
            return
        place, at = None, name_at + 1
        if words[at] == "line" and len(words) > at + 2 and words[at + 1].isdecimal():
            place, at = int(words[at + 1][:9]), at + 2
        kind = words[at]
        if kind in {"extended", "standard"} and len(words) > at + 1:
            at += 1
        if kind in _OTHER_KINDS:
            self._other(line, kind)
            return
        new = ListLine(line, 0 if words[at] == "remark" else at, kind == "standard")
        mine = self.lists.setdefault(words[name_at], AccessList(line, families)).lines
        mine.insert(len(mine) if place is None else max(0, place - 1), new)

    def _other(self, line: Line, kind: str) -> None:
        if kind == "ethertype":
            self._findings.report(line, "lists of Ethernet types are not modelled")

    def remove(self, line: Line) -> None:
        """``no access-list …``: the line that says the same goes."""
        wanted = line.words[1:]
        mine = self.lists.get(wanted[1]) if len(wanted) > 1 else None
        same = [] if mine is None else [each for each in mine.lines if each.line.words == wanted]
        if mine is None or not same:
            self._findings.report(line, "no line before it says this")
            return
        mine.lines.remove(same[0])

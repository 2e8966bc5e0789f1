"""Access lists of IOS: which lines they hold, and in which order.

Source: "Cisco IOS Security Command Reference", ``access-list (IP standard)`` (numbers 1–99
and 1300–1999), ``access-list (IP extended)`` (100–199 and 2000–2699), ``ip access-list``,
``ipv6 access-list``; "IP Access List Entry Sequence Numbering". Every IPv6 list ends with
``permit icmp any any nd-na``, ``permit icmp any any nd-ns``, ``deny ipv6 any any``. A list
that holds no entry permits everything.
"""

from bisect import insort
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from callgate.dialects.cisco.ends import ONLY_V4, ONLY_V6
from callgate.dialects.cisco.entry_lines import ACTIONS
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.lines import Line, Statement
from callgate.dialects.cisco.vocabulary import icmp_points
from callgate.dialects.cisco_ios.entries import EntryReader
from callgate.flows import IntervalSet, Protocol
from callgate.rules import Action, Chain, Match, Rule

_STEP: Final = 10
#: Lines of a list that are no entries and filter nothing.
_SILENT: Final = frozenset({"remark", "statistics", "exit", "description"})
#: ``ip access-list …`` commands that are settings and no lists.
_SETTINGS: Final = frozenset(
    {"resequence", "log-update", "logging", "persistent", "match-local-traffic", "helper"}
)
_KINDS: Final = frozenset({"standard", "extended"})
_ND: Final = {"nd-na": 136, "nd-ns": 135}


class ListLine(NamedTuple):
    """An entry; ``at`` is the number of its word ``permit`` or ``deny``."""

    sequence: int
    line: Line
    at: int


@dataclass
class AccessList:
    """One list; ``kind`` is ``standard``, ``extended`` or ``ipv6``."""

    head: Line
    kind: str
    lines: list[ListLine] = field(default_factory=list)

    def add(self, sequence: int | None, line: Line, at: int) -> bool:
        """Put an entry in its place; false when its number is taken."""
        number = sequence
        if number is None:
            number = self.lines[-1].sequence + _STEP if self.lines else _STEP
        new = ListLine(number, line, at)
        if not self.lines or number > self.lines[-1].sequence:
            self.lines.append(new)
            return True
        if any(each.sequence == number for each in self.lines):
            return False
        insort(self.lines, new, key=lambda each: each.sequence)
        return True

    def record(self, reader: EntryReader) -> None:
        """Let the reader see which lines record answers into reflexive lists."""
        reader.reflexive.record(
            (_reflected(line.words), reader.rules(line, at, self.kind))
            for _, line, at in self.lines
            if line.words[at] in ACTIONS
        )

    def chain(self, name: str, reader: EntryReader, source: str) -> Chain:
        """The list with what it holds without being told to."""
        rules = [rule for _, line, at in self.lines for rule in reader.rules(line, at, self.kind)]
        place = self.head.place(source)
        families = ONLY_V6 if self.kind == "ipv6" else ONLY_V4
        if not rules:
            text = f"{name} holds no entry: everything passes"
            return Chain(name, (), Action.ACCEPT, families, place, default_text=text)
        if self.kind == "ipv6":
            rules += [_neighbours(word, self.head, source) for word in _ND]
        text = f"implicit deny at the end of {name}"
        end = self.lines[-1].line.place(source)
        return Chain(name, tuple(rules), Action.DROP, families, place, end, text)


def _neighbours(word: str, head: Line, source: str) -> Rule:
    match = Match(
        ONLY_V6,
        protocol=IntervalSet.points((Protocol.ICMPV6,)),
        destination_port=icmp_points(_ND[word], None),
    )
    text = f"implicit: permit icmp any any {word}"
    return Rule(Action.ACCEPT, match, head.place(source), text)


class ListReader:
    """Sorts the commands that make access lists into lists."""

    def __init__(self, findings: Findings) -> None:
        self.lists: dict[str, AccessList] = {}
        self._findings = findings

    def numbered(self, line: Line, body: list[Line]) -> None:
        """Read ``access-list NUMBER …``; also ``access-list NAME extended …``."""
        words = line.words
        if len(words) < 3:
            self._findings.report(line, "the line ends too early")
            return
        name, at = words[1], 2
        kind = _kind_of(name)
        if words[2] in _KINDS:
            kind, at = words[2], 3
        if kind is None:
            if name not in {"compiled", "rate-limit"}:
                self._findings.report(line, "lists of this number are not about IP")
            return
        mine = self.lists.setdefault(name, AccessList(line, kind))
        if at < len(words):
            self._entry(mine, None, line, at)
        for each in body:
            self._body_line(mine, each)

    def named(self, statement: Statement) -> None:
        """Read ``ip access-list …`` or ``ipv6 access-list …`` with its body."""
        head, words = statement.head, statement.head.words[2:]
        if not words or words[0] in _SETTINGS:
            return
        kind = "ipv6" if head.words[0] == "ipv6" else "extended"
        if words[0] in _KINDS and len(words) > 1:
            kind = kind if kind == "ipv6" else words[0]
            words = words[1:]
        if len(words) != 1:
            self._findings.report(head, "lists of this kind are not modelled")
            return
        mine = self._list(words[0], head, kind)
        for line in statement.body:
            self._body_line(mine, line)

    def _list(self, name: str, head: Line, kind: str) -> AccessList:
        mine = self.lists.setdefault(name, AccessList(head, kind))
        if mine.kind != kind:
            self._findings.report(head, f"{name!r} is a list of another kind already")
            return AccessList(head, kind)
        return mine

    def _body_line(self, mine: AccessList, line: Line) -> None:
        words, at, sequence = line.words, 0, None
        if words[0] == "sequence" and len(words) > 1:
            at = 1
        if words[at].isascii() and words[at].isdigit() and len(words) > at + 1:
            sequence, at = int(words[at][:10]), at + 1
        if words[0] == "no":
            self._take_back(mine, line)
        else:
            self._entry(mine, sequence, line, at)

    def _entry(self, mine: AccessList, sequence: int | None, line: Line, at: int) -> None:
        if line.words[at] in _SILENT:
            return
        if line.words[at] == "dynamic":
            at = next((n for n, word in enumerate(line.words) if word in ACTIONS), at)
        if not mine.add(sequence, line, at):
            self._findings.report(line, f"the number {sequence} is taken: IOS refuses the line")

    def _take_back(self, mine: AccessList, line: Line) -> None:
        """``no 20`` or ``no permit …`` in a list: that entry goes."""
        wanted = line.words[1:]
        for each in mine.lines:
            if wanted in ((str(each.sequence),), each.line.words[each.at :]):
                mine.lines.remove(each)
                return
        self._findings.report(line, "no entry before it says this")

    def remove(self, name: str, line: Line) -> None:
        """``no access-list 101``, ``no ip access-list extended NAME``: the list goes."""
        if self.lists.pop(name, None) is None:
            self._findings.report(line, f"there is no list {name!r} before this line")


def _reflected(words: tuple[str, ...]) -> str:
    """The reflexive list that an entry records into; empty where there is none."""
    return words[words.index("reflect") + 1] if "reflect" in words[:-1] else ""


def _kind_of(name: str) -> str | None:
    """Standard or extended, by the number; None for lists that are not about IP."""
    if not (name.isascii() and name.isdigit() and len(name) <= 4):
        return None
    number = int(name)
    if 1 <= number <= 99 or 1300 <= number <= 1999:
        return "standard"
    if 100 <= number <= 199 or 2000 <= number <= 2699:
        return "extended"
    return None

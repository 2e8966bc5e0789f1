"""The lines of IOS's access lists.

Source: "Cisco IOS Security Command Reference", ``permit (IP)``, ``permit (IPv6)``,
``access-list (IP standard)``, ``access-list (IP extended)``, ``evaluate``. A list knows
no connections: ``established`` looks at the flags of the one packet (ACK or RST is set).
"""

from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.cisco.cursor import Cursor, Unreadable
from callgate.dialects.cisco.ends import ONLY_V4, ONLY_V6
from callgate.dialects.cisco.entry_lines import ACTIONS, EntryLine, condition_rule, unknown_rule
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.groups import Groups
from callgate.dialects.cisco.lines import Line
from callgate.dialects.cisco.services import Service
from callgate.dialects.cisco.vocabulary import TCP
from callgate.dialects.cisco_ios.ends import EndReader
from callgate.dialects.cisco_ios.reflexive import Reflexive
from callgate.dialects.cisco_ios.words import WORDS, WORDS6
from callgate.flows import Family, IntervalSet
from callgate.rules import ANY_STATE, Action, ConnectionState, Match, Rule

_IGMP: Final = IntervalSet.points((2,))
#: Matches that are conditions, and how many words each takes after its own.
_CONDITIONS: Final = {
    "ack": 0,
    "auth": 0,
    "dest-option": 0,
    "dest-option-type": 1,
    "dscp": 1,
    "fin": 0,
    "flow-label": 1,
    "fragments": 0,
    "hbh": 0,
    "match-all": 0,
    "match-any": 0,
    "mobility": 0,
    "mobility-type": 1,
    "option": 1,
    "packet-length": 2,
    "precedence": 1,
    "psh": 0,
    "rst": 0,
    "routing": 0,
    "routing-type": 1,
    "syn": 0,
    "time-range": 1,
    "tos": 1,
    "ttl": 2,
    "undetermined-transport": 0,
    "urg": 0,
}
_CONDITION_HINT: Final = "this property of a packet is not modelled"


@dataclass
class EntryReader:
    """Reads the part of a line that begins with ``permit``, ``deny`` or ``evaluate``."""

    findings: Findings
    ends: EndReader
    services: Groups[Service]
    reflexive: Reflexive = field(default_factory=Reflexive)

    def rules(self, line: Line, at: int, kind: str) -> list[Rule]:
        """The rules of a line; ``kind`` is ``standard``, ``extended`` or ``ipv6``."""
        family = Family.V6 if kind == "ipv6" else Family.V4
        cursor = Cursor(line, at)
        word = cursor.next("permit or deny")
        if word == "evaluate":
            return self._evaluate(line, cursor)
        if word not in ACTIONS:
            return [unknown_rule(line, self.findings, f"{word!r} is no entry of a list", at)]
        entry = EntryLine(line, ACTIONS[word])
        entry.families = ONLY_V6 if kind == "ipv6" else ONLY_V4
        if "dynamic" in line.words[:at]:
            text = " ".join(line.words[:at])
            literal = self.findings.condition(line, text, "opened by a login on the router")
            entry.conditions += (literal,)
        try:
            if kind == "standard":
                entry.source = self.ends.standard(cursor)
            else:
                self._extended(cursor, entry, family)
            self._tail(cursor, entry)
        except Unreadable as error:
            return [condition_rule(line, entry.action, self.findings, error.message, error.word)]
        return entry.rules(self.findings)

    def _evaluate(self, line: Line, cursor: Cursor) -> list[Rule]:
        """What a reflexive list holds: the answers to what its ``reflect`` lines let out."""
        place, name = line.place(self.findings.source), " ".join(cursor.rest)
        recorded = self.reflexive.answers(name)
        if recorded is not None:
            return [Rule(Action.ACCEPT, match, place, line.text) for match in recorded]
        hint = self.reflexive.hint(name)
        literal = self.findings.condition(line, f"evaluate {name}", hint)
        match = Match(state=ConnectionState.ESTABLISHED, conditions=(literal,))
        return [Rule(Action.ACCEPT, match, place, line.text)]

    def _extended(self, cursor: Cursor, entry: EntryLine, family: Family) -> None:
        words = WORDS if family is Family.V4 else WORDS6
        if cursor.accept("object-group"):
            return self._grouped(cursor, entry, family)
        protocol = words.protocol(cursor)
        entry.source = self.ends.end(cursor, family)
        source = words.ports(cursor, protocol)
        entry.destination = self.ends.end(cursor, family)
        target = words.ports(cursor, protocol)
        if target is None:
            target = words.icmp_message(cursor, protocol)
        entry.services = (Service(protocol, source, target),)
        if protocol == TCP and cursor.accept("established"):
            entry.state = ANY_STATE & ~ConnectionState.NEW
        elif protocol == _IGMP and cursor.peek and not self._is_tail(cursor.peek):
            self._condition(cursor, entry, cursor.at, 0, _CONDITION_HINT)
        return None

    def _grouped(self, cursor: Cursor, entry: EntryLine, family: Family) -> None:
        name = cursor.next("name of a group")
        if name not in self.services:
            cursor.fail(f"there is no service group {name!r}", back=1)
        entry.services = self.services.resolve(name)
        entry.source = self.ends.end(cursor, family)
        entry.destination = self.ends.end(cursor, family)

    @staticmethod
    def _is_tail(word: str) -> bool:
        return word in _CONDITIONS or word in {"log", "log-input", "reflect", "sequence"}

    def _tail(self, cursor: Cursor, entry: EntryLine) -> None:
        while cursor.peek:
            start = cursor.at
            word = cursor.next("option")
            if word in {"log", "log-input"}:
                cursor.at += 1 if cursor.peek and not self._is_tail(cursor.peek) else 0
            elif word == "sequence" and entry.families == ONLY_V6:
                cursor.number("sequence number", 1, 2**32)
            elif word == "established" and all(s.protocol == TCP for s in entry.services):
                entry.state = ANY_STATE & ~ConnectionState.NEW
            elif word == "reflect":
                self._reflect(cursor)
            elif word in _CONDITIONS:
                cursor.at = start
                count = _CONDITIONS[word]
                if count == 2 and cursor.rest[1:2] == ("range",):
                    count = 3
                self._condition(cursor, entry, start, count, _CONDITION_HINT)
            else:
                cursor.fail(f"{word!r} is not expected here", back=1)

    @staticmethod
    def _reflect(cursor: Cursor) -> None:
        """``reflect NAME [timeout SECONDS]``: the packet passes, and is recorded."""
        cursor.next("name of a reflexive list")
        if cursor.accept("timeout"):
            cursor.number("timeout", 1, 2**31)

    def _condition(
        self, cursor: Cursor, entry: EntryLine, start: int, arguments: int, hint: str
    ) -> None:
        """Read a word and its arguments as a condition; flags behind it belong to it."""
        cursor.at = start + 1
        for _ in range(arguments):
            cursor.next("value")
        while cursor.peek.startswith(("+", "-")):
            cursor.next("flag")
        text = " ".join(cursor.words[start : cursor.at])
        entry.conditions += (self.findings.condition(cursor.line, text, hint, start),)

"""The lines of the ASA's access lists.

Source: "Cisco ASA Series Command Reference", ``access-list extended`` and ``access-list
standard``. A standard list names *destinations*; it cannot filter traffic.
"""

from typing import Final

from callgate.dialects.cisco.cursor import Cursor, Unreadable
from callgate.dialects.cisco.ends import ANY_V4, ANYWHERE
from callgate.dialects.cisco.entry_lines import ACTIONS, EntryLine, condition_rule, unknown_rule
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.groups import Groups
from callgate.dialects.cisco.lines import Line
from callgate.dialects.cisco.services import Service
from callgate.dialects.cisco.vocabulary import icmp_points
from callgate.dialects.cisco_asa.ends import EndReader
from callgate.dialects.cisco_asa.words import WORDS
from callgate.flows import IntervalSet, Protocol
from callgate.rules import Literal, Rule

#: Identity and TrustSec arguments, and how many words each takes after its own.
_IDENTITY: Final = {
    "user": 1,
    "user-group": 1,
    "object-group-user": 1,
    "security-group": 2,
    "object-group-security": 1,
}
_LOG_WORDS: Final = frozenset(
    {"disable", "default", "emergencies", "alerts", "critical", "errors", "warnings"}
    | {"notifications", "informational", "debugging"}
)
_PORT_WORDS: Final = frozenset({"eq", "neq", "lt", "gt", "range"})


class EntryReader:
    """Reads the part of a line that begins with ``permit`` or ``deny``."""

    def __init__(self, findings: Findings, ends: EndReader, services: Groups[Service]) -> None:
        self._findings = findings
        self._ends = ends
        self._services = services

    def rules(self, line: Line, at: int, *, standard: bool) -> list[Rule]:
        """The rules of a line; if it cannot be read, one with the line as its condition."""
        if line.words[at] not in ACTIONS:
            hint = f"{line.words[at]!r} is no entry of a list"
            return [unknown_rule(line, self._findings, hint, at)]
        action = ACTIONS[line.words[at]]
        entry = EntryLine(line, action)
        try:
            if standard:
                self._standard(Cursor(line, at + 1), entry)
            else:
                self._extended(Cursor(line, at + 1), entry)
        except Unreadable as error:
            return [condition_rule(line, action, self._findings, error.message, error.word)]
        return entry.rules(self._findings)

    def _standard(self, cursor: Cursor, entry: EntryLine) -> None:
        end = self._ends.end(cursor)
        entry.destination = ANY_V4 if end is ANYWHERE else end
        cursor.end()

    def _extended(self, cursor: Cursor, entry: EntryLine) -> None:
        protocols = self._protocols(cursor)
        self._identity(cursor, entry)
        entry.source = self._ends.end(cursor)
        source_ports = self._ports(cursor, protocols)
        self._identity(cursor, entry)
        entry.destination = self._ends.end(cursor)
        ports = self._ports(cursor, protocols)
        if ports is None:
            ports = self._messages(cursor, protocols)
        entry.services = _with_ports(protocols, source_ports, ports)
        self._tail(cursor, entry)

    def _protocols(self, cursor: Cursor) -> tuple[Service, ...]:
        if cursor.accept("object-group") or cursor.accept("object"):
            name = cursor.next("name of a group")
            if name in self._services:
                return self._services.resolve(name)
            return _predefined(name) or cursor.fail(f"there is no service object {name!r}", back=1)
        return (Service(WORDS.protocol(cursor)),)

    def _identity(self, cursor: Cursor, entry: EntryLine) -> None:
        while cursor.peek in _IDENTITY:
            start = cursor.at
            for _ in range(1 + _IDENTITY[cursor.peek]):
                cursor.next("identity")
            text = " ".join(cursor.words[start : cursor.at])
            entry.conditions += (self._condition(cursor, text, "who sends is not modelled", start),)

    def _condition(self, cursor: Cursor, text: str, hint: str, word: int) -> Literal:
        return self._findings.condition(cursor.line, text, hint, word)

    def _ports(self, cursor: Cursor, protocols: tuple[Service, ...]) -> list[Service] | None:
        """Ports, as services of which only the destination port and the condition count."""
        if cursor.peek in _PORT_WORDS:
            protocol = _one_protocol(protocols, cursor)
            return [Service(protocol, None, WORDS.ports(cursor, protocol))]
        if not self._group_of_services(cursor):
            return None
        cursor.next("object-group")
        members = self._services.resolve(cursor.next("name"))
        protocol = _one_protocol(protocols, cursor)
        found = [each._replace(protocol=_shared(each.protocol, protocol)) for each in members]
        found = [each for each in found if each.protocol]
        return found or cursor.fail("the group holds nothing of this protocol", back=1)

    def _group_of_services(self, cursor: Cursor) -> bool:
        rest = cursor.rest
        return len(rest) > 1 and rest[0] == "object-group" and rest[1] in self._services

    def _messages(self, cursor: Cursor, protocols: tuple[Service, ...]) -> list[Service] | None:
        protocol = protocols[0].protocol
        message = WORDS.icmp_message(cursor, protocol) if len(protocols) == 1 else None
        return None if message is None else [Service(protocol, None, message)]

    def _tail(self, cursor: Cursor, entry: EntryLine) -> None:
        while cursor.peek:
            if cursor.accept("log"):
                _log(cursor)
            elif cursor.accept("inactive"):
                entry.enabled = False
            elif cursor.accept("time-range"):
                text = f"time-range {cursor.next('name of a time-range')}"
                hint = "what time it is, is not modelled"
                literal = self._condition(cursor, text, hint, cursor.at - 2)
                entry.conditions += (literal,)
            else:
                cursor.end()


def _predefined(name: str) -> tuple[Service, ...]:
    """Service objects that are there without being defined: ``ospf``, ``icmp-echo``."""
    if name in WORDS.protocols:
        return (Service(IntervalSet.points((WORDS.protocols[name],))),)
    kind, code = WORDS.icmp.get(name.removeprefix("icmp-"), (None, None))
    if kind is None or not name.startswith("icmp-"):
        return ()
    return (Service(IntervalSet.points((Protocol.ICMP,)), None, icmp_points(kind, code)),)


def _one_protocol(protocols: tuple[Service, ...], cursor: Cursor) -> IntervalSet:
    """The protocols that ports can be asked of; Unreadable where that makes no sense."""
    together = IntervalSet.EMPTY
    for each in protocols:
        if each.protocol is None or each != Service(each.protocol):
            cursor.fail("ports behind a service that says its own, or has none")
        together = each.protocol | together if together else each.protocol
    return together


def _shared(one: IntervalSet | None, other: IntervalSet | None) -> IntervalSet | None:
    """What two sets share; None is everything."""
    if one is None or one is other:
        return other
    return one if other is None else one & other


def _with_ports(
    protocols: tuple[Service, ...],
    source_ports: list[Service] | None,
    ports: list[Service] | None,
) -> tuple[Service, ...]:
    """Join what stands before the addresses with what stands behind each of them.

    The ports on either side say which of the protocols they belong to.
    """
    if source_ports is None:
        return protocols if ports is None else tuple(ports)
    turned = [Service(s.protocol, s.destination_port, None, s.conditions) for s in source_ports]
    if ports is None:
        return tuple(turned)
    return tuple(
        Service(
            both, source.source_port, target.destination_port, source.conditions + target.conditions
        )
        for source in turned
        for target in ports
        if (both := _shared(source.protocol, target.protocol)) is None or both
    )


def _log(cursor: Cursor) -> None:
    """``log [[level] [interval seconds] | disable | default]``: no effect on packets."""
    if cursor.peek in _LOG_WORDS or cursor.peek.isdigit():
        cursor.next("level")
    if cursor.accept("interval"):
        cursor.number("interval", 1, 600)

"""Objects and object groups of the ASA.

Source: "Cisco ASA Series Command Reference", ``object network``, ``object service``,
``object-group`` (``network``, ``service``, ``protocol``, ``icmp-type``) and its members.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from callgate.dialects.cisco.cursor import Cursor, Unreadable
from callgate.dialects.cisco.ends import Alternative
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.groups import Definition, Groups
from callgate.dialects.cisco.lines import Line, Statement
from callgate.dialects.cisco.services import Service, written_service
from callgate.dialects.cisco.vocabulary import TCP, TCP_UDP, UDP
from callgate.dialects.cisco_asa.ends import EndReader
from callgate.dialects.cisco_asa.words import WORDS
from callgate.flows import IntervalSet, Protocol

_ICMP: Final = IntervalSet.points((Protocol.ICMP,))
#: ``object-group service NAME tcp`` and its like hold ports and no protocols.
_PORT_GROUPS: Final = {"tcp": TCP, "udp": UDP, "tcp-udp": TCP_UDP}
#: What cannot be an object's value, and says nothing about it.
_SILENT: Final = frozenset({"description", "nat"})


Part = TypeVar("Part")


class ObjectReader:
    """Fills the two namespaces of groups."""

    def __init__(
        self,
        findings: Findings,
        ends: EndReader,
        networks: Groups[Alternative],
        services: Groups[Service],
    ) -> None:
        self._findings = findings
        self._ends = ends
        self._networks = networks
        self._services = services
        self._members: Final[dict[str, Callable[[Cursor], Service]]] = {
            "protocol-object": lambda cursor: Service(WORDS.protocol(cursor)),
            "service-object": lambda cursor: written_service(cursor, WORDS),
            "icmp-object": _icmp_member,
        }

    def read(self, statement: Statement) -> None:
        """Read one ``object`` or ``object-group`` with its body."""
        head, words = statement.head, statement.head.words
        if len(words) < 3:
            self._findings.report(head, "the name is missing")
        elif words[:2] == ("object", "network"):
            self._object(statement)
        elif words[:2] == ("object", "service"):
            self._service_object(statement)
        elif words[1] == "network":
            self._network_group(statement)
        elif words[1] in {"service", "protocol", "icmp-type"}:
            self._service_group(statement)
        else:
            self._findings.report(head, f"objects of the kind {words[1]} are not modelled")

    def _object(self, statement: Statement) -> None:
        definition = self._networks.define(statement.head.words[2], statement.head)
        for line in statement.body:
            _try(self._networks, definition, line, self._network_value)

    def _network_value(self, definition: Definition[Alternative], line: Line) -> None:
        definition.parts[:] = self._ends.object_member(Cursor(line))

    def _service_object(self, statement: Statement) -> None:
        definition = self._services.define(statement.head.words[2], statement.head)
        for line in statement.body:
            _try(self._services, definition, line, _service_value)

    def _network_group(self, statement: Statement) -> None:
        definition = self._networks.define(statement.head.words[2], statement.head)
        for line in statement.body:
            _try(self._networks, definition, line, self._network_member)

    def _network_member(self, definition: Definition[Alternative], line: Line) -> None:
        if line.words[0] == "group-object":
            return _reference(definition, line, 1)
        if line.words[:2] == ("network-object", "object"):
            return _reference(definition, line, 2)
        cursor = Cursor(line, 1)
        if line.words[0] != "network-object":
            cursor.fail(f"{line.words[0]!r} is no member of this group", back=1)
        definition.parts += self._ends.end(cursor)
        return cursor.end()

    def _service_group(self, statement: Statement) -> None:
        words = statement.head.words
        definition = self._services.define(words[2], statement.head)
        protocol = _PORT_GROUPS.get(words[3]) if len(words) > 3 else None
        read = partial(self._service_member, protocol)
        for line in statement.body:
            _try(self._services, definition, line, read)

    def _service_member(
        self, protocol: IntervalSet | None, definition: Definition[Service], line: Line
    ) -> None:
        kind = line.words[0]
        if kind == "group-object":
            return _reference(definition, line, 1)
        if line.words[:2] == ("service-object", "object"):
            return _reference(definition, line, 2)
        cursor = Cursor(line, 1)
        if kind == "port-object" and protocol is not None:
            definition.parts.append(_port_member(cursor, protocol))
        elif kind in self._members:
            definition.parts.append(self._members[kind](cursor))
        else:
            cursor.fail(f"{kind!r} is no member of this group", back=1)
        return cursor.end()


def _try(
    groups: Groups[Part],
    definition: Definition[Part],
    line: Line,
    read: Callable[[Definition[Part], Line], None],
) -> None:
    """Read one line of a body; what cannot be read is a part that is a condition."""
    if line.words[0] in _SILENT:
        return
    try:
        read(definition, line)
    except Unreadable as error:
        groups.unreadable(definition, line, error.message)


def _reference(definition: Definition[Part], line: Line, words: int) -> None:
    """A member that names another definition, behind so many words."""
    cursor = Cursor(line, words)
    definition.references.append((cursor.next("name"), line))
    cursor.end()


def _service_value(definition: Definition[Service], line: Line) -> None:
    cursor = Cursor(line, 1)
    if line.words[0] != "service":
        cursor.fail(f"{line.words[0]!r} is no value of a service object", back=1)
    definition.parts[:] = [written_service(cursor, WORDS)]


def _port_member(cursor: Cursor, protocol: IntervalSet) -> Service:
    ports = WORDS.ports(cursor, protocol)
    if ports is None:
        cursor.fail("eq or range is missing")
    return Service(protocol, None, ports)


def _icmp_member(cursor: Cursor) -> Service:
    message = WORDS.icmp_message(cursor, _ICMP)
    if message is None:
        cursor.fail(f"there is no ICMP type {cursor.peek!r}")
    return Service(_ICMP, None, message)

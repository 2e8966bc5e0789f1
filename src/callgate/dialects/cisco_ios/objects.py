"""Object groups of IOS.

Source: "Cisco IOS Security Configuration Guide: Access Control Lists", chapter "Object
Groups for ACLs". ``object-group protocol`` is the ASA's, and read the same way.
"""

from typing import Final

from callgate.dialects.cisco.cursor import Cursor, Unreadable
from callgate.dialects.cisco.ends import Alternative
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.groups import Groups
from callgate.dialects.cisco.lines import Line, Statement
from callgate.dialects.cisco.services import Service, written_service
from callgate.dialects.cisco.vocabulary import TCP_UDP
from callgate.dialects.cisco_ios.ends import EndReader
from callgate.dialects.cisco_ios.words import WORDS

_NETWORKS: Final = frozenset({"network", "v6-network"})
_SERVICES: Final = frozenset({"service", "v6-service", "protocol"})


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

    def read(self, statement: Statement) -> None:
        """Read one ``object-group`` with its body."""
        head, words = statement.head, statement.head.words
        if len(words) == 3 and words[1] in _NETWORKS:
            self._network_group(words[2], statement)
        elif len(words) == 3 and words[1] in _SERVICES:
            self._service_group(words[2], statement)
        elif len(words) == 4 and words[1:3] == ("ip", "address"):  # as on NX-OS
            self._network_group(words[3], statement)
        else:
            self._findings.report(head, "groups of this kind are not modelled")

    def _network_group(self, name: str, statement: Statement) -> None:
        definition = self._networks.define(name, statement.head)
        for line in _members(statement):
            try:
                if not _refers(line, definition.references):
                    cursor = _past_number(line)
                    definition.parts += self._ends.member(cursor)
                    cursor.end()
            except Unreadable as error:
                self._networks.unreadable(definition, line, error.message)

    def _service_group(self, name: str, statement: Statement) -> None:
        definition = self._services.define(name, statement.head)
        for line in _members(statement):
            try:
                if not _refers(line, definition.references):
                    definition.parts.append(_service(line))
            except Unreadable as error:
                self._services.unreadable(definition, line, error.message)


def _members(statement: Statement) -> list[Line]:
    return [line for line in statement.body if line.words[0] not in {"description", "exit"}]


def _refers(line: Line, references: list[tuple[str, Line]]) -> bool:
    """Take a member that is another group; whether it is one."""
    if line.words[0] != "group-object":
        return False
    cursor = Cursor(line, 1)
    references.append((cursor.next("name of a group"), line))
    cursor.end()
    return True


def _past_number(line: Line) -> Cursor:
    """NX-OS numbers the members of a group, and the ASA has a word before them."""
    return Cursor(line, 1 if line.words[0].isdigit() or line.words[0] == "network-object" else 0)


def _service(line: Line) -> Service:
    """``tcp [source [eq] 1024] [[eq] 443]``: ``eq`` may be left out."""
    cursor = Cursor(line)
    cursor.accept("protocol-object")
    start = cursor.at
    protocol = WORDS.protocol(cursor)
    if protocol is None or not protocol <= TCP_UDP:
        return written_service(Cursor(line, start), WORDS)
    source = None
    if cursor.accept("source"):
        source = WORDS.ports(cursor, protocol) or WORDS.port(cursor, protocol)
    target = WORDS.ports(cursor, protocol)
    if target is None and cursor.peek:
        target = WORDS.port(cursor, protocol)
    cursor.end()
    return Service(protocol, source, target)

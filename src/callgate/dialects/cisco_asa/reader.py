"""Reading a whole ASA configuration."""

import re
from collections.abc import Callable
from typing import Final

from callgate.dialects.cisco import ends as cisco_ends
from callgate.dialects.cisco import services as cisco_services
from callgate.dialects.cisco.ends import ANY_V4, ANYWHERE, ONLY_V4, ONLY_V6, Alternative
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.groups import Groups
from callgate.dialects.cisco.lines import Line, Statement, read_lines, statements
from callgate.dialects.cisco.services import Service
from callgate.dialects.cisco_asa import keywords, nat
from callgate.dialects.cisco_asa.ends import EndReader
from callgate.dialects.cisco_asa.entries import EntryReader
from callgate.dialects.cisco_asa.interfaces import Interface, read_interface
from callgate.dialects.cisco_asa.lists import ListReader
from callgate.dialects.cisco_asa.objects import ObjectReader
from callgate.dialects.cisco_asa.paths import Bindings, Crossing
from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.cisco import is_asa
from callgate.rules import BOTH_FAMILIES, Ruleset

#: Before 9.0 ``any`` was IPv4, and IPv6 had lists of its own.
_FIRST_UNIFIED: Final = 9
_VERSION: Final = re.compile(r"(?:ASA|PIX|FWSM) Version (\d{1,3})\b")
#: Filtering commands that are read wherever they are indented.
_GLOBAL: Final = frozenset({"access-list", "access-group", "object", "object-group"})
#: The lines of a submode, for configurations without indentation.
_SUBMODES: Final = {
    "object": frozenset({"host", "subnet", "range", "fqdn", "service", "description"}),
    "object-group": frozenset(
        {"network-object", "group-object", "service-object", "port-object", "protocol-object"}
        | {"icmp-object", "description"}
    ),
    "interface": frozenset({"nameif", "security-level", "management-only", "shutdown"}),
}


class CiscoAsa:
    """The reader of ``show running-config`` of an ASA (and of PIX and FWSM before it)."""

    name = "cisco-asa"
    title = "Cisco Secure Firewall ASA"

    def detect(self, text: str) -> bool:
        """Whether more lines look like an ASA's than like a router's."""
        return is_asa(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the configuration says; InputError when the text is no configuration."""
        del include  # nothing in this language names another text
        lines = read_lines(text, source, comments="!:", delimited=False)
        return _Configuration(source, lines).ruleset()


def _is_global(words: tuple[str, ...]) -> bool:
    return words[0] in _GLOBAL


def _belongs(head: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return words[0] in _SUBMODES.get(head[0], ())


def _is_old(lines: list[Line]) -> bool:
    for line in lines:
        version = _VERSION.match(line.text)
        if version:
            return int(version[1]) < _FIRST_UNIFIED
    return False


class _Configuration:
    """One configuration while it is read, statement by statement."""

    def __init__(self, source: str, lines: list[Line]) -> None:
        self._source = source
        self._old = _is_old(lines)
        self._statements = statements(lines, _is_global, _belongs)
        self._findings = Findings(source)
        self._networks: Groups[Alternative] = Groups(
            self._findings, cisco_ends.merged, lambda c: Alternative(BOTH_FAMILIES, None, c)
        )
        self._services: Groups[Service] = Groups(
            self._findings, cisco_services.merged, lambda c: Service(None, conditions=(c,))
        )
        self._lists = ListReader(self._findings)
        self._hardware: dict[tuple[str, ...], Statement] = {}
        self._interfaces: dict[str, Interface] = {}
        self._bindings = Bindings()
        self._same_security: set[str] = set()
        self._names: dict[str, str] = {}
        self._objects: list[Statement] = []
        self._handlers: Final[dict[str, Callable[[Statement], None]]] = {
            "access-group": self._access_group,
            "access-list": self._access_list,
            "clear": self._no,
            "global": self._translation,
            "interface": self._interface,
            "ipv6": self._ipv6,
            "name": self._name,
            "nat": self._translation,
            "no": self._no,
            "object": self._objects.append,
            "object-group": self._objects.append,
            "policy-map": self._policy_map,
            "group-policy": self._group_policy,
            "same-security-traffic": self._same_security_traffic,
            "static": self._translation,
        }

    def ruleset(self) -> Ruleset:
        """Read everything."""
        for statement in self._statements:
            self._read(statement)
        for statement in self._hardware.values():
            found = read_interface(statement, self._findings)
            if found is not None:
                self._interfaces[found.name] = found
        own = {each.name: each.addresses for each in self._interfaces.values() if each.addresses}
        any_end = ANY_V4 if self._old else ANYWHERE
        ends = EndReader(self._findings, self._names, self._networks, own, any_end)
        objects = ObjectReader(self._findings, ends, self._networks, self._services)
        for statement in self._objects:
            objects.read(statement)
        for name in self._networks.definitions:
            self._networks.resolve(name)
        for name in self._services.definitions:
            self._services.resolve(name)
        for statement in self._objects:
            nat.note_object_translation(statement, self._networks, self._findings)
        return self._crossed(EntryReader(self._findings, ends, self._services))

    def _crossed(self, reader: EntryReader) -> Ruleset:
        lists = {
            name: each.chain(name, reader, self._source) for name, each in self._lists.lists.items()
        }
        crossing = Crossing(
            self._findings, lists, self._interfaces, self._bindings, frozenset(self._same_security)
        )
        entries = crossing.entries()
        v6_lists = any(each.families == ONLY_V6 for each in lists.values())
        return Ruleset(
            CiscoAsa.name,
            self._source,
            crossing.chains,
            entries,
            ONLY_V4 if self._old and not v6_lists else BOTH_FAMILIES,
            self._findings.unmodelled,
            tuple(self._findings.notes),
            stateful=True,
        )

    def _read(self, statement: Statement) -> None:
        head = statement.head
        words = head.words
        if words[0] in self._handlers:
            self._handlers[words[0]](statement)
            return
        for length in (1, 2, 3):
            hint = keywords.UNMODELLED.get(words[:length])
            if hint:
                self._findings.report(head, hint)
                return
        if words[0] not in keywords.IRRELEVANT:
            self._findings.report(head, "this command is not known")

    def _access_list(self, statement: Statement) -> None:
        self._lists.read(statement.head, families=ONLY_V4 if self._old else BOTH_FAMILIES)

    def _ipv6(self, statement: Statement) -> None:
        if statement.head.words[1:2] == ("access-list",):
            self._lists.read(statement.head, 2, ONLY_V6)

    def _access_group(self, statement: Statement) -> None:
        line = statement.head
        match line.words[1:]:
            case (name, "global"):
                self._bindings.everywhere.append((name, line))
            case (name, ("in" | "out") as direction, "interface", interface):
                self._bind(name, interface, direction, line)
            case (name, "in", "interface", interface, "control-plane"):
                self._bind(name, interface, "control-plane", line)
            case (name, "in", "interface", interface, "per-user-override"):
                self._findings.report(line, "lists of users that have logged in come first")
                self._bind(name, interface, "in", line)
            case _:
                self._findings.report(line, "this is no binding of a list")

    def _bind(self, name: str, interface: str, direction: str, line: Line) -> None:
        self._bindings.at_interface.setdefault((interface, direction), []).append((name, line))

    def _interface(self, statement: Statement) -> None:
        """Keep an interface; what is said of it twice adds up."""
        words = statement.head.words
        self._hardware.setdefault(words, Statement(statement.head, [])).body.extend(statement.body)

    def _name(self, statement: Statement) -> None:
        words = statement.head.words
        if len(words) < 3:
            self._findings.report(statement.head, "an address and a name are expected")
            return
        self._names[words[2]] = words[1]

    def _no(self, statement: Statement) -> None:
        line = statement.head
        words = line.words[1:]
        if words[:1] == ("access-list",):
            self._lists.remove(line)
        elif words[:2] == ("configure", "access-list") and len(words) == 3:
            self._lists.lists.pop(words[2], None)
        elif words[:1] == ("access-group",) and self._bindings.remove(words):
            return
        elif words and (words[0] in _GLOBAL or words[0] == "same-security-traffic"):
            self._findings.report(line, "taking back is modelled for lines of access lists only")

    def _policy_map(self, statement: Statement) -> None:
        for line in statement.body:
            if line.words[0] in keywords.POLICY_ACTIONS:
                self._findings.report(line, "an inspection policy can end a connection")

    def _group_policy(self, statement: Statement) -> None:
        for line in statement.body:
            if line.words[0] == "vpn-filter" and line.words[1:] != ("none",):
                self._findings.report(line, "filters the traffic of VPN users")

    def _same_security_traffic(self, statement: Statement) -> None:
        match statement.head.words[1:]:
            case ("permit", ("inter-interface" | "intra-interface") as kind):
                self._same_security.add(kind)
            case _:
                self._findings.report(statement.head, "inter-interface or intra-interface missing")

    def _translation(self, statement: Statement) -> None:
        nat.note_translation(statement.head, self._findings)

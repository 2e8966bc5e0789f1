"""Reading a whole IOS configuration."""

from collections.abc import Callable
from typing import Final

from callgate.dialects.cisco import ends as cisco_ends
from callgate.dialects.cisco import services as cisco_services
from callgate.dialects.cisco.ends import ONLY_V4, Alternative
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.groups import Groups
from callgate.dialects.cisco.lines import Line, Statement, read_lines, statements
from callgate.dialects.cisco.services import Service
from callgate.dialects.cisco_ios import keywords
from callgate.dialects.cisco_ios.ends import EndReader
from callgate.dialects.cisco_ios.entries import EntryReader
from callgate.dialects.cisco_ios.interfaces import Interface, read_interface
from callgate.dialects.cisco_ios.lists import ListReader
from callgate.dialects.cisco_ios.objects import ObjectReader
from callgate.dialects.cisco_ios.paths import Crossing
from callgate.dialects.cisco_ios.zones import Zones
from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.cisco import is_ios
from callgate.rules import BOTH_FAMILIES, Chain, Match, Ruleset

#: Filtering commands that are read wherever they are indented, by one or two words.
_GLOBAL: Final = frozenset(
    {("access-list",), ("object-group",), ("ip", "access-list"), ("ipv6", "access-list")}
    | {("zone-pair",), ("zone", "security")}
)
_ENTRIES: Final = frozenset({"permit", "deny", "remark", "evaluate", "sequence"})
#: The lines of a submode, by their first words, for configurations without indentation.
_SUBMODES: Final = {
    "access-list": frozenset({"permit", "deny", "remark"}),
    "class-map": frozenset({"match"}),
    "interface": frozenset(
        {"ip access-group", "ipv6 traffic-filter", "zone-member security", "shutdown"}
        | {"ip inspect", "no shutdown", "ip address", "ipv6 address"}
    ),
    "object-group": frozenset(
        {"host", "range", "any", "group-object", "tcp", "udp", "tcp-udp", "icmp", "description"}
    ),
    "policy-map": frozenset({"class", "inspect", "pass", "drop"}),
    "zone-pair": frozenset({"service-policy"}),
}


class CiscoIos:
    """The reader of ``show running-config`` of IOS and IOS XE."""

    name = "cisco-ios"
    title = "Cisco IOS and IOS XE"

    def detect(self, text: str) -> bool:
        """Whether more lines look like a router's than like an ASA's."""
        return is_ios(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the configuration says; InputError when the text is no configuration."""
        del include  # nothing in this language names another text
        lines = read_lines(text, source, comments="!", delimited=True)
        return _Configuration(source, lines).ruleset()


def _is_global(words: tuple[str, ...]) -> bool:
    return words[:1] in _GLOBAL or words[:2] in _GLOBAL


def _belongs(head: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if head[0] in {"ip", "ipv6"}:
        return head[1:2] == ("access-list",) and (words[0] in _ENTRIES or words[0].isdigit())
    inner = _SUBMODES.get(head[0], frozenset())
    return words[0] in inner or " ".join(words[:2]) in inner


class _Configuration:
    """One configuration while it is read, statement by statement."""

    def __init__(self, source: str, lines: list[Line]) -> None:
        self._source = source
        self._statements = statements(lines, _is_global, _belongs)
        self._findings = Findings(source)
        self._networks: Groups[Alternative] = Groups(
            self._findings, cisco_ends.merged, lambda c: Alternative(BOTH_FAMILIES, None, c)
        )
        self._services: Groups[Service] = Groups(
            self._findings, cisco_services.merged, lambda c: Service(None, conditions=(c,))
        )
        self._ends = EndReader(self._findings, self._networks)
        self._objects = ObjectReader(self._findings, self._ends, self._networks, self._services)
        self._lists = ListReader(self._findings)
        self._hardware: dict[tuple[str, ...], Statement] = {}
        self._interfaces: dict[str, Interface] = {}
        self._chains: dict[str, Chain] = {}
        self._zones = Zones(self._findings, self._chains)
        self._speaks_v6 = False
        self._handlers: Final[dict[str, Callable[[Statement], None]]] = {
            "access-list": lambda each: self._lists.numbered(each.head, each.body),
            "class-map": self._class_map,
            "default": self._no,
            "interface": self._interface,
            "ip": self._ip,
            "ipv6": self._ipv6,
            "no": self._no,
            "object-group": self._objects.read,
            "policy-map": self._policy_map,
            "zone": self._zone,
            "zone-pair": self._zones.zone_pair,
        }

    def ruleset(self) -> Ruleset:
        """Read everything."""
        for statement in self._statements:
            self._read(statement)
        for statement in self._hardware.values():
            found = read_interface(statement, self._findings)
            self._interfaces[found.name] = found
        for name in self._networks.definitions:
            self._networks.resolve(name)
        for name in self._services.definitions:
            self._services.resolve(name)
        reader = EntryReader(self._findings, self._ends, self._services)
        for each in self._lists.lists.values():
            each.record(reader)
        for name, each in self._lists.lists.items():
            self._chains[name] = each.chain(name, reader, self._source)
        pairs = self._zones.pairs()
        lists = tuple(self._lists.lists)
        crossing = Crossing(self._findings, self._chains, lists, self._interfaces, pairs)
        return Ruleset(
            CiscoIos.name,
            self._source,
            self._chains,
            crossing.entries(),
            BOTH_FAMILIES if self._speaks_v6 else ONLY_V4,
            self._findings.unmodelled,
            tuple(self._findings.notes),
        )

    def _read(self, statement: Statement) -> None:
        words = statement.head.words
        for length in (1, 2, 3):
            hint = keywords.UNMODELLED.get(words[:length])
            if hint:
                self._findings.report(statement.head, hint)
                return
        if words[0] in self._handlers:
            self._handlers[words[0]](statement)
        elif words[0] not in keywords.IRRELEVANT:
            self._findings.report(statement.head, "this command is not known")

    def _ip(self, statement: Statement) -> None:
        match statement.head.words[1:]:
            case ("access-list", *_):
                self._lists.named(statement)
            case ("nat", ("inside" | "outside"), *_):
                self._findings.note("nat", statement.head, Match(families=ONLY_V4))
            case ("nat" | "inspect", *_):
                return  # pools and timers; rules of inspection that bind to an interface
            case ("port-map", *_):
                self._zones.remapped = True
            case (word, *_) if word in keywords.IP:
                return
            case _:
                self._findings.report(statement.head, "this command is not known")

    def _ipv6(self, statement: Statement) -> None:
        self._speaks_v6 = True
        words = statement.head.words[1:]
        if words[:1] == ("access-list",):
            self._lists.named(statement)
        elif "".join(words[:1]) not in keywords.IP:
            self._findings.report(statement.head, "this command is not known")

    def _interface(self, statement: Statement) -> None:
        """Keep an interface; what is said of it twice adds up."""
        if len(statement.head.words) < 2:
            self._findings.report(statement.head, "the name is missing")
            return
        words = statement.head.words
        self._hardware.setdefault(words, Statement(statement.head, [])).body.extend(statement.body)
        self._speaks_v6 |= any(line.words[0] == "ipv6" for line in statement.body)

    def _class_map(self, statement: Statement) -> None:
        if statement.head.words[1:3] == ("type", "inspect"):
            self._zones.class_map(statement)

    def _policy_map(self, statement: Statement) -> None:
        if statement.head.words[1:3] == ("type", "inspect"):
            self._zones.policy_map(statement)

    def _zone(self, statement: Statement) -> None:
        if statement.head.words[1:2] != ("security",):
            self._findings.report(statement.head, "this command is not known")

    def _no(self, statement: Statement) -> None:
        """``no …`` matters where it takes back what filters."""
        line, words = statement.head, statement.head.words[1:]
        if words[:1] == ("access-list",) and len(words) == 2:
            self._lists.remove(words[1], line)
        elif words[1:2] == ("access-list",) and len(words) > 2:
            self._lists.remove(words[-1], line)
        elif words and (_is_global(words) or words[0] == "interface"):
            self._findings.report(line, "taking back is modelled for whole lists only")

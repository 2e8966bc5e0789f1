"""Network ACLs: numbered entries, allow and deny, each direction by itself, stateless."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.aws.reading.report import Report, function_of, words
from callgate.dialects.aws.reading.traffic import Traffic, block, families_of, traffic
from callgate.profiles.documents import JsonPath, Record
from callgate.rules import Action, Chain, Entry, Literal, Match, Rule

_KNOWN: Final = frozenset(
    {"RuleNumber", "RuleAction", "Protocol", "Egress", "CidrBlock", "Ipv6CidrBlock"}
    | {"PortRange", "Icmp", "IcmpTypeCode", "NetworkAclId"}
)
_ACTIONS: Final = {"allow": Action.ACCEPT, "deny": Action.DROP}
_DIRECTIONS: Final = {True: "egress", False: "ingress"}


@dataclass
class Acl:
    """One network ACL while it is read: entries by direction, with their numbers."""

    name: str
    path: JsonPath
    entries_of: dict[bool, list[tuple[int, Rule]]] = field(
        default_factory=lambda: {True: [], False: []}
    )

    def chains(self, report: Report) -> Iterator[Chain]:
        """Each direction in order of rule number; what none takes is denied."""
        place = report.parsed.value_place(self.path)
        for egress, numbered in self.entries_of.items():
            rules = tuple(rule for _, rule in sorted(numbered, key=lambda pair: pair[0]))
            text = f"{self.name} denies everything else ({_DIRECTIONS[egress]})"
            yield Chain(self._way(egress), rules, Action.DROP, place=place, default_text=text)

    def entries(self, report: Report) -> Iterator[Entry]:
        """Out of the subnet, and into it; answers take the other way."""
        place = report.parsed.value_place(self.path)
        for egress, hook in ((True, "forward"), (False, "input")):
            way = self._way(egress)
            yield Entry(way, (way,), hook, place, self._way(not egress))

    def _way(self, egress: bool) -> str:
        return f"{self.name} {_DIRECTIONS[egress]}"


def add_entry(acl: Acl, record: Record, path: JsonPath, report: Report, *guards: Literal) -> None:
    """One entry; without a readable number or direction the whole list is unknown there."""
    place, text = report.parsed.value_place(path), words(record)
    egress = record.get("Egress", False)
    number = record.get("RuleNumber")
    action = _ACTIONS.get(str(record.get("RuleAction")))
    if not isinstance(egress, bool) or not isinstance(number, int) or action is None:
        unsure = report.condition(path, text, "its number, direction or action is not known here")
        for each in (True, False) if not isinstance(egress, bool) else (egress,):
            rule = Rule(Action.UNMODELLED, Match(conditions=(unsure,)), place, text)
            acl.entries_of[each].append((number if isinstance(number, int) else 0, rule))
        return
    match = _match(record, path, report, egress=egress, guards=guards)
    if match is not None:
        acl.entries_of[egress].append((number, Rule(action, match, place, text)))


def _match(
    record: Record, path: JsonPath, report: Report, *, egress: bool, guards: tuple[Literal, ...]
) -> Match | None:
    conditions = (*guards, *report.strangers(record, path, _KNOWN))
    try:
        what = _traffic(record)
        ends = block(record.get("CidrBlock", record.get("Ipv6CidrBlock")))
    except ValueError as error:
        unsure = report.condition(path, words(record), str(error))
        return Match(conditions=(*conditions, unsure))
    families = what.families & families_of(ends)
    if not families:
        return None
    return Match(
        families,
        what.protocol,
        source=None if egress else ends,
        destination=ends if egress else None,
        destination_port=what.ports,
        conditions=conditions,
    )


def _traffic(record: Record) -> Traffic:
    """ValueError for what cannot be read, a function of a template included."""
    protocol = record.get("Protocol")
    if any(map(function_of, record.values())):
        raise ValueError("the value of a function is not known here")
    typed = record.get("IcmpTypeCode", record.get("Icmp"))
    if isinstance(typed, dict):
        return traffic(protocol, typed.get("Type"), typed.get("Code"))
    ports = record.get("PortRange")
    if isinstance(ports, dict):
        return traffic(protocol, ports.get("From"), ports.get("To"))
    return traffic(protocol, None, None)

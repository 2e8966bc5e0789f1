"""A line of an access list, read into its parts, as the rules that it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from callgate.dialects.cisco.ends import ANYWHERE, Alternative, End
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.lines import Line
from callgate.dialects.cisco.services import Service
from callgate.flows import Family, IntervalSet
from callgate.rules import (
    ANY_STATE,
    BOTH_FAMILIES,
    Action,
    Addresses,
    Condition,
    ConnectionState,
    Literal,
    Match,
    Rule,
)

ACTIONS: Final = {"permit": Action.ACCEPT, "deny": Action.DROP}
ANY_SERVICE: Final = (Service(None),)
#: One line never becomes more rules than this; what is beyond is one condition.
_RULE_LIMIT: Final = 4096
#: The packets of a line whose two ends share no family.
_NOTHING: Final = Match(protocol=IntervalSet.EMPTY)


@dataclass(slots=True)
class EntryLine:
    """The parts of a line ``permit tcp 192.0.2.0/24 any eq 443 …``."""

    line: Line
    action: Action
    services: tuple[Service, ...] = ANY_SERVICE
    source: End = ANYWHERE
    destination: End = ANYWHERE
    state: ConnectionState = ANY_STATE
    conditions: tuple[Literal, ...] = ()
    families: frozenset[Family] = BOTH_FAMILIES
    enabled: bool = True

    def rules(self, findings: Findings) -> list[Rule]:
        """The rules, all with the place and the text of the line."""
        sources = self._without_names(findings)
        if len(sources) * len(self.destination) * len(self.services) > _RULE_LIMIT:
            return [self._beyond(findings)]
        place, text = self.line.place(findings.source), self.line.text
        rules = [
            Rule(self.action, match, place, text, "", self.enabled)
            for match in self._matches(sources)
        ]
        if rules:
            return rules
        findings.report(self.line, "no packet has a source and a destination like these")
        return [Rule(self.action, _NOTHING, place, text, "", self.enabled)]

    def _beyond(self, findings: Findings) -> Rule:
        hint = f"the groups of this line make more than {_RULE_LIMIT} rules"
        return condition_rule(self.line, self.action, findings, hint)

    def _matches(self, sources: Iterable[Alternative]) -> Iterator[Match]:
        for source in sources:
            for destination in self.destination:
                families = self.families & source.families & destination.families
                if not families:
                    continue
                conditions = _present(*self.conditions, source.condition, destination.condition)
                for service in self.services:
                    yield Match(
                        families,
                        service.protocol,
                        source.addresses,
                        destination.addresses,
                        service.source_port,
                        service.destination_port,
                        state=self.state,
                        conditions=(*conditions, *service.conditions),
                    )

    def _without_names(self, findings: Findings) -> End:
        """The source with each name as a condition: what it resolves to is not known."""
        if not any(each.addresses and each.addresses.names for each in self.source):
            return self.source
        found: list[Alternative] = []
        for each in self.source:
            if not (each.addresses and each.addresses.names):
                found.append(each)
                continue
            if each.addresses.v4 or each.addresses.v6:
                plain = Addresses(each.addresses.v4, each.addresses.v6)
                found.append(each._replace(addresses=plain))
            names = ", ".join(map(str, each.addresses.names.patterns))
            hint = "which addresses a name leads to is known on the device only"
            literal = findings.condition(self.line, f"the source is one of {names}", hint)
            found.append(Alternative(each.families, None, literal))
        return tuple(found)


def _present(*literals: Literal | None) -> tuple[Literal, ...]:
    if not any(literals):
        return ()
    return tuple(dict.fromkeys(literal for literal in literals if literal is not None))


def condition_rule(
    line: Line, action: Action, findings: Findings, hint: str, word: int = 0
) -> Rule:
    """A line that could not be read: its action, if the line as a whole takes the packet."""
    place = line.place(findings.source)
    findings.report(line, hint, word)
    match = Match(conditions=(Literal(Condition(line.text, place)),))
    return Rule(action, match, place, line.text)


def unknown_rule(line: Line, findings: Findings, hint: str, word: int = 0) -> Rule:
    """A line of a list of which not even the action is known: what it takes is unknown."""
    place = line.place(findings.source)
    findings.report(line, hint, word)
    match = Match(conditions=(Literal(Condition(line.text, place)),))
    return Rule(Action.UNMODELLED, match, place, line.text)

"""Policies as rules: those between two zones, and the global ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.juniper_srx.reading.applications import Service
from callgate.dialects.juniper_srx.reading.books import Books, End
from callgate.dialects.juniper_srx.reading.findings import Findings
from callgate.dialects.juniper_srx.reading.statements import Path, Statement
from callgate.dialects.members import Members
from callgate.flows import Family
from callgate.places import Place
from callgate.rules import (
    BOTH_FAMILIES,
    Action,
    Addresses,
    Interfaces,
    Literal,
    Match,
    Note,
    Rule,
)

_ACTIONS: Final = {"permit": Action.ACCEPT, "deny": Action.DROP, "reject": Action.REJECT}
_CONDITIONS: Final = {
    "source-identity": "who the user is, is known on the device only",
    "source-end-user-profile": "which device it is, is known there only",
    "dynamic-application": "applications are told from payload",
    "url-category": "categories are looked up by the device",
    "source-l3vpn-vrf-group": "the routing instance is not modelled",
    "destination-l3vpn-vrf-group": "the routing instance is not modelled",
}
#: What may stand behind ``then`` and does not decide.
_SILENT: Final = frozenset({"log", "count"})
_RULES: Final = 20_000
_TEXT: Final = 160
ANY: Final = "any"


@dataclass
class Draft:
    """One policy while it is read."""

    name: str
    place: Place
    zones: tuple[tuple[str, ...], tuple[str, ...]]
    matches: dict[str, list[tuple[str, Place]]] = field(default_factory=dict)
    then: list[Statement] = field(default_factory=list)
    rest: list[Statement] = field(default_factory=list)

    def add(self, path: Path, each: Statement) -> None:
        """One statement of it, without the words that name it."""
        match path:
            case ("match", "source-address-excluded" | "destination-address-excluded" as key):
                self.matches[key] = [("", each.place)]
            case ("match", key, value):
                self.matches.setdefault(key, []).append((value, each.place))
            case ("then", *rest):
                self.then.append(Statement(tuple(rest), each.place, each.text))
            case () | ("match",) | ("description", *_):
                return
            case _:
                self.rest.append(each)

    @property
    def text(self) -> str:
        """The policy on one line."""
        where = (
            "global" if self.zones == ((ANY,), (ANY,)) else " > ".join(map(",".join, self.zones))
        )
        facts = " ".join(
            f"{key} {' '.join(value for value, _ in values)}".strip()
            for key, values in self.matches.items()
        )
        words = " ".join(word for each in self.then for word in each.path)
        text = f"policy {self.name} ({where}): {facts} then {words}"
        return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"


@dataclass
class PolicyReader:
    """Turns drafts into rules."""

    findings: Findings
    books: Books
    services: Members[Service]
    zones: dict[str, tuple[str, ...]]

    def rules(self, draft: Draft) -> list[Rule]:
        """The rules of one policy, all with its place."""
        action = self._action(draft)
        conditions = tuple(self._conditions(draft))
        found = [
            Rule(action, match, draft.place, draft.text)
            for match in self._matches(draft, conditions)
        ]
        if len(found) > _RULES:
            unsure = self.findings.condition(draft.text, draft.place, "too many objects to follow")
            return [Rule(action, Match(conditions=(unsure,)), draft.place, draft.text)]
        if action is Action.ACCEPT:
            self._notes(draft, found)
        return found

    def _action(self, draft: Draft) -> Action:
        """What is done; a policy without ``then`` is refused by the device."""
        for each in draft.then:
            if each.path and each.path[0] in _ACTIONS:
                return _ACTIONS[each.path[0]]
        self.findings.condition(draft.text, draft.place, "it does not say what to do then")
        return Action.UNMODELLED

    def _conditions(self, draft: Draft) -> Iterator[Literal]:
        known = {"source-address", "destination-address", "application", "from-zone", "to-zone"}
        known |= {"source-address-excluded", "destination-address-excluded"}
        for key, values in draft.matches.items():
            if key in known or (key in _CONDITIONS and all(v == ANY for v, _ in values)):
                continue
            text = f"{key} is {', '.join(value for value, _ in values)}"
            hint = _CONDITIONS.get(key, f"unknown match {key!r}")
            yield self.findings.condition(text, values[0][1], hint)
        for each in draft.rest:
            hint = "what time it is, is not known here"
            if each.path[-2:-1] != ("scheduler-name",) and "scheduler-name" not in each.path:
                hint = "this part of a policy is not known"
            yield self.findings.condition(each.text, each.place, hint)

    def _matches(self, draft: Draft, conditions: tuple[Literal, ...]) -> Iterator[Match]:
        incoming, outgoing = (self._interfaces(zones) for zones in draft.zones)
        targets = self._ends(draft, "destination-address", draft.zones[1])
        services = self._services(draft)
        for source in self._without_names(draft):
            for target in targets:
                shared = _families(source.addresses) & _families(target.addresses)
                for service in services:
                    families = shared & service.families
                    if not families:
                        continue
                    hung = (source.condition, target.condition, service.condition)
                    yield Match(
                        families,
                        service.protocol,
                        source.addresses,
                        target.addresses,
                        service.source_port,
                        service.port,
                        incoming,
                        outgoing,
                        conditions=(*conditions, *(each for each in hung if each is not None)),
                    )

    def _ends(self, draft: Draft, key: str, zones: tuple[str, ...]) -> list[End]:
        """The addresses of one side, in the book of its zone; nothing said is any."""
        names = draft.matches.get(key, [(ANY, draft.place)])
        found = [end for zone in zones for end in self.books.resolve(names, zone)]
        found = list(dict.fromkeys(found))
        if f"{key}-excluded" not in draft.matches:
            return found
        return self._excluded(draft, key, found)

    def _excluded(self, draft: Draft, key: str, found: list[End]) -> list[End]:
        place = draft.matches[f"{key}-excluded"][0][1]
        if any(end.condition or (end.addresses and end.addresses.names) for end in found):
            text = f"the {key} is excluded"
            return [End(None, self.findings.condition(text, place, "excluded objects"))]
        if any(end.addresses is None for end in found):
            return []
        whole = Addresses()
        for end in found:
            whole = whole | (end.addresses or Addresses())
        return [End(whole.complement())]

    def _services(self, draft: Draft) -> list[Service]:
        names = draft.matches.get("application", [(ANY, draft.place)])
        return [each for name, place in names for each in self.services.resolve((name,), place)]

    def _without_names(self, draft: Draft) -> Iterator[End]:
        """Sources by name as conditions: which addresses they have is not known."""
        for end in self._ends(draft, "source-address", draft.zones[0]):
            if end.addresses is None or not end.addresses.names:
                yield end
                continue
            names = ", ".join(map(str, end.addresses.names.patterns))
            hint = "which addresses a name leads to is known on the device only"
            yield End(None, self.findings.condition(f"the source is {names}", draft.place, hint))

    def _interfaces(self, zones: tuple[str, ...]) -> Interfaces | None:
        if ANY in zones:
            return None
        found = [each for zone in zones for each in (zone, *self.zones.get(zone, ()))]
        return Interfaces(tuple(dict.fromkeys(found)))

    def _notes(self, draft: Draft, found: list[Rule]) -> None:
        """What else is done to a packet that is permitted: inspection, tunnels."""
        for each in draft.then:
            if each.path[:1] == ("permit",) and len(each.path) > 1 and found:
                self.findings.notes.append(
                    Note("inspection", each.text, each.place, found[0].match)
                )
            elif each.path and each.path[0] not in {*_ACTIONS, *_SILENT}:
                self.findings.report(each, "this action is not modelled")


def _families(addresses: Addresses | None) -> frozenset[Family]:
    if addresses is None or addresses.names:
        return BOTH_FAMILIES
    return frozenset(family for family in Family if addresses.family(family))

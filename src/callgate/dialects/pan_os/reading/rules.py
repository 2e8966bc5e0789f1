"""Security rules as rules of one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callgate.dialects.members import Members
from callgate.dialects.pan_os.reading import addresses, keys, services
from callgate.dialects.pan_os.reading.addresses import End
from callgate.dialects.pan_os.reading.findings import Findings
from callgate.dialects.pan_os.reading.services import Service
from callgate.dialects.pan_os.reading.tree import Node
from callgate.dialects.pan_os.reading.zones import Zones
from callgate.rules import Action, Addresses, Literal, Match, Note, Rule

ACTIONS: Final = {
    "allow": Action.ACCEPT,
    "deny": Action.DROP,
    "drop": Action.DROP,
    "reset-client": Action.REJECT,
    "reset-server": Action.REJECT,
    "reset-both": Action.REJECT,
}
_RULES: Final = 20_000
_TEXT: Final = 160
_DEFAULT: Final = "application-default"


@dataclass
class RuleReader:
    """Reads the entries of ``security rules``, and what other rulebases match."""

    findings: Findings
    addresses: Members[End]
    services: Members[Service]
    zones: Zones

    def rules(self, node: Node) -> list[Rule]:
        """The rules of one entry, all with its place."""
        text = shown(node)
        enabled = node.word("disabled") != "yes"
        action = ACTIONS.get(node.word("action"))
        missing = next((key for key in keys.NEEDED if not node.words(key)), "")
        if action is None or missing:
            hint = f"the rule has no {missing}" if missing else "it does not say allow or deny"
            unsure = self.findings.condition(text, node.place, hint)
            match = Match(conditions=(unsure,))
            return [Rule(Action.UNMODELLED, match, node.place, text, "", enabled)]
        conditions = tuple(self._conditions(node))
        found = [
            Rule(action, match, node.place, text, "", enabled)
            for match in self.matches(node, conditions)
        ]
        if len(found) > _RULES:
            unsure = self.findings.condition(text, node.place, "too many objects to follow")
            return [Rule(action, Match(conditions=(unsure,)), node.place, text, "", enabled)]
        if action is Action.ACCEPT and enabled:
            self._note(node, found)
        return found

    def matches(self, node: Node, conditions: tuple[Literal, ...] = ()) -> Iterator[Match]:
        """What an entry of any rulebase matches; what it does not say is any."""
        pairs = list(self.zones.pairs(node))
        targets = self._ends(node, "destination")
        wanted = self._services(node)
        for source in self._without_names(node):
            for target in targets:
                for service in wanted:
                    hung = (source.condition, target.condition, service.condition)
                    for incoming, outgoing in pairs:
                        yield Match(
                            protocol=service.protocol,
                            source=source.addresses,
                            destination=target.addresses,
                            source_port=service.source_port,
                            destination_port=service.port,
                            in_interface=incoming,
                            out_interface=outgoing,
                            conditions=(*conditions, *(each for each in hung if each)),
                        )

    def _conditions(self, node: Node) -> Iterator[Literal]:
        applications = node.at("application")
        if applications is not None and "any" not in applications.children:
            text = f"the application is {' or '.join(sorted(applications.children))}"
            hint = "applications are told from payload (App-ID)"
            yield self.findings.condition(text, applications.place, hint)
        for key in node.children.values():
            values = node.words(key.name)
            text = f"{key.name} {' '.join(_leaves(key))}".strip()
            if key.name in keys.CONDITIONS:
                if "any" not in values and values:
                    yield self.findings.condition(text, key.place, keys.CONDITIONS[key.name])
            elif key.name == "target":
                if key.at("devices") is not None:
                    hint = "the rule is for some firewalls of the group only"
                    yield self.findings.condition(text, key.place, hint)
            elif key.name not in keys.READ | keys.SILENT:
                yield self.findings.condition(text, key.place, f"unknown key {key.name!r}")

    def _ends(self, node: Node, side: str) -> list[End]:
        key = node.at(side)
        if key is None:
            return [End(None)]
        found = [
            end
            for each in key.children.values()
            for end in self.addresses.resolve((each.name,), each.place)
        ]
        if node.word(f"negate-{side}") == "yes":
            return self._negated(key, found)
        return addresses.united(found)

    def _negated(self, key: Node, found: list[End]) -> list[End]:
        if any(end.addresses is None and end.condition is None for end in found):
            return []
        if any(end.condition or (end.addresses and end.addresses.names) for end in found):
            text = f"the {key.name} is none of {' '.join(key.children)}"
            return [End(None, self.findings.condition(text, key.place, "negated objects"))]
        whole = Addresses()
        for end in found:
            whole = whole | (end.addresses or Addresses())
        return [End(whole.complement())]

    def _without_names(self, node: Node) -> Iterator[End]:
        """Sources by name as conditions: which addresses they have is not known."""
        for end in self._ends(node, "source"):
            if end.addresses is None or not end.addresses.names:
                yield end
                continue
            plain = Addresses(end.addresses.v4, end.addresses.v6)
            if plain.v4 or plain.v6:
                yield End(plain, end.condition)
            names = ", ".join(map(str, end.addresses.names.patterns))
            hint = "which addresses a name leads to is known on the device only"
            yield End(None, self.findings.condition(f"the source is {names}", node.place, hint))

    def _services(self, node: Node) -> list[Service]:
        key = node.at("service")
        if key is None or "any" in key.children:
            return [Service()]
        found = []
        for each in key.children.values():
            if each.name == _DEFAULT:
                found.append(Service(condition=self._default_port(node, each)))
            else:
                found += self.services.resolve((each.name,), each.place)
        return services.united(found)

    def _default_port(self, node: Node, service: Node) -> Literal:
        named = sorted(node.words("application"))
        whose = "the application" if "any" in named or not named else " or ".join(named)
        hint = "the vendor's list says which ports an application has by default; name services"
        text = f"the port is a default one of {whose}"
        return self.findings.condition(text, service.place, hint)

    def _note(self, node: Node, found: list[Rule]) -> None:
        """Inspection of what a rule allows: first packets pass, and later ones may not."""
        setting = node.at("profile-setting")
        if setting is not None and found and (leaves := list(_leaves(setting))):
            text = f"profile-setting {' '.join(leaves)}"
            self.findings.notes.append(Note("inspection", text, setting.place, found[0].match))


def _leaves(node: Node) -> Iterator[str]:
    """Every name below, in order."""
    waiting = list(reversed(node.children.values()))
    while waiting:
        each = waiting.pop()
        yield each.name
        waiting += reversed(each.children.values())


def shown(node: Node) -> str:
    """A rule on one line: its name, and what it says."""
    facts = " ".join(
        f"{key} {' '.join(node.words(key))}" for key in keys.NEEDED if node.at(key) is not None
    )
    text = f"rule {node.name}: {node.word('action')} {facts}"
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"

"""The zone-based policy firewall, as chains.

Source: "Cisco IOS Security Configuration Guide: Zone-Based Policy Firewalls" and "Security
Command Reference": ``class-map type inspect`` (``match-all`` unless ``match-any``),
``policy-map type inspect`` (the first class that takes a packet decides; ``class-default``
drops), ``inspect`` (passes, and so do the answers), ``pass`` (one way only), ``drop``,
``zone-pair security``. ``match protocol`` looks at the ports of the system-defined
port-to-application mapping.

A class is a chain of criteria. A list is one: what it permits belongs to the class. So a
criterion becomes rules that do *go* when it holds (accept, drop, or jump to what remains
to be asked) and fall through when it does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.lines import Line, Statement
from callgate.dialects.cisco_ios.applications import APPLICATIONS
from callgate.rules import Action, Chain, ConnectionState, Literal, Match, Rule

#: Classes nest this deep, and all policies together make so many rules; beyond, a class is
#: a condition.
_DEPTH: Final = 8
_RULE_LIMIT: Final = 50_000
_DEFAULT_CLASS: Final = "class-default"


class ZonePair(NamedTuple):
    """What decides between two zones, and what their answers meet (names of chains)."""

    line: Line
    chain: str
    answers: str


class Go(NamedTuple):
    """What happens when a criterion holds."""

    action: Action
    target: str = ""


@dataclass
class Zones:
    """Collects classes, policies and zone pairs, and turns them into chains."""

    findings: Findings
    chains: dict[str, Chain]
    remapped: bool = False
    _classes: dict[str, Statement] = field(default_factory=dict)
    _policies: dict[str, Statement] = field(default_factory=dict)
    _pairs: dict[tuple[str, str], tuple[Statement, str]] = field(default_factory=dict)
    _made: int = 0

    def class_map(self, statement: Statement) -> None:
        """Keep ``class-map type inspect [match-any | match-all] NAME``; twice adds up."""
        name = statement.head.words[-1]
        self._classes.setdefault(name, Statement(statement.head, [])).body.extend(statement.body)

    def policy_map(self, statement: Statement) -> None:
        """Keep ``policy-map type inspect NAME``; twice adds up."""
        name = statement.head.words[-1]
        self._policies.setdefault(name, Statement(statement.head, [])).body.extend(statement.body)

    def zone_pair(self, statement: Statement) -> None:
        """Keep ``zone-pair security NAME source A destination B`` and its policy."""
        match statement.head.words:
            case ("zone-pair", "security", _, "source", source, "destination", target):
                policies = [
                    line.words[-1] for line in statement.body if line.words[0] == "service-policy"
                ]
                key = (source, target)
                self._pairs[key] = (statement, policies[-1] if policies else "")
            case _:
                self.findings.report(statement.head, "this is no pair of zones")

    def pairs(self) -> Mapping[tuple[str, str], ZonePair]:
        """Build the chains of every pair."""
        return {
            zones: self._pair(statement.head, policy, zones)
            for zones, (statement, policy) in self._pairs.items()
        }

    def _pair(self, line: Line, policy: str, zones: tuple[str, str]) -> ZonePair:
        name = f"policy {policy}" if policy else f"{zones[0]} > {zones[1]}: no policy"
        answers = f"answers through {name}"
        if name not in self.chains:
            self._policy(name, policy, line, answers)
        return ZonePair(line, name, answers)

    def _policy(self, name: str, policy: str, line: Line, answers: str) -> None:
        statement = self._policies.get(policy)
        place = line.place(self.findings.source)
        passes = False
        rules: list[Rule] = []
        if statement is not None:
            place = statement.head.place(self.findings.source)
            for number, (head, actions) in enumerate(_classes_of(statement)):
                go = self._go(head, actions)
                passes = passes or any(each.words[0] == "pass" for each in actions)
                rules += self._class_rules(head, go, f"{name}/{number}")
        elif policy:
            self.findings.report(line, f"there is no policy {policy!r}")
            rules = [Rule(Action.UNMODELLED, Match(), place, line.text)]
        text = f"class-default of {name}: drop"
        self.chains[name] = Chain(name, tuple(rules), Action.DROP, place=place, default_text=text)
        self.chains[answers] = _answers(answers, self.chains[name], passes=passes)

    def _go(self, head: Line, actions: list[Line]) -> Go:
        for line in actions:
            word = line.words[0]
            if word in {"inspect", "pass"}:
                return Go(Action.ACCEPT)
            if word == "drop":
                return Go(Action.DROP)
            self.findings.report(line, "this action of a policy is not modelled")
        if not actions or all(line.words[0] == "description" for line in actions):
            return Go(Action.DROP)
        return Go(Action.UNMODELLED)

    def _class_rules(self, head: Line, go: Go, prefix: str) -> list[Rule]:
        name = head.words[-1]
        if name == _DEFAULT_CLASS:
            return [self._rule(go, Match(), head)]
        return self._class(name, head, go, prefix, ())

    def _class(
        self, name: str, line: Line, go: Go, prefix: str, above: tuple[str, ...]
    ) -> list[Rule]:
        statement = self._classes.get(name)
        if statement is None or name in above or len(above) >= _DEPTH or self._made > _RULE_LIMIT:
            hint = "no such class" if statement is None else "classes nest too deep to follow"
            return [self._uncertain(line, f"class {name}", hint, go)]
        criteria = [each for each in statement.body if each.words[0] != "description"]
        above = (*above, name)
        if "match-any" in statement.head.words:
            rules: list[Rule] = []
            for number, each in enumerate(criteria):
                rules += self._criterion(each, go, f"{prefix}/{name}/{number}", above)
            return rules
        for number, each in reversed(list(enumerate(criteria))):
            rules = self._criterion(each, go, f"{prefix}/{name}/{number}", above)
            if number == 0:
                return rules
            rest = f"{prefix}/{name}: from criterion {number + 1} on"
            self.chains[rest] = Chain(
                rest, tuple(rules), place=statement.head.place(self.findings.source)
            )
            go = Go(Action.JUMP, rest)
        return []

    def _criterion(self, line: Line, go: Go, prefix: str, above: tuple[str, ...]) -> list[Rule]:
        match line.words:
            case ("match", "access-group", "name", name):
                return self._list(name, line, go, prefix)
            case ("match", "access-group", name):
                return self._list(name, line, go, prefix)
            case ("match", "protocol", name) if name in APPLICATIONS and not self.remapped:
                return [
                    self._rule(go, Match(protocol=protocol, destination_port=ports), line)
                    for protocol, ports in APPLICATIONS[name]
                ]
            case ("match", "class-map", name):
                return self._class(name, line, go, prefix, above)
            case _:
                hint = "this criterion of a class is not modelled"
                return [self._uncertain(line, line.text, hint, go)]

    def _list(self, name: str, line: Line, go: Go, prefix: str) -> list[Rule]:
        """A list as a criterion: what it permits goes, what it denies falls through."""
        known = self.chains.get(name)
        if known is None:
            return [self._uncertain(line, line.text, f"there is no access list {name!r}", go)]
        rules: list[Rule] = []
        for rule in known.rules:
            if rule.action is Action.ACCEPT:
                rules.append(replace(rule, action=go.action, target=go.target))
            if rule.action is not Action.ACCEPT or go.action is Action.JUMP:
                rules.append(replace(rule, action=_left(rule.action)))
        if known.default is Action.ACCEPT:
            rules.append(self._rule(go, Match(families=known.families), line))
        self._made += len(rules)
        chain = f"{prefix}: {name}"
        self.chains[chain] = Chain(chain, tuple(rules), families=known.families, place=known.place)
        return [self._rule(Go(Action.JUMP, chain), Match(), line)]

    def _uncertain(self, line: Line, text: str, hint: str, go: Go) -> Rule:
        literal: Literal = self.findings.condition(line, text, hint)
        return self._rule(go, Match(conditions=(literal,)), line)

    def _rule(self, go: Go, match: Match, line: Line) -> Rule:
        self._made += 1
        place = line.place(self.findings.source)
        return Rule(go.action, match, place, line.text, go.target)


def _left(action: Action) -> Action:
    """What a list's own action means when the list only tells members of a class."""
    return Action.UNMODELLED if action is Action.UNMODELLED else Action.RETURN


def _classes_of(statement: Statement) -> list[tuple[Line, list[Line]]]:
    """The classes of a policy in order, each with its actions."""
    found: list[tuple[Line, list[Line]]] = []
    for line in statement.body:
        if line.words[0] == "class":
            found.append((line, []))
        elif found and line.words[0] != "description":
            found[-1][1].append(line)
    return found


def _answers(name: str, policy: Chain, *, passes: bool) -> Chain:
    """What answers meet: inspected connections are known; ``pass`` knows none."""
    known = Match(state=ConnectionState.ESTABLISHED | ConnectionState.RELATED)
    action, text = Action.ACCEPT, "inspect: answers pass"
    if passes:
        action = Action.UNMODELLED
        text = "pass remembers nothing: its answers need a zone-pair of their own"
    return Chain(name, (Rule(action, known, policy.place, text),), Action.DROP, place=policy.place)

"""Tests of the state of packets that the raw table left untracked.

Such a packet is untracked and never new. So a rule that tests the state, and that such a
packet may reach, becomes a jump to a chain of its own, which first looks whether a
``NOTRACK`` rule took the packet, and then tests the state of the others. That is exact
where the ``NOTRACK`` rule stands in a built-in chain of the raw table behind nothing that
could have let the packet pass by; elsewhere it is taken under a condition.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from callgate.dialects.nftables.reading.conjunction import both, with_literals
from callgate.places import Place
from callgate.rules import (
    ANY_STATE,
    Action,
    Chain,
    Condition,
    ConnectionState,
    Literal,
    Match,
    Note,
    Rule,
    Unmodelled,
)
from callgate.rules.graph import leaves

#: Pairs of such rules that are looked at one by one; beyond, all tests are conditions.
_PAIRS_MAX: Final = 200_000
_HINT: Final = "whether the packet is tracked is decided in the raw table"
#: Built-in chain -> those of the raw table that a packet in it came through.
_BEHIND: Final = {
    "INPUT": frozenset({"PREROUTING"}),
    "FORWARD": frozenset({"PREROUTING"}),
    "PREROUTING": frozenset({"PREROUTING"}),
    "OUTPUT": frozenset({"OUTPUT"}),
    "POSTROUTING": frozenset({"PREROUTING", "OUTPUT"}),
}
_HARMLESS: Final = frozenset({Action.CONTINUE, Action.DROP, Action.REJECT})


@dataclass(frozen=True, slots=True)
class _Untracking:
    """One ``NOTRACK`` rule, and the raw chains through which a packet comes to it."""

    rule: Rule
    hooks: frozenset[str]
    certain: bool


class Untracked:
    """The chains of a ruleset, in the light of its ``NOTRACK`` rules."""

    def __init__(self, chains: Mapping[str, Chain], notes: list[Note]) -> None:
        self.chains = dict(chains)
        self.unmodelled: list[Unmodelled] = []
        self._reported: set[Place] = set()
        self._hooks = _hooks(chains)
        self._rules = list(
            self._untracking({note.place for note in notes if note.kind == "notrack"})
        )
        if self._rules:
            self._rewrite(chains)

    def _untracking(self, places: set[Place]) -> list[_Untracking]:
        found: list[_Untracking] = []
        for key, chain in self.chains.items():
            if "raw/" in key:
                certain = chain.default is not Action.RETURN
                for rule in chain.rules:
                    if rule.place in places:
                        found.append(_Untracking(rule, self._hooks[key], certain))
                    certain = certain and rule.action in _HARMLESS
        return found

    def _rewrite(self, chains: Mapping[str, Chain]) -> None:
        tests = sum(rule.match.state != ANY_STATE for c in chains.values() for rule in c.rules)
        simple = tests * len(self._rules) > _PAIRS_MAX
        for key, chain in chains.items():
            rules: list[Rule] = []
            for rule in chain.rules:
                if rule.match.state == ANY_STATE or rule.action is Action.CONTINUE:
                    rules.append(rule)
                elif simple:
                    rules.append(self._under_condition(rule))
                else:
                    rules.append(self._after(rule, chain, len(rules)))
            self.chains[key] = replace(chain, rules=tuple(rules))

    def _after(self, rule: Rule, chain: Chain, index: int) -> Rule:
        """The rule itself where nothing touches it, or a jump to a chain of its own."""
        stateless = replace(rule.match, state=ANY_STATE)
        taken = [match for each in self._rules if (match := self._taken(each, stateless, chain))]
        if not taken:
            return rule
        if rule.action in {Action.RETURN, Action.GOTO}:
            return self._under_condition(rule)
        name = f"{chain.name}:{rule.place.line}.{index}"
        to_untracked = ConnectionState.UNTRACKED in rule.match.state
        first = [
            replace(rule, match=match)
            if to_untracked
            else Rule(Action.RETURN, match, source.place, source.text)
            for match, source in taken
        ]
        last = replace(rule, match=Match(rule.match.families, state=rule.match.state))
        self.chains[name] = Chain(name, (*first, last), families=chain.families, place=rule.place)
        return Rule(Action.JUMP, stateless, rule.place, rule.text, name, rule.enabled)

    def _taken(self, by: _Untracking, match: Match, chain: Chain) -> tuple[Match, Rule] | None:
        """What a ``NOTRACK`` rule takes of the packets that come to a rule."""
        hooks = self._hooks[chain.name]
        if not by.hooks & hooks or both(match, by.rule.match) is None:
            return None
        found: Match | None = by.rule.match
        if not by.certain or not hooks <= by.hooks:
            text = f"notrack: {by.rule.text}"
            found = with_literals(by.rule.match, (Literal(Condition(text, by.rule.place)),))
            self._report(text, by.rule.place)
        return None if found is None else (found, by.rule)

    def _under_condition(self, rule: Rule) -> Rule:
        text = f"its state is tracked: {rule.text}"
        self._report(text, rule.place)
        literals = (*rule.match.conditions, Literal(Condition(text, rule.place)))
        return replace(rule, match=replace(rule.match, conditions=literals))

    def _report(self, text: str, place: Place) -> None:
        if place not in self._reported:
            self._reported.add(place)
            self.unmodelled.append(Unmodelled(text, place, _HINT))


def _hooks(chains: Mapping[str, Chain]) -> dict[str, frozenset[str]]:
    """For each chain the raw chains that a packet in it may have come through."""
    found = {key: _BEHIND.get(key.rpartition("/")[2], frozenset()) for key in chains}
    found = {key: hooks if chains[key].default is not Action.RETURN else frozenset()
             for key, hooks in found.items()}  # fmt: skip
    waiting = [key for key, hooks in found.items() if hooks]
    while waiting:
        key = waiting.pop()
        for rule in leaves(chains[key]):
            if not found[key] <= found[rule.target]:
                found[rule.target] |= found[key]
                waiting.append(rule.target)
    return found

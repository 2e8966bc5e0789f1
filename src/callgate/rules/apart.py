"""Conditions that look alike and are not one fact: told apart, line by line.

The same text is the same fact about a packet: its mark, its time of arrival, its user. Not
so where the device *counts*. Two ``limit rate 5/second`` have a bucket each, and the second
may still have a token when the first is empty; a draw by chance falls anew each time; what
a rule adds to a set another rule finds there. And a mark, or what a set holds, is no fact of
the packet where rules change it on its way. Taking two such tests for one could prove that
a packet passes which a kernel drops, so each line has its own: the first keeps the text, and
the others are counted. Within one line, and when a chain is entered again, a test stays the
same: every outcome of "no, then yes" is also one of "yes" or of "no" throughout.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from callgate.places import Place
from callgate.rules.match import Condition, Literal, Match, Varies
from callgate.rules.rule import Action, Chain, Rule
from callgate.rules.ruleset import Ruleset

#: What a rule of each kind (:class:`~callgate.rules.Note`) changes for those behind it.
_SET_BY: Final = {"mark": Varies.MARKED, "set": Varies.LISTED}


def told_apart(ruleset: Ruleset) -> Ruleset:
    """The ruleset with a name of its own for each test that may come out differently."""
    kinds = {note.kind for note in ruleset.notes}
    varying = {Varies.COUNTED, *(what for kind, what in _SET_BY.items() if kind in kinds)}
    if not any(_varies(rule.match, varying) for rule in _rules(ruleset)):
        return ruleset
    names = _Names(varying)
    chains = {name: names.chain(chain) for name, chain in ruleset.chains.items()}
    return replace(ruleset, chains=chains)


def _rules(ruleset: Ruleset) -> Iterable[Rule]:
    return (rule for chain in ruleset.chains.values() for rule in chain.rules)


def _varies(match: Match, varying: set[Varies]) -> bool:
    return any(literal.condition.varies in varying for literal in match.conditions)


class _Names:
    """The lines on which each text was met, in order."""

    def __init__(self, varying: set[Varies]) -> None:
        self._varying = varying
        self._lines: dict[str, dict[Place, int]] = {}

    def chain(self, chain: Chain) -> Chain:
        if not any(_varies(rule.match, self._varying) for rule in chain.rules):
            return chain
        return replace(chain, rules=tuple(map(self._rule, chain.rules)))

    def _rule(self, rule: Rule) -> Rule:
        # What only logs decides nothing, and does not count: nearly all limits are there.
        if rule.action is Action.CONTINUE or not _varies(rule.match, self._varying):
            return rule
        literals = tuple(self._literal(each, rule.place) for each in rule.match.conditions)
        return replace(rule, match=replace(rule.match, conditions=literals))

    def _literal(self, literal: Literal, place: Place) -> Literal:
        condition = literal.condition
        if condition.varies not in self._varying:
            return literal
        lines = self._lines.setdefault(condition.text, {})
        number = lines.setdefault(place, len(lines) + 1)
        return literal if number == 1 else Literal(_numbered(condition, number), literal.negated)


def _numbered(condition: Condition, number: int) -> Condition:
    return replace(condition, text=f"{condition.text} (no. {number} of this text)")

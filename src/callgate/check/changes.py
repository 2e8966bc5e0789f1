"""Which packets two rulesets can treat differently at all.

Rules that stand in both rulesets in the same order treat alike every packet that meets
none of the other rules. So a difference lies where a packet *meets* a rule that is in one
of them only: it matches, and no rule before it in its chain has taken it away. The
question is cut to that. Two lists of 10,000 rules that differ in ten are compared on what
these ten decide (:mod:`callgate.check.met`), which is little even where they match a lot.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from callgate.check.alignment import stretches
from callgate.check.prepared import Prepared
from callgate.flows import Family
from callgate.rules import Action, Chain, Entry, Match, Rule
from callgate.verdicts import Line


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that is in one ruleset only, or out of order: its number in Prepared."""

    prepared: Prepared
    chain: str
    number: int

    @property
    def match(self) -> Match:
        """What the rule matches."""
        return self.prepared.rules[self.number].match

    @property
    def is_default(self) -> bool:
        """Whether it is what becomes of packets that no rule of the chain decides."""
        rules = self.prepared.ruleset.chains[self.chain].rules
        return self.number == self.prepared.spans[self.chain].start + len(rules)

    @property
    def line(self) -> Line:
        """The line that the rule was written on."""
        return self.prepared.line(self.number)


def changed(
    old: Prepared, new: Prepared, entries: tuple[Entry, Entry], family: Family
) -> list[Changed] | None:
    """All such rules, the defaults of chains among them; None: compare everything."""
    if entries[0].chains != entries[1].chains:
        return None
    found: list[Changed] = []
    for name in sorted(old.ruleset.chains.keys() & new.ruleset.chains.keys()):
        before, after = old.ruleset.chains[name], new.ruleset.chains[name]
        if (family in before.families) != (family in after.families):
            return None
        for prepared, places in zip((old, new), _unmatched(before, after), strict=True):
            start = prepared.spans[name].start
            found += (Changed(prepared, name, start + place) for place in places)
    return [each for each in found if family in each.match.families]


_Meaning = tuple[Action, Match, str]


def _unmatched(before: Chain, after: Chain) -> tuple[list[int], list[int]]:
    """The places of the rules that have no counterpart in the other chain."""
    places = [_places(chain) for chain in (before, after)]
    codes = _codes(
        [_meaning(chain.rules[place]) for place in some]
        for chain, some in zip((before, after), places, strict=True)
    )
    found: tuple[list[int], list[int]] = ([], [])
    for stretch in stretches(*codes):
        for side in (0, 1):
            found[side].extend(places[side][slice(*stretch[side])])
    if before.default is not after.default:
        found[0].append(len(before.rules))
        found[1].append(len(after.rules))
    return found


def _places(chain: Chain) -> list[int]:
    """Where the rules stand that do something; one that only logs may stand anywhere."""
    return [
        place
        for place, rule in enumerate(chain.rules)
        if rule.enabled and rule.action is not Action.CONTINUE
    ]


def _meaning(rule: Rule) -> _Meaning:
    """What a rule does, without where and how it is written."""
    return rule.action, rule.match, rule.target


def _codes(sides: Iterable[list[_Meaning]]) -> list[list[int]]:
    """A number for each meaning, so that matching compares numbers only."""
    numbers: dict[_Meaning, int] = {}
    return [[numbers.setdefault(each, len(numbers)) for each in side] for side in sides]

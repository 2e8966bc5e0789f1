"""Which packets two rulesets can treat differently at all.

Rules that stand in both rulesets in the same order treat alike every packet that meets
no other rule. So a difference lies where some rule meets that is in one of them only,
and the question can be cut to that: two lists of 100,000 rules that differ in ten are
compared on the packets of these ten.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from callgate.rules import ANYTHING, Chain, Entry, Match, Rule, Ruleset

#: Longer stretches of changed rules are taken as changed altogether: matching is quadratic.
_ALIGNED: Final = 5_000


def changed(old: Ruleset, new: Ruleset, entries: tuple[Entry, Entry]) -> list[Match]:
    """The matches of all rules that are in one ruleset only, or out of order."""
    if entries[0].chains != entries[1].chains:
        return [ANYTHING]
    matches: list[Match] = []
    for name in sorted(old.chains.keys() & new.chains.keys()):
        matches += _in_chain(old.chains[name], new.chains[name])
    return matches


def _in_chain(old: Chain, new: Chain) -> Iterator[Match]:
    if (old.default, old.families) != (new.default, new.families):
        yield ANYTHING
        return
    before, after = _trimmed(_meanings(old), _meanings(new))
    if max(len(before), len(after)) > _ALIGNED:
        for _, match, _ in (*before, *after):
            yield match
        return
    # Equal rules have equal numbers, so that matching compares numbers only.
    numbers: dict[object, int] = {}
    codes = [
        [numbers.setdefault(meaning, len(numbers)) for meaning in side] for side in (before, after)
    ]
    matcher = SequenceMatcher(None, codes[0], codes[1], autojunk=False)
    for tag, start, stop, first, last in matcher.get_opcodes():
        if tag != "equal":
            for _, match, _ in (*before[start:stop], *after[first:last]):
                yield match


_Meaning = tuple[object, Match, str]


def _meanings(chain: Chain) -> list[_Meaning]:
    """What the rules do, without where and how they are written."""
    return [(rule.action, rule.match, rule.target) for rule in _effective(chain)]


def _effective(chain: Chain) -> Iterator[Rule]:
    return (rule for rule in chain.rules if rule.enabled)


def _trimmed(
    before: list[_Meaning], after: list[_Meaning]
) -> tuple[list[_Meaning], list[_Meaning]]:
    """Cut off what both begin with and what both end with."""
    shortest = min(len(before), len(after))
    head = 0
    while head < shortest and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shortest - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return before[head : len(before) - tail], after[head : len(after) - tail]

"""Which living lines are looked at, when it is asked whether they could go.

Not looked at are lines whose going would show in another way: a line that counts or learns
leaves something behind that others may look at, and no two rejections need be the same
answer. A denial at the very end of a chain that denies by default is no slip either: it is
written to be seen, and to count.
"""

from collections.abc import Collection

from callgate.check.prepared import Prepared
from callgate.rules import Action, Chain, Rule, Varies


def candidates(prepared: Prepared, living: Collection[int]) -> set[int]:
    """Those of the rules whose lines could go for nobody to notice."""
    closing = {_closing(prepared, chain) for chain in prepared.ruleset.chains.values()}
    return {
        number
        for number in living
        if number not in closing and _goes_unseen(prepared.rules[number])
    }


def _goes_unseen(rule: Rule) -> bool:
    if rule.action not in {Action.ACCEPT, Action.DROP}:
        return False
    return all(each.condition.varies is Varies.NEVER for each in rule.match.conditions)


def _closing(prepared: Prepared, chain: Chain) -> int | None:
    """The last enabled rule of a chain, if it drops as the default does."""
    for number in reversed(prepared.spans[chain.name]):
        rule = prepared.rules[number]
        if rule.enabled:
            drops = rule.action is chain.default is Action.DROP
            return number if drops else None
    return None

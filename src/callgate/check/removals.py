"""Living lines that could go, over every way through a ruleset and both families.

A line could go if it could on each way on which it decides something. The work is bounded:
what is not found out within the limits is counted, and never guessed.
"""

from callgate.check.arrivals import Way
from callgate.check.candidates import candidates
from callgate.check.flat import FlatList
from callgate.check.flat_removals import FlatRemovals
from callgate.check.graph_removals import GraphRemovals
from callgate.check.limits import Limits, Meter, TooComplexError
from callgate.check.prepared import Prepared
from callgate.check.space import bounded

#: Steps for each rule beyond a ground that every list has.
_STEPS, _PER_RULE = 20_000, 4
#: Longer lists take minutes: dead lines are found in them, and lines that could go are not.
_RULES = 20_000
#: Which rules could go, and of how many that was not found out.
Spare = tuple[set[int], int]


def spare_in_lists(prepared: Prepared, dead: set[int], living: set[int], limits: Limits) -> Spare:
    """The rules of flat lists that could go; each is looked at in every family."""
    asked = candidates(prepared, living)
    if len(prepared.rules) > _RULES:
        return set(), len(asked)
    meter = Meter(_bounded(prepared, limits))
    spare: set[int] = set()
    unweighed = 0
    for entry in {entry.chains: entry for entry in prepared.ruleset.entries}.values():
        chain = prepared.ruleset.chains[entry.chains[0]]
        start = prepared.spans[chain.name].start
        here = {number - start for number in dead if number in prepared.spans[chain.name]}
        lists = [
            FlatRemovals(FlatList(prepared, entry, family, limits), chain.default, here, meter)
            for family in sorted(prepared.ruleset.families & chain.families)
        ]
        for number in sorted(asked.intersection(prepared.spans[chain.name])):
            found = {each.removable(number - start) for each in lists}
            if found == {True}:
                spare.add(number)
            unweighed += None in found and False not in found
    return spare, unweighed


class GraphSpare:
    """Looks on while a chain graph is judged, and says which rules could go on all ways."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._met: set[int] = set()
        self._needed: set[int] = set()
        self._complete = True

    def look(self, way: Way) -> None:
        """Weigh what arrived at the rules on one way."""
        if not (self._complete and way.complete):
            self._complete = False
            return
        self._met |= way.met.keys()
        meter = Meter(_bounded(self._prepared, way.inquiry.question.limits))
        try:
            with bounded():
                GraphRemovals(
                    self._prepared, way.inquiry.encoder, meter, way.met, self._needed
                ).weigh(way.entry.chains)
        except TooComplexError:
            self._complete = False

    def spare(self, living: set[int]) -> Spare:
        """The rules that could go, whichever way they are reached."""
        asked = candidates(self._prepared, living)
        return ((asked & self._met) - self._needed, 0) if self._complete else (set(), len(asked))


def _bounded(prepared: Prepared, limits: Limits) -> Limits:
    most = _STEPS + _PER_RULE * len(prepared.rules)
    return Limits(limits.nodes, min(limits.steps, most))

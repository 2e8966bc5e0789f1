"""Flat lists on the boxes engine: which rules are never reached.

A list is flat if it is one chain whose rules accept, drop, reject or only log. A rule is
*shadowed* if the rules before it together take every packet that it matches. Under the
conditions of a rule another one counts if its own conditions are among them; where the
same condition stands both ways in what is left, no answer is given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from callgate.check.axes import AxisReader
from callgate.check.box_index import BoxIndex
from callgate.check.boxes import Boxes, Cells, Numbers, samples
from callgate.check.interfaces import InterfaceCells
from callgate.check.limits import Limits, Meter, TooComplexError
from callgate.check.prepared import Prepared
from callgate.flows import Family, IntervalSet, NameAtoms
from callgate.rules import ANYTHING, Action, Entry, Literal, Rule

_FLAT: Final = frozenset({Action.ACCEPT, Action.DROP, Action.REJECT, Action.CONTINUE})


def is_flat(prepared: Prepared, entry: Entry) -> bool:
    """Whether an entry is one chain without jumps, returns and unmodelled actions."""
    if len(entry.chains) != 1:
        return False
    chain = prepared.ruleset.chains[entry.chains[0]]
    return all(rule.action in _FLAT for rule in chain.rules if rule.enabled)


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule of a list: dead, alive, or None for not decided; and what takes its packets."""

    dead: bool | None
    by: tuple[int, ...] = ()


class FlatList:
    """One flat list, one family; rules are known by their number in the chain."""

    def __init__(self, prepared: Prepared, entry: Entry, family: Family, limits: Limits) -> None:
        chain = prepared.ruleset.chains[entry.chains[0]]
        self.rules = chain.rules
        self.meter = Meter(limits)
        reader = AxisReader(family, InterfaceCells.of((prepared.ruleset,)), _atoms(self.rules))
        everything = reader.read(ANYTHING)
        nothing = (IntervalSet.EMPTY,) * len(everything)
        sets = [
            reader.read(rule.match)
            if rule.enabled and family in rule.match.families & chain.families
            else nothing
            for rule in self.rules
        ]
        #: The same sets, by identity: how rules that share big sets are told to be twins.
        self.keys = [tuple(map(id, rule)) for rule in sets]
        self._sets = sets
        self.boxes = Boxes(sets, limits.steps)
        #: None is added yet: judging adds those that decide.
        self.index = BoxIndex(self.boxes)
        self.starts: list[int] = np.searchsorted(
            self.boxes.owners, np.arange(len(self.rules) + 1)
        ).tolist()
        self.plain = np.array(
            [
                not rule.match.conditions and number not in self.boxes.coarse
                for number, rule in enumerate(self.rules)
            ],
            dtype=np.bool_,
        )

    def judged(self) -> Iterator[Judged]:
        """Judge every rule in order; to be called once.

        What a dead rule takes is taken without it, so its boxes are not added: there is less
        to compare with where rules overlap a lot.
        """
        twins: dict[tuple[int, ...], int] = {}
        for number, rule in enumerate(self.rules):
            twin = twins.get(self.keys[number])
            judged = self._judge(number) if twin is None else Judged(True, (twin,))
            yield judged
            if not judged.dead and rule.action is not Action.CONTINUE:
                if not rule.match.conditions:
                    twins[self.keys[number]] = number
                for box in range(self.starts[number], self.starts[number + 1]):
                    self.index.add(box)

    def _judge(self, number: int) -> Judged:
        """Whether the rules before one take all its packets; a rule without any is dead."""
        by: list[int] = []
        for box in range(self.starts[number], self.starts[number + 1]):
            judged = self._judge_box(number, box)
            if not judged.dead:
                return judged
            by += judged.by
        return Judged(True, tuple(dict.fromkeys(by)))

    def _judge_box(self, number: int, box: int) -> Judged:
        boxes = self.boxes
        low, high = boxes.lows[:, box].copy(), boxes.highs[:, box].copy()
        covering = boxes.owners[self.index.select(low, high)]
        alone = covering[self.plain[covering]]
        if alone.size:
            return Judged(True, (int(alone[0]),))
        coarse = number in boxes.coarse
        if not coarse and self._has_free_sample(low, high):
            return Judged(False)
        certain, doubtful = self._sorted_out(number, self.index.select(high, low))
        try:
            found = boxes.outside(low, high, certain, self.meter)
        except TooComplexError:
            return Judged(None)
        if found.point is not None:
            return Judged(None if doubtful or coarse else False)
        return Judged(True, tuple(boxes.owners[list(found.used)].tolist()))

    def _has_free_sample(self, low: Cells, high: Cells) -> bool:
        """Whether one of a few points of a box is in no other box: mostly one is."""
        return any(not self.index.select(point, point).size for point in samples(low, high))

    def _sorted_out(self, number: int, near: Numbers) -> tuple[Numbers, bool]:
        """Which boxes hold for sure under a rule's conditions; whether others may help."""
        plain = self.plain[self.boxes.owners[near]]
        special = near[~plain]
        if not special.size:
            return near, False
        mine = set(self.rules[number].match.conditions)
        helping: list[int] = []
        left: set[Literal] = set()
        doubtful = False
        for box in special.tolist():
            owner = int(self.boxes.owners[box])
            theirs = set(self.rules[owner].match.conditions)
            if any(_opposite(literal) in mine for literal in theirs):
                continue
            if owner in self.boxes.coarse:
                doubtful = True
            elif theirs <= mine:
                helping.append(box)
            else:
                left |= theirs - mine
        doubtful = doubtful or any(_opposite(literal) in left for literal in left)
        return np.concatenate((near[plain], np.array(helping, dtype=np.intp))), doubtful


def _opposite(literal: Literal) -> Literal:
    return Literal(literal.condition, not literal.negated)


def _atoms(rules: Iterable[Rule]) -> NameAtoms:
    return NameAtoms.of(
        pattern
        for rule in rules
        if rule.match.destination is not None
        for pattern in rule.match.destination.names.patterns
    )

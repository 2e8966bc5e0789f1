"""Lines of a flat list that could go: the lines behind them do the same with what they take.

A packet that a line decides would fall to the lines behind it. So the line could go if no
rule behind it with another action (the default is the last one) gets any of its packets:
none is in both and in no other rule before that one. A line that is dead vouches for none,
or a line and its twin would vouch for each other; but it may be in the way, for the packets
would come to it. A line that counts or learns is kept: others may look at what it leaves
behind.
"""

import numpy as np
import numpy.typing as npt

from callgate.check.boxes import Cells, Numbers, samples
from callgate.check.flat import FlatList
from callgate.check.limits import Meter, TooComplexError
from callgate.rules import Action

#: What decides, by a number; nothing else does in a flat list.
_CODES = {Action.ACCEPT: 1, Action.DROP: 2, Action.REJECT: 3}


class FlatRemovals:
    """One list in one family; ``dead`` says by number which of its rules are dead."""

    def __init__(self, flat: FlatList, default: Action, dead: set[int], meter: Meter) -> None:
        """All boxes of the list are added to its index: it must not be judged again."""
        flat.index.add_all()
        self.index = flat.index
        self.rules, self.boxes, self.plain = flat.rules, flat.boxes, flat.plain
        self.owners: Numbers = flat.boxes.owners
        self.starts = flat.starts
        self.default = default
        self.vouches = np.array(
            [
                rule.action is not Action.CONTINUE and number not in dead
                for number, rule in enumerate(flat.rules)
            ],
            dtype=np.bool_,
        )
        self.codes = np.array([_CODES.get(rule.action, 0) for rule in flat.rules], dtype=np.int8)
        self.falls_to = _CODES.get(default, 0)
        self.sure = self.vouches & flat.plain
        self.meter = meter

    def removable(self, number: int) -> bool | None:
        """Whether a candidate could go, with all others of its line; None: too complex."""
        line = self._line(number)
        boxes = range(self.starts[number], self.starts[number + 1])
        try:
            return all(self._is_spare(box, number, line) for box in boxes)
        except TooComplexError:
            return None

    def _line(self, number: int) -> range:
        """The numbers of the rules that were made of the same line; they follow each other."""
        place = self.rules[number].place
        first, stop = number, number + 1
        while first and self.rules[first - 1].place == place:
            first -= 1
        while stop < len(self.rules) and self.rules[stop].place == place:
            stop += 1
        return range(first, stop)

    def _is_spare(self, box: int, number: int, line: range) -> bool:
        """Whether every packet of a box would meet the same fate without the line."""
        self.meter.step()
        low, high = self.boxes.lows[:, box].copy(), self.boxes.highs[:, box].copy()
        near = self.index.select(high, low)
        owners = self.owners[near]
        others = (owners < line.start) | (owners >= line.stop)
        near, owners = near[others], owners[others]
        sure = self._surely(owners, number)
        if self._sampled(low, high, near[sure], number, line):
            return False
        # The default gets what no other rule does.
        falls = self.rules[number].action is not self.default
        if falls and self.boxes.outside(low, high, near[sure], self.meter).point is not None:
            return False
        acts = self.codes[owners]
        opposing = (owners >= line.stop) & (acts != 0) & (acts != self.codes[number])
        for other in near[opposing].tolist():
            start = np.maximum(low, self.boxes.lows[:, other])
            end = np.minimum(high, self.boxes.highs[:, other])
            before = sure & (owners < self.owners[other])
            if self.boxes.outside(start, end, near[before], self.meter).point is not None:
                return False
        return True

    def _sampled(self, low: Cells, high: Cells, among: Numbers, number: int, line: range) -> bool:
        """Whether one of a few packets would surely meet another fate: mostly one does."""
        lows, highs = self.boxes.lows[:, among], self.boxes.highs[:, among]
        for point in samples(low, high):
            holds = ((lows <= point[:, None]) & (highs >= point[:, None])).all(axis=0)
            takers = self.owners[among[holds]]
            if takers.size and takers[0] < line.start:
                continue
            fate = self.codes[takers[0]] if takers.size else self.falls_to
            if fate != self.codes[number]:
                return True
        return False

    def _surely(self, owners: Numbers, number: int) -> "npt.NDArray[np.bool_]":
        """Which rules surely take what they match whenever the one in question would."""
        sure: npt.NDArray[np.bool_] = self.sure[owners]
        mine = set(self.rules[number].match.conditions)
        if mine:
            for at, owner in enumerate(owners.tolist()):
                theirs = self.rules[owner].match.conditions
                if theirs and self.vouches[owner] and mine.issuperset(theirs):
                    sure[at] = owner not in self.boxes.coarse
        return sure

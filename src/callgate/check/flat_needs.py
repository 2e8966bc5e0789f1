"""Sufficiency on the boxes engine: whether a flat list lets a need pass, without diagrams.

Theory of operation
-------------------
* A packet is denied by the first rule that takes it. So what a denying rule (the default is
  the last one) kills of the need is what their meeting has left without all rules before.
* A rule under conditions is *in doubt*. What is denied although every accept in doubt is
  taken for an accept is denied for sure; what some denial takes when every rule in doubt
  before it is passed by may be denied. That is exact where no two rules in doubt share a
  condition.
* Conditions that are shared, and interfaces that the question leaves open, are tried out
  one value after the other: what is denied for sure is what all of them leave.

It shares nothing with the engine of diagrams but the ruleset and the numbering of axes, and
answers None where it cannot tell: names, sets too big to unfold, too many values to try.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from callgate.check.asking import Question
from callgate.check.axes import AXES, AxisReader
from callgate.check.boxes import Boxes, Numbers, Piece
from callgate.check.interfaces import InterfaceCells
from callgate.check.limits import Meter
from callgate.check.prepared import Prepared
from callgate.check.walk import Circumstances
from callgate.flows import Family, FlowSet, IntervalSet, Packet
from callgate.flows.axes import NAME_BASE
from callgate.rules import Action, Entry, Interfaces, Match, Rule
from callgate.verdicts import Verdict

#: Values of conditions and interfaces that are tried out.
_TRIED: Final = 256
_IN, _OUT = AXES.index("in_interface"), AXES.index("out_interface")
_OFF, _SURE, _DOUBT = 0, 1, 2
_Roles = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class FlatAnswer:
    """A verdict, and packets with the circumstances in which they bear it out.

    Blocked: for each line that denies for sure (``rules``, by their numbers in Prepared), a
    packet that it denies. Depends: one that may die. ``conditions`` are those of the rules
    that the need meets.
    """

    verdict: Verdict
    packets: tuple[tuple[Packet, Circumstances], ...] = ()
    rules: tuple[int, ...] = ()
    conditions: tuple[str, ...] = ()


def flat_sufficiency(
    prepared: Prepared, entry: Entry, question: Question, family: Family, need: FlowSet
) -> FlatAnswer | None:
    """The answer for one family of a flat list; None where this engine cannot tell.

    TooComplexError beyond the limits of the question.
    """
    boxes = [box for box in need.boxes() if box.family is family]
    if question.not_through or any(box.destination.intervals[-1][1] >= NAME_BASE for box in boxes):
        return None
    return _List(prepared, entry, question, family, FlowSet.of(*boxes)).answer()


@dataclass(frozen=True, slots=True)
class _Values:
    """One way to fix what is not known: shared conditions, and cells of interfaces."""

    held: Mapping[str, bool]
    cells: tuple[tuple[int, int], ...]  # axis and cell

    def fix(self, pieces: Iterable[Piece]) -> list[Piece]:
        """The same pieces with these interfaces."""
        fixed = [(low.copy(), high.copy()) for low, high in pieces]
        for low, high in fixed:
            for axis, cell in self.cells:
                low[axis] = high[axis] = cell
        return fixed


class _List:
    """One list and one need, as boxes: those of the rules, of the default, of the need."""

    def __init__(
        self, prepared: Prepared, entry: Entry, question: Question, family: Family, need: FlowSet
    ) -> None:
        chain = prepared.ruleset.chains[entry.chains[0]]
        self.first = prepared.spans[chain.name].start
        self.rules: tuple[Rule, ...] = (*chain.rules, chain.last)
        self.family, self.question = family, question
        self.meter = Meter(question.limits)
        self.names = InterfaceCells.of((prepared.ruleset,), question.interfaces)
        reader = AxisReader(family, self.names, question.atoms)
        nothing = (IntervalSet.EMPTY,) * len(AXES)
        sets = [
            reader.read(rule.match)
            if _acts(rule) and family in rule.match.families & chain.families
            else nothing
            for rule in self.rules
        ]
        self.boxes = Boxes([*sets, *_asked(reader, question, need)], question.limits.steps)
        owners = self.boxes.owners
        end = int(np.searchsorted(owners, len(self.rules)))
        self.region: list[Piece] = [
            (self.boxes.lows[:, n], self.boxes.highs[:, n]) for n in range(end, owners.size)
        ]
        near = [self.boxes.meeting(low, high, end) for low, high in self.region]
        self.near: Numbers = np.unique(np.concatenate(near)) if near else np.array([], np.intp)
        self.met: list[int] = np.unique(owners[self.near]).tolist()

    def answer(self) -> FlatAnswer | None:
        tried = None if self.boxes.coarse.intersection(self.met) else self._values()
        if tried is None:
            return None
        doomed = self.region
        blamed: dict[int, Piece] = {}
        doubtful: FlatAnswer | None = None
        for values in tried:
            roles = self._roles(values)
            if doubtful is None:
                doubtful = self._doubtful(values, roles)
            found = list(self._denied(values.fix(doomed), roles, sure=True))
            doomed = [piece for piece, _ in found]
            blamed = {number: piece for piece, number in reversed(found)}
            if doubtful is not None and not doomed:
                return doubtful
        if doubtful is None:
            return FlatAnswer(Verdict.SATISFIED)
        lines = sorted(blamed)
        packets = tuple(self._witness(blamed[number], values.held) for number in lines)
        numbers = tuple(self.first + number for number in lines)
        return FlatAnswer(Verdict.BLOCKED, packets, numbers)

    def _values(self) -> list[_Values] | None:
        """Every way to fix what is shared or left open; None when there are too many."""
        texts = Counter(
            literal.condition.text
            for number in self.met
            for literal in self.rules[number].match.conditions
        )
        shared = [text for text, count in texts.items() if count > 1]
        axes = [
            [(axis, cell) for cell in self._open(axis)]
            for axis, name in (
                (_IN, self.question.in_interface),
                (_OUT, self.question.out_interface),
            )
            if name is None and self.region
        ]
        if 2 ** len(shared) * int(np.prod([len(cells) for cells in axes])) > _TRIED:
            return None
        return [
            _Values(dict(zip(shared, held, strict=True)), cells)
            for held in product((False, True), repeat=len(shared))
            for cells in product(*axes)
        ]

    def _open(self, axis: int) -> range:
        low, high = self.region[0]
        return range(int(low[axis]), int(high[axis]) + 1)

    def _roles(self, values: _Values) -> _Roles:
        """What each rule is under these values: off, sure or in doubt."""
        roles = np.zeros(len(self.rules), dtype=np.int8)
        for number in self.met:
            roles[number] = _SURE
            for literal in self.rules[number].match.conditions:
                held = values.held.get(literal.condition.text)
                if held is literal.negated:
                    roles[number] = _OFF
                    break
                if held is None:
                    roles[number] = _DOUBT
        return roles

    def _denied(
        self, pieces: list[Piece], roles: _Roles, *, sure: bool
    ) -> Iterator[tuple[Piece, int]]:
        """What denying rules take of the pieces, each with the rule; what may, if not sure."""
        owners = self.boxes.owners[self.near]
        takes = roles[owners] == _SURE
        if sure:
            accepts = np.array([rule.action is Action.ACCEPT for rule in self.rules])
            takes |= (roles[owners] == _DOUBT) & accepts[owners]
        for at, box in enumerate(self.near.tolist()):
            number = int(owners[at])
            role = roles[number]
            if not self.rules[number].action.denies or role == _OFF or (sure and role == _DOUBT):
                continue
            before = int(np.searchsorted(owners, number))
            among = self.near[:before][takes[:before]]
            for low, high in pieces:
                start = np.maximum(low, self.boxes.lows[:, box])
                end = np.minimum(high, self.boxes.highs[:, box])
                if (start <= end).all():
                    for piece in self.boxes.remains(start, end, among, self.meter, []):
                        yield piece, number

    def _doubtful(self, values: _Values, roles: _Roles) -> FlatAnswer | None:
        """A packet that may die, and what it takes for that."""
        found = next(self._denied(values.fix(self.region), roles, sure=False), None)
        if found is None:
            return None
        piece, number = found
        held = dict(values.held)
        for other in self.met:
            doubt = [each for each in self.rules[other].match.conditions
                     if each.condition.text not in values.held]  # fmt: skip
            if other <= number and roles[other] == _DOUBT:
                # The one that denies holds; those before it are passed by.
                held |= {each.condition.text: each.negated != (other == number) for each in doubt}
        texts = dict.fromkeys(
            each.condition.text for n in self.met for each in self.rules[n].match.conditions
        )
        packets = (self._witness(piece, held),)
        return FlatAnswer(Verdict.DEPENDS, packets, (), tuple(texts))

    def _witness(self, piece: Piece, held: Mapping[str, bool]) -> tuple[Packet, Circumstances]:
        at = dict(zip(AXES, self.boxes.values(piece[0]), strict=True))
        around = Circumstances(
            self.question.state,
            self.names.name(at["in_interface"]),
            self.names.name(at["out_interface"]),
            held,
            self.question.atoms,
        )
        packet = Packet(
            self.family,
            at["protocol"],
            at["source"],
            at["destination"],
            at["source_port"],
            at["destination_port"],
        )
        return packet, around


def _acts(rule: Rule) -> bool:
    return rule.enabled and rule.action is not Action.CONTINUE


def _asked(
    reader: AxisReader, question: Question, need: FlowSet
) -> Iterator[tuple[IntervalSet, ...]]:
    """The need as sets by axis: its boxes, in the state and by the interfaces in question."""
    fixed = Match(
        state=question.state,
        in_interface=_one(question.in_interface),
        out_interface=_one(question.out_interface),
    )
    rest = reader.read(fixed)[AXES.index("state") :]
    for box in need.boxes():
        yield (
            box.protocol,
            box.destination_port,
            box.destination,
            box.source,
            box.source_port,
            *rest,
        )


def _one(name: str | None) -> Interfaces | None:
    return None if name is None else Interfaces((name,))

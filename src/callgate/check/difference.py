"""What changed: the packets that one ruleset accepts and the other does not.

Both rulesets are asked about the same region in one space, so that equal answers are
equal diagrams. The region is first cut to what meets a rule that only one of them has
(:mod:`callgate.check.changes`). Where that is too much all the same, what each of these
rules decides is looked at alone; the lines that are too complex even so are named, and all
others compared. Conditions are shared by text: what depends on the same condition in both
is no difference.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from callgate.check.asking import Inquiry, Question
from callgate.check.changes import Changed, changed
from callgate.check.limits import Limits, TooComplexError
from callgate.check.met import met
from callgate.check.prepared import Prepared
from callgate.check.services import Service, services
from callgate.check.space import bounded
from callgate.flows import Box, Family, FlowSet, IntervalSet
from callgate.flows.boxes import ANY_PORT, ANY_PROTOCOL, any_address, any_destination
from callgate.rules import Action, Entry, Match
from callgate.verdicts import Evidence, Line

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region

#: With more changed rules than this, everything is compared.
_EXACT: Final = 500
#: What one changed rule may take alone when all together are too complex.
_ALONE: Final = Limits(1 << 19, 40_000)
_REST = tuple(action for action in Action if action is not Action.ACCEPT)


@dataclass(frozen=True, slots=True)
class Change:
    """A service that only one of the rulesets opens, for some of its flows.

    ``opened``: the new one accepts, else the old one did. ``before`` and ``after`` are the
    same packet's ways through both.
    """

    opened: bool
    family: Family
    protocols: IntervalSet
    ports: IntervalSet
    flows: int
    before: Evidence
    after: Evidence


@dataclass(frozen=True, slots=True)
class Difference:
    """The riskiest changes, opened ones first; ``total`` counts those left out too.

    ``undecided`` are the families that one of the rulesets says nothing about.
    ``left_out`` are changed lines whose packets, apart from those that meet other changed
    lines too, were too complex to compare.
    """

    changes: tuple[Change, ...]
    total: int
    undecided: tuple[Family, ...] = ()
    left_out: tuple[Line, ...] = ()

    @property
    def equivalent(self) -> bool:
        """Whether both rulesets accept the same packets, as far as they were compared."""
        return not self.total

    @property
    def complete(self) -> bool:
        """Whether everything was compared."""
        return not self.undecided and not self.left_out


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the rulesets, and the way into it by its own name."""

    prepared: Prepared
    entry: Entry


@dataclass
class _Comparison:
    """Both sides, one question, one family; ``changes`` collects what is found."""

    sides: tuple[_Side, _Side]
    question: Question
    family: Family
    most: int
    total: int = 0
    changes: list[Change] = field(default_factory=list)
    left_out: list[Line] = field(default_factory=list)

    def run(self) -> None:
        """Compare all, or what is not too complex; TooComplexError if that is nothing."""
        old, new = self.sides
        found = changed(old.prepared, new.prepared, (old.entry, new.entry), self.family)
        if found is None or len(found) > _EXACT:
            self._compare(None)
            return
        found = [each for each in found if each.match.state & self.question.state]
        try:
            self._compare(found)
        except TooComplexError:
            light = [each for each in found if self._is_light(each)]
            if not light:
                raise
            self._compare(light)
            self.left_out = [each.line for each in found if each not in light]

    def _is_light(self, each: Changed) -> bool:
        given = self.question.limits
        limits = Limits(min(given.nodes, _ALONE.nodes), min(given.steps, _ALONE.steps))
        try:
            question = replace(self.question, limits=limits)
            _Comparison(self.sides, question, self.family, 0)._compare([each])
        except TooComplexError:
            return False
        return True

    def _compare(self, found: list[Changed] | None) -> None:
        """Compare the packets that meet some changed rules, or None for all packets."""
        if found == []:
            return
        with bounded():
            inquiry, region = self._inquiry(found)
            one, two = (
                inquiry.propagation(side.prepared).run(side.entry, region).accepted
                for side in self.sides
            )
            changes: list[Change] = []
            total = 0
            for opened, part in ((True, two & ~one), (False, one & ~two)):
                every = services(inquiry.space, part, inquiry.meter)
                total += len(every)
                changes += [
                    _change(self.sides, inquiry, each, opened=opened) for each in every[: self.most]
                ]
        self.total, self.changes = total, changes

    def _inquiry(self, found: list[Changed] | None) -> "tuple[Inquiry, Region]":
        prepared = [side.prepared for side in self.sides]
        named = any(each.has_names for each in prepared)
        matched = [_matched(each.match, self.family, named=named) for each in found or ()]
        about = FlowSet.of(*matched) if matched else _everything(self.family, named=named)
        inquiry = Inquiry(prepared, self.question, self.family, about, lists_hold_names=False)
        if found is None:
            return inquiry, inquiry.region
        region = inquiry.space.false
        for each, box in zip(found, matched, strict=True):
            region = region | met(inquiry, each, FlowSet.of(box))
        return inquiry, region


def difference(
    old: Prepared,
    new: Prepared,
    question: Question,
    *,
    old_entry: str | None = None,
    most: int = 50,
) -> Difference:
    """How the new ruleset answers differently; TooComplexError beyond the limits.

    ``old_entry`` is the way into the old ruleset where its name is not that in the question.
    """
    sides = (
        _Side(old, old.ruleset.entry(old_entry or question.entry)),
        _Side(new, new.ruleset.entry(question.entry)),
    )
    both = old.ruleset.families & new.ruleset.families
    compared = [_Comparison(sides, question, family, most) for family in sorted(both)]
    for each in compared:
        each.run()
    changes = [change for each in compared for change in each.changes]
    changes.sort(key=lambda change: not change.opened)
    return Difference(
        tuple(changes[:most]),
        sum(each.total for each in compared),
        tuple(family for family in Family if family not in both),
        tuple(dict.fromkeys(line for each in compared for line in each.left_out)),
    )


def _everything(family: Family, *, named: bool) -> FlowSet:
    whole = any_destination(family) if named else any_address(family)
    return FlowSet.of(Box(family, ANY_PROTOCOL, any_address(family), whole))


def _matched(match: Match, family: Family, *, named: bool) -> Box:
    """The flows that a match holds, and perhaps more."""
    destination = any_destination(family) if named else any_address(family)
    if match.destination is not None and not match.destination.names:
        destination = match.destination.family(family)
    return Box(
        family,
        ANY_PROTOCOL if match.protocol is None else match.protocol,
        any_address(family) if match.source is None else match.source.family(family),
        destination,
        match.source_port or ANY_PORT,
        match.destination_port or ANY_PORT,
    )


def _change(
    sides: tuple[_Side, _Side], inquiry: Inquiry, service: Service, *, opened: bool
) -> Change:
    before, after = (
        inquiry.evidence(
            side.prepared,
            service.region,
            (Action.ACCEPT,) if accepts else _REST,
            side.entry.name,
        ).evidence
        for side, accepts in zip(sides, (not opened, opened), strict=True)
    )
    return Change(
        opened, inquiry.space.family, service.protocols, service.ports, service.flows, before, after
    )

"""What changed: the packets that one ruleset accepts and the other does not.

Both rulesets are asked about the same region in one space, so that equal answers are
equal diagrams. The region is first cut to where a rule meets that only one of them has
(:mod:`callgate.check.changes`). Conditions are shared by text: what depends on the same
condition in both is no difference.
"""

from dataclasses import dataclass

from callgate.check.asking import Inquiry, Question
from callgate.check.changes import changed
from callgate.check.prepared import Prepared
from callgate.check.services import Service, services
from callgate.check.space import bounded
from callgate.flows import Box, Family, FlowSet, IntervalSet
from callgate.flows.boxes import ANY_PORT, ANY_PROTOCOL, any_address, any_destination
from callgate.rules import Action, Entry, Match
from callgate.verdicts import Evidence

#: With more changed rules than this, everything is compared.
_EXACT = 500
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
    """

    changes: tuple[Change, ...]
    total: int
    undecided: tuple[Family, ...] = ()

    @property
    def equivalent(self) -> bool:
        """Whether both rulesets accept the same packets."""
        return not self.total


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the rulesets, and the way into it by its own name."""

    prepared: Prepared
    entry: Entry


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
    found: list[Change] = []
    total = 0
    both = old.ruleset.families & new.ruleset.families
    for family in sorted(both):
        count, some = _in_family(sides, question, family, most)
        total += count
        found += some
    found.sort(key=lambda change: not change.opened)
    return Difference(tuple(found[:most]), total, tuple(f for f in Family if f not in both))


def _in_family(
    sides: tuple[_Side, _Side], question: Question, family: Family, most: int
) -> tuple[int, list[Change]]:
    old, new = (side.prepared for side in sides)
    entries = (sides[0].entry, sides[1].entry)
    matches = [
        match
        for match in changed(old.ruleset, new.ruleset, entries)
        if family in match.families and match.state & question.state
    ]
    if not matches:
        return 0, []
    named = old.has_names or new.has_names
    with bounded():
        about = _about(matches, family, named=named)
        inquiry = Inquiry((old, new), question, family, about, lists_hold_names=False)
        one, two = (
            inquiry.propagation(side.prepared).run(side.entry, inquiry.region).accepted
            for side in sides
        )
        found = []
        total = 0
        for opened, region in ((True, two & ~one), (False, one & ~two)):
            every = services(inquiry.space, region, inquiry.meter)
            total += len(every)
            found += [_change(sides, inquiry, each, opened=opened) for each in every[:most]]
    return total, found


def _about(matches: list[Match], family: Family, *, named: bool) -> FlowSet:
    """The flows that the matches hold, and perhaps more."""
    whole = any_destination(family) if named else any_address(family)
    if len(matches) > _EXACT:
        return FlowSet.of(Box(family, ANY_PROTOCOL, any_address(family), whole))
    boxes = []
    for match in matches:
        destination = whole
        if match.destination is not None and not match.destination.names:
            destination = match.destination.family(family)
        boxes.append(
            Box(
                family,
                ANY_PROTOCOL if match.protocol is None else match.protocol,
                any_address(family) if match.source is None else match.source.family(family),
                destination,
                match.source_port or ANY_PORT,
                match.destination_port or ANY_PORT,
            )
        )
    return FlowSet.of(*boxes)


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

"""What a question fixes besides the flows, and the machinery for one family of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from callgate.check.encode import Encoder
from callgate.check.interfaces import InterfaceCells
from callgate.check.limits import DEFAULT_LIMITS, Limits, Meter
from callgate.check.prepared import Prepared
from callgate.check.propagate import Propagation
from callgate.check.space import STATES, Space
from callgate.check.walk import NO_ATOMS, Circumstances, Walk, walk
from callgate.errors import CallgateError
from callgate.flows import Family, FlowSet, IntervalSet, NameAtoms, Packet
from callgate.rules import Action, ConnectionState, Entry, Interfaces
from callgate.verdicts import Evidence, Witness

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region


class DisagreementError(CallgateError):
    """Two of our own engines answer differently: a defect of Callgate, never of the input."""


@dataclass(frozen=True, slots=True)
class Question:
    """Where and how packets come.

    ``entry`` is the name of one of the ruleset's entries. An interface that is None is
    not known: the answer then depends on it wherever rules do; the empty name means that
    there is none. ``not_through`` are interfaces that the packets in question do not use,
    the loopback for one. ``atoms`` are those of the flows asked about.
    """

    entry: str
    state: ConnectionState = ConnectionState.NEW
    in_interface: str | None = None
    out_interface: str | None = None
    atoms: NameAtoms = NO_ATOMS
    limits: Limits = DEFAULT_LIMITS
    not_through: tuple[str, ...] = ()

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces that the question itself speaks of."""
        known = (self.in_interface, self.out_interface)
        return (*(name for name in known if name is not None), *self.not_through)

    def turned(self, entry: str | None = None) -> "Question":
        """The question about the way back: interfaces swapped, connection established."""
        return replace(
            self,
            entry=entry or self.entry,
            state=ConnectionState.ESTABLISHED,
            in_interface=self.out_interface,
            out_interface=self.in_interface,
        )


class Inquiry:
    """One question about the flows of one family: its space, and its region in it.

    Several rulesets can be asked in one inquiry (``prepared``), so that their answers can
    be compared.
    """

    def __init__(
        self,
        prepared: Iterable[Prepared],
        question: Question,
        family: Family,
        about: FlowSet,
        *,
        lists_hold_names: bool = True,
    ) -> None:
        rulesets = [each.ruleset for each in prepared]
        self.question = question
        self.about = about
        cells = InterfaceCells.of(rulesets, question.interfaces)
        rules = sum(ruleset.rule_count for ruleset in rulesets)
        self.space = Space(family, cells, question.limits, rules)
        self.encoder = Encoder(self.space, question.atoms, about, lists_hold_names=lists_hold_names)
        self.meter = Meter(question.limits)

    @cached_property
    def region(self) -> "Region":
        """The packets in question."""
        region = self.encoder.flows(self.about) & self.space.state(self.question.state)
        for axis in ("in_interface", "out_interface"):
            name: str | None = getattr(self.question, axis)
            if name is not None:
                cells = self.space.cells.set_of(Interfaces((name,)))
                region = region & self.space.region(axis, cells)
            for avoided in self.question.not_through:
                cells = self.space.cells.set_of(Interfaces((avoided,)))
                region = region & ~self.space.region(axis, cells)
        return region

    def propagation(self, prepared: Prepared, *, arrivals: bool = False) -> Propagation:
        """A walk of the region over one of the rulesets, to be run once."""
        return Propagation(
            prepared, self.encoder, self.about, self.question.state, self.meter, arrivals
        )

    @property
    def free(self) -> "Region":
        """What is not known of a packet: the conditions, and interfaces not given."""
        space = self.space
        bits = list(space.conditions.values())
        for axis in ("in_interface", "out_interface"):
            if getattr(self.question, axis) is None:
                bits += range(space.offsets[axis], space.offsets[axis] + space.widths[axis])
        return space.quantified(bits)

    def surely(self, part: "Region") -> "Region":
        """The packets of a part of the region whose fate hangs on nothing that is not known.

        What the question leaves out (a loopback) is no other way for them.
        """
        if not self.question.not_through:
            return part.forall(self.free)
        return (part | ~self.region).forall(self.free) & self.region

    def evidence(
        self,
        prepared: Prepared,
        region: "Region",
        expected: Iterable[Action],
        entry: str | None = None,
    ) -> "Proof":
        """A packet of a region that is not empty, walked rule by rule.

        ``entry`` is the way in where this ruleset does not call it as the question does.
        DisagreementError when the walk does not end with one of the expected actions.
        """
        numbers, held = self.space.witness(region)
        around = Circumstances(
            STATES[min(numbers["state"], len(STATES) - 1)],
            self.space.cells.name(numbers["in_interface"]),
            self.space.cells.name(numbers["out_interface"]),
            held,
            self.question.atoms,
        )
        way = prepared.ruleset.entry(entry or self.question.entry)
        return proved(prepared, way, self.space.packet(numbers), around, expected)


def proved(
    prepared: Prepared,
    entry: Entry,
    packet: Packet,
    around: Circumstances,
    expected: Iterable[Action],
) -> "Proof":
    """A packet walked rule by rule.

    DisagreementError when the walk does not end with one of the expected actions.
    """
    walked = walk(prepared, entry, packet, around)
    if walked.action not in expected:
        raise DisagreementError(
            f"two engines disagree about {packet}: {walked.action.value} in the walk",
            hint="please report this with the ruleset",
        )
    assumptions = tuple(sorted(walked.assumptions))
    witness = Witness(
        packet,
        (around.state.name or "").lower(),
        around.in_interface,
        around.out_interface,
        assumptions,
    )
    line = None if walked.decider < 0 else prepared.line(walked.decider)
    names = tuple(assumption.text for assumption in assumptions)
    return Proof(walked, Evidence(witness, line, tuple(walked.steps), names))


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence, and the walk that it was taken from."""

    walk: Walk
    evidence: Evidence


def families_of(flows: FlowSet) -> list[Family]:
    """The families that a set of flows speaks of, IPv4 first."""
    found = {box.family for box in flows.boxes()}
    return [family for family in Family if family in found]


def without_implied_names(flows: FlowSet, prepared: Iterable[Prepared]) -> FlowSet:
    """Leave out names where every address is asked about and no rule speaks of names.

    Whatever a name leads to is then asked about already, as an address.
    """
    if any(each.has_names for each in prepared):
        return flows
    boxes = []
    for box in flows.boxes():
        everything = IntervalSet.of((0, (1 << box.family.bits) - 1))
        boxes.append(replace(box, destination=everything) if everything <= box.destination else box)
    return FlowSet.of(*boxes)

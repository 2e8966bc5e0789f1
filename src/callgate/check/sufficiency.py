"""Is it enough? Whether a ruleset lets every flow of a need pass, and if not, which line.

Four answers, over all packets of the need and everything that is not known about them
(unmodelled conditions, interfaces that the question leaves open):

* ``blocked``: some packet dies whatever is true of the unknown; each blamed line comes
  with one of its packets;
* ``satisfied``: every packet passes whatever is true of it;
* ``unknown``: some packet meets an action that we cannot follow, or the ruleset says
  nothing about its family;
* ``depends``: otherwise; the conditions are named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from callgate.check.asking import Inquiry, Question, families_of, proved, without_implied_names
from callgate.check.flat import is_flat
from callgate.check.flat_needs import FlatAnswer, flat_sufficiency
from callgate.check.limits import TooComplexError
from callgate.check.prepared import Prepared
from callgate.check.propagate import Outcome, Propagation
from callgate.check.space import bounded
from callgate.flows import Family, FlowSet
from callgate.rules import Action, Entry, Note
from callgate.verdicts import Evidence, Line, Verdict

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region

#: How many lines are blamed, and how many conditions named, before it is enough.
_BLAMED = 10
_NAMED = 100
#: How many denials that hang on conditions are looked at before the watch gives up.
_VAIN = 50
_PASSES = (Action.ACCEPT,)
_DENIES = (Action.DROP, Action.REJECT)
_REASONS = {
    Verdict.SATISFIED: "every packet passes",
    Verdict.BLOCKED: "a packet that is needed is blocked",
    Verdict.DEPENDS: "whether every packet passes depends",
}
_WORST = (Verdict.BLOCKED, Verdict.UNKNOWN, Verdict.DEPENDS, Verdict.SATISFIED)


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict and its evidence, one piece per blamed line, in the order of the walk.

    ``conditions`` are what it depends on. ``notes`` are rules outside the filter that may
    rewrite the need's packets. ``reason`` is a sentence for people.
    """

    verdict: Verdict
    reason: str
    evidence: tuple[Evidence, ...] = ()
    conditions: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def sufficiency(prepared: Prepared, question: Question, need: FlowSet) -> Answer:
    """Whether the ruleset lets the need pass; TooComplexError beyond the limits."""
    need = without_implied_names(need, (prepared,))
    answers = [
        _in_family(prepared, question, family, need)
        if family in prepared.ruleset.families
        else Answer(Verdict.UNKNOWN, f"{prepared.ruleset.source} says nothing about {family}")
        for family in families_of(need)
    ]
    return _together(answers)


def nothing_passes(prepared: Prepared, question: Question, flows: FlowSet) -> bool:
    """Whether every packet of these flows dies, whatever is true of what is not known."""
    flows = without_implied_names(flows, (prepared,))
    for family in families_of(flows):
        if family not in prepared.ruleset.families:
            return False
        with bounded():
            inquiry = Inquiry((prepared,), question, family, flows)
            entry = prepared.ruleset.entry(question.entry)
            outcome = inquiry.propagation(prepared).run(entry, inquiry.region)
            if (outcome.accepted | outcome.unknown).satisfiable():
                return False
    return True


def _together(answers: list[Answer]) -> Answer:
    """The worst answer leads; the evidence of all that share its verdict is kept."""
    if not answers:
        return Answer(Verdict.SATISFIED, "nothing is needed")
    worst = min((answer.verdict for answer in answers), key=_WORST.index)
    leading = [answer for answer in answers if answer.verdict is worst]
    return Answer(
        worst,
        "; ".join(dict.fromkeys(answer.reason for answer in leading)),
        _one_per_line(piece for answer in leading for piece in answer.evidence),
        tuple(dict.fromkeys(text for answer in leading for text in answer.conditions)),
        tuple(dict.fromkeys(note for answer in answers for note in answer.notes)),
    )


def _one_per_line(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """A line that kills packets of both families is blamed once."""
    found: dict[Line | None, Evidence] = {}
    for piece in evidence:
        found.setdefault(piece.line, piece)
    return tuple(found.values())


def _in_family(prepared: Prepared, question: Question, family: Family, need: FlowSet) -> Answer:
    """By diagrams; a flat list on which they become too complex is tried on boxes."""
    try:
        return _on_diagrams(prepared, question, family, need)
    except TooComplexError:
        entry = prepared.ruleset.entry(question.entry)
        if not is_flat(prepared, entry):
            raise
        found = flat_sufficiency(prepared, entry, question, family, need)
        if found is None:
            raise
        with bounded():
            inquiry = Inquiry((prepared,), question, family, need)
            return _with_notes(prepared, inquiry, _from_boxes(inquiry, prepared, entry, found))


def _from_boxes(inquiry: Inquiry, prepared: Prepared, entry: Entry, found: FlatAnswer) -> Answer:
    """The same words for the other engine's answer; its packets are walked here too."""
    if found.verdict is Verdict.SATISFIED:
        shown = [inquiry.evidence(prepared, inquiry.region, _PASSES)]
    else:
        shown = [
            proved(prepared, entry, packet, around, _DENIES)
            for packet, around in found.packets[:_BLAMED]
        ]
    evidence = tuple(each.evidence for each in shown)
    return Answer(found.verdict, _REASONS[found.verdict], evidence, found.conditions)


def _on_diagrams(prepared: Prepared, question: Question, family: Family, need: FlowSet) -> Answer:
    with bounded():
        inquiry = Inquiry((prepared,), question, family, need)
        propagation = inquiry.propagation(prepared)
        propagation.decided = {}
        propagation.watch = _Watch(inquiry)
        try:
            outcome = propagation.run(prepared.ruleset.entry(question.entry), inquiry.region)
            answer = _judge(prepared, inquiry, propagation, outcome)
        except _EnoughError as enough:
            answer = _blocked(prepared, inquiry, enough.dead)
        return _with_notes(prepared, inquiry, answer)


class _EnoughError(Exception):
    """As many lines as we blame have killed something, whatever the rest says."""

    def __init__(self, dead: "dict[int, Region]") -> None:
        super().__init__()
        self.dead = dead


class _Watch:
    """Ends the walk when enough lines are to blame: most lists need not be read to the end."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.inquiry = inquiry
        self.dead: dict[int, Region] = {}
        self.vain = 0

    def __call__(self, number: int, hit: "Region") -> None:
        """Note what a rule denies of the packets that truly come there."""
        if self.vain == _VAIN:
            return
        surely = self.inquiry.surely(hit)
        if not surely.satisfiable():
            self.vain += 1
        else:
            self.dead.setdefault(number, surely)
            if len(self.dead) == _BLAMED:
                raise _EnoughError(self.dead)


def _judge(
    prepared: Prepared, inquiry: Inquiry, propagation: Propagation, outcome: Outcome
) -> Answer:
    if not (outcome.denied | outcome.unknown).satisfiable():
        proof = inquiry.evidence(prepared, outcome.accepted, _PASSES)
        return Answer(Verdict.SATISFIED, _REASONS[Verdict.SATISFIED], (proof.evidence,))
    dead = inquiry.surely(outcome.denied)
    if dead.satisfiable():
        parts = {number: killed & dead for number, killed in (propagation.decided or {}).items()}
        return _blocked(prepared, inquiry, parts)
    conditions = _hanging_on(inquiry, outcome)
    if outcome.unknown.satisfiable():
        proof = inquiry.evidence(prepared, outcome.unknown, (Action.UNMODELLED,))
        reason = "a packet meets an action that Callgate does not model"
        return Answer(Verdict.UNKNOWN, reason, (proof.evidence,), conditions)
    proof = inquiry.evidence(prepared, outcome.denied, _DENIES)
    return Answer(Verdict.DEPENDS, _REASONS[Verdict.DEPENDS], (proof.evidence,), conditions)


def _blocked(prepared: Prepared, inquiry: Inquiry, dead: "dict[int, Region]") -> Answer:
    """One packet for each line that kills a part of the need, in the order of the walk."""
    found: dict[int, Evidence] = {}
    for part in dead.values():
        if not part.satisfiable():
            continue
        proof = inquiry.evidence(prepared, part, _DENIES)
        found.setdefault(proof.walk.decider, proof.evidence)
        if len(found) == _BLAMED:
            break
    evidence = tuple(found.values())
    return Answer(Verdict.BLOCKED, _REASONS[Verdict.BLOCKED], evidence)


def _hanging_on(inquiry: Inquiry, outcome: Outcome) -> tuple[str, ...]:
    """The conditions, and the interfaces left open, that make a difference."""
    space, question = inquiry.space, inquiry.question
    groups = {text: [variable] for text, variable in space.conditions.items()}
    if len(groups) > _NAMED:
        groups = dict(list(groups.items())[:_NAMED])
    for axis in ("in_interface", "out_interface"):
        if getattr(question, axis) is None:
            start = space.offsets[axis]
            groups[axis.replace("_", "-")] = list(range(start, start + space.widths[axis]))
    accepted = outcome.accepted
    return tuple(
        text
        for text, variables in groups.items()
        if accepted.exists(space.quantified(variables)) != accepted
    )


def _with_notes(prepared: Prepared, inquiry: Inquiry, answer: Answer) -> Answer:
    """Add the nat and mangle rules that the need meets."""
    notes = tuple(
        note
        for note in prepared.ruleset.notes
        if (inquiry.encoder.match(note.match) & inquiry.region).satisfiable()
    )
    return Answer(answer.verdict, answer.reason, answer.evidence, answer.conditions, notes)

"""The boxes engine where conditions stand in the way, and as the one to fall back on."""

import pytest

from benchmarks import generators
from callgate.check import Limits, Prepared, Question, TooComplexError, sufficiency
from callgate.check.flat_needs import flat_sufficiency
from callgate.check.walk import walk
from callgate.flows import Box, Family, FlowSet, IntervalSet, NameAtoms
from callgate.flows.axes import NAME_BASE
from callgate.names import DomainPattern
from callgate.places import Place
from callgate.rules import (
    Action,
    Chain,
    Condition,
    Entry,
    Interfaces,
    Literal,
    Match,
    Rule,
    Ruleset,
)
from callgate.verdicts import Verdict

QUESTION = Question("forward")
NEED = generators.need()


def prepared(*rules, default=Action.ACCEPT):
    made = tuple(
        Rule(action, match, Place("flat", line), f"rule {line}")
        for line, (action, match) in enumerate(rules, 1)
    )
    chain = Chain("forward", made, default)
    entries = (Entry("forward", ("forward",)),)
    return Prepared(Ruleset("test", "flat", {"forward": chain}, entries, frozenset({Family.V4})))


def when(*texts):
    """A match under conditions; an exclamation mark turns one round."""
    return Match(conditions=tuple(Literal(Condition(t.strip("!")), t[0] == "!") for t in texts))


def answer(made, need=NEED, question=QUESTION):
    return flat_sufficiency(made, made.ruleset.entry("forward"), question, Family.V4, need)


@pytest.mark.parametrize(
    ("rules", "default", "verdict"),
    [
        ([(Action.DROP, when("a"))], Action.ACCEPT, Verdict.DEPENDS),
        ([(Action.DROP, when("!a"))], Action.ACCEPT, Verdict.DEPENDS),
        ([(Action.ACCEPT, when("!a")), (Action.DROP, when("!b"))], Action.ACCEPT, Verdict.DEPENDS),
        ([(Action.ACCEPT, when("a", "!b"))], Action.DROP, Verdict.DEPENDS),
        ([(Action.DROP, when("a")), (Action.DROP, when("!a"))], Action.ACCEPT, Verdict.BLOCKED),
        ([(Action.DROP, when("a")), (Action.ACCEPT, when("a"))], Action.DROP, Verdict.BLOCKED),
        ([(Action.ACCEPT, when("a")), (Action.ACCEPT, when("!a"))], Action.DROP, Verdict.SATISFIED),
        ([(Action.ACCEPT, when("a")), (Action.DROP, when("a"))], Action.ACCEPT, Verdict.SATISFIED),
        ([(Action.DROP, when("a", "!a"))], Action.ACCEPT, Verdict.SATISFIED),
        ([(Action.DROP, when("a")), (Action.REJECT, when())], Action.ACCEPT, Verdict.BLOCKED),
    ],
)
def test_conditions_together_and_alone(rules, default, verdict):
    made = prepared(*rules, default=default)
    found = answer(made)
    assert found.verdict is verdict is sufficiency(made, QUESTION, NEED).verdict
    for packet, around in found.packets:
        assert walk(made, made.ruleset.entry("forward"), packet, around).action.denies


def test_interfaces_that_are_open_are_tried_one_by_one():
    made = prepared((Action.DROP, Match(in_interface=Interfaces(("wan*",)))))
    found = answer(made)
    assert found.verdict is Verdict.DEPENDS
    assert found.packets[0][1].in_interface.startswith("wan")
    blocking = prepared(
        (Action.DROP, Match(in_interface=Interfaces(("wan*",)))),
        (Action.DROP, Match(in_interface=Interfaces(("wan*",), negated=True))),
    )
    assert answer(blocking).verdict is Verdict.BLOCKED


def test_what_it_cannot_tell_it_does_not_guess():
    texts = [f"c{n}" for n in range(9)]
    both = [(Action.DROP, when(text)) for text in (*texts, *texts)]
    assert answer(prepared(*both)) is None
    named = NameAtoms.of((DomainPattern.parse("*.goto.com"),))
    slot = IntervalSet.points((NAME_BASE,))
    box = Box(Family.V4, generators.TCP, generators.TURN, slot)
    assert answer(prepared(), FlowSet.of(box), Question("forward", atoms=named)) is None


def test_it_answers_where_diagrams_are_too_complex():
    made = Prepared(generators.ruleset("wide", 2_000, satisfied=True))
    few = Question("forward", limits=Limits(nodes=1 << 11, steps=50_000))
    found = sufficiency(made, few, NEED)
    assert found.verdict is sufficiency(made, QUESTION, NEED).verdict is Verdict.SATISFIED
    assert found.evidence[0].witness.packet in NEED
    blocked = Prepared(generators.ruleset("wide", 2_000))
    found = sufficiency(blocked, few, NEED)
    assert found.verdict is Verdict.BLOCKED
    lines = [piece.line for piece in found.evidence]
    assert set(lines) >= {piece.line for piece in sufficiency(blocked, QUESTION, NEED).evidence}
    assert all(piece.walk[-1].line == piece.line for piece in found.evidence)


def test_too_complex_for_both_is_said():
    made = Prepared(generators.ruleset("wide", 2_000))
    with pytest.raises(TooComplexError):
        sufficiency(made, Question("forward", limits=Limits(nodes=1 << 11, steps=50)), NEED)

"""The boxes engine answers needs as diagrams do, and as every single packet says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.check import Prepared, Question, sufficiency
from callgate.check.asking import families_of
from callgate.check.flat_needs import flat_sufficiency
from callgate.check.walk import walk
from callgate.rules import Action
from callgate.verdicts import Verdict
from tests.property.rulespace import CONDITIONS, flat_rulesets, needs
from tests.property.test_sufficiency_oracle import STATES, expected_verdict

DENIES = {Action.DROP, Action.REJECT}
ORDER = (Verdict.BLOCKED, Verdict.DEPENDS, Verdict.SATISFIED)
INSIDE, OUTSIDE = st.sampled_from((None, "lan")), st.sampled_from((None, "wan0"))


def on_boxes(prepared, question, need):
    """The answers by family; the worst verdict is the list's."""
    entry = prepared.ruleset.entry("forward")
    answers = {
        family: flat_sufficiency(prepared, entry, question, family, need)
        for family in families_of(need)
    }
    assert None not in answers.values()
    return answers


def worst(answers):
    return min((answer.verdict for answer in answers.values()), key=ORDER.index)


@settings(max_examples=60, deadline=None)
@given(flat_rulesets(), needs(), STATES, INSIDE, OUTSIDE)
def test_both_engines_and_every_packet_agree(ruleset, need, state, inside, outside):
    prepared = Prepared(ruleset)
    question = Question("forward", state, inside, outside)
    found = worst(on_boxes(prepared, question, need))
    assert found is sufficiency(prepared, question, need).verdict
    assert found is expected_verdict(prepared, question, need, CONDITIONS)


@settings(max_examples=60, deadline=None)
@given(flat_rulesets(), needs(), STATES, INSIDE, OUTSIDE)
def test_packets_that_are_shown_die_in_the_walk(ruleset, need, state, inside, outside):
    prepared = Prepared(ruleset)
    question = Question("forward", state, inside, outside)
    for answer in on_boxes(prepared, question, need).values():
        assert bool(answer.packets) is (answer.verdict is not Verdict.SATISFIED)
        for packet, around in answer.packets:
            assert packet in need
            assert walk(prepared, ruleset.entry("forward"), packet, around).action in DENIES


@settings(max_examples=60, deadline=None)
@given(flat_rulesets(conditions=False), needs())
def test_both_engines_blame_the_same_lines(ruleset, need):
    prepared = Prepared(ruleset)
    question = Question("forward", in_interface="lan", out_interface="wan0")
    answers = on_boxes(prepared, question, need)
    blamed = {
        prepared.line(number)
        for answer in answers.values()
        if answer.verdict is Verdict.BLOCKED
        for number in answer.rules
    }
    answer = sufficiency(prepared, question, need)
    if answer.verdict is Verdict.BLOCKED:
        assert blamed == {piece.line for piece in answer.evidence}

"""Sufficiency against one packet at a time: every cell, every interface, every condition."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.check import Prepared, Question, sufficiency
from callgate.check.names import is_pattern, leads_to
from callgate.check.walk import Circumstances, walk
from callgate.flows import Family
from callgate.rules import Action, ConnectionState
from callgate.verdicts import Verdict
from tests.property.rulespace import (
    ATOMS,
    CONDITIONS,
    INTERFACE_VALUES,
    needs,
    packets_of,
    rulesets,
)


def every_condition(prepared):
    texts = set()
    for rule in prepared.rules:
        texts |= {literal.condition.text for literal in rule.match.conditions}
        if rule.match.destination is not None:
            wanted = rule.match.destination
            texts |= {is_pattern(pattern) for pattern in wanted.names.patterns}
            texts |= {leads_to(wanted.family(f), f) for f in Family if wanted.family(f)}
    return sorted(texts)


def outcomes(prepared, question, packet, conditions):
    """What may become of one packet, over all that is not known about it."""
    known_in, known_out = question.in_interface, question.out_interface
    found = set()
    for inside, outside, *values in product(
        INTERFACE_VALUES if known_in is None else (known_in,),
        INTERFACE_VALUES if known_out is None else (known_out,),
        *((False, True) for _ in conditions),
    ):
        held = dict(zip(conditions, values, strict=True))
        around = Circumstances(question.state, inside, outside, held, ATOMS)
        found.add(walk(prepared, prepared.ruleset.entry("forward"), packet, around).action)
    return found


def expected_verdict(prepared, question, need, conditions):
    sets = [outcomes(prepared, question, p, conditions) for p in packets_of(need)]
    denied = {Action.DROP, Action.REJECT}
    if any(some <= denied for some in sets):
        return Verdict.BLOCKED
    if any(Action.UNMODELLED in some for some in sets):
        return Verdict.UNKNOWN
    if all(some == {Action.ACCEPT} for some in sets):
        return Verdict.SATISFIED
    return Verdict.DEPENDS


STATES = st.sampled_from((ConnectionState.NEW, ConnectionState.ESTABLISHED))


@settings(max_examples=30, deadline=None)
@given(rulesets(), needs(), STATES, st.sampled_from((None, "lan")), st.sampled_from((None, "wan0")))
def test_verdicts_by_address(ruleset, need, state, inside, outside):
    prepared = Prepared(ruleset)
    question = Question("forward", state, inside, outside)
    answer = sufficiency(prepared, question, need)
    assert answer.verdict is expected_verdict(prepared, question, need, CONDITIONS)


@settings(max_examples=30, deadline=None)
@given(rulesets(names=True, conditions=False), needs(named=True))
def test_verdicts_by_name(ruleset, need):
    prepared = Prepared(ruleset)
    question = Question("forward", ConnectionState.NEW, "lan", "wan0", ATOMS)
    conditions = every_condition(prepared)
    if len(conditions) > 5:
        return
    answer = sufficiency(prepared, question, need)
    assert answer.verdict is expected_verdict(prepared, question, need, conditions)


@settings(max_examples=30, deadline=None)
@given(rulesets(), needs())
def test_blame_is_a_line_that_kills_its_witness(ruleset, need):
    prepared = Prepared(ruleset)
    answer = sufficiency(prepared, Question("forward", in_interface="lan"), need)
    for piece in answer.evidence:
        assert piece.witness.packet in need
        assert piece.witness.in_interface == "lan"
        if piece.line is not None:
            assert piece.walk[-1].line == piece.line
    if answer.verdict is Verdict.BLOCKED:
        lines = [piece.line for piece in answer.evidence]
        assert lines
        assert len(set(lines)) == len(lines)
        assert all(p.walk[-1].effect in {"drops", "rejects"} for p in answer.evidence)

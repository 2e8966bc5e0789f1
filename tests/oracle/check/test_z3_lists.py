"""Long generated lists against z3: the same list as one formula over bit vectors.

z3 knows nothing of our intervals, slices or diagrams. A bounded slice runs by default.
"""

import pytest
import z3

from benchmarks import generators
from callgate.check import (
    Prepared,
    Question,
    difference,
    hygiene,
    sufficiency,
)
from callgate.check.flat_needs import flat_sufficiency
from callgate.flows import Family
from callgate.rules import Action
from callgate.verdicts import Verdict

AXES = ("protocol", "source", "destination", "source_port", "destination_port")
WIDTHS = (8, 32, 32, 16, 16)
PACKET = dict(zip(AXES, map(z3.BitVec, AXES, WIDTHS), strict=True))
SIZES = [300, pytest.param(10_000, marks=pytest.mark.slow)]
SHAPES = sorted(generators.SHAPES)
QUESTION = Question("forward")


def within(axis, values):
    variable = PACKET[axis]
    return z3.Or([z3.And(z3.UGE(variable, low), z3.ULE(variable, high)) for low, high in values])


def formula(match):
    parts = [z3.BoolVal(True)]
    for axis in AXES:
        values = getattr(match, axis)
        if values is not None:
            parts.append(within(axis, getattr(values, "v4", values)))
    return z3.And(parts)


def accepted(rules):
    """First match, last rule innermost; the default drops."""
    result = z3.BoolVal(False)
    for rule in reversed(rules):
        result = z3.If(formula(rule.match), z3.BoolVal(rule.action is Action.ACCEPT), result)
    return result


def needed(need):
    return z3.Or(
        [z3.And([within(axis, getattr(box, axis)) for axis in AXES]) for box in need.boxes()]
    )


def packet_formula(packet):
    return z3.And([PACKET[axis] == getattr(packet, axis) for axis in AXES])


def holds(*formulas):
    solver = z3.Solver()
    solver.add(*formulas)
    return solver.check() == z3.sat


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("satisfied", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_sufficiency_and_its_witnesses(shape, satisfied, size):
    ruleset = generators.ruleset(shape, size, seed=7, satisfied=satisfied)
    answer = sufficiency(Prepared(ruleset), QUESTION, generators.need())
    passes = accepted(ruleset.chains["forward"].rules)
    blocked = holds(needed(generators.need()), z3.Not(passes))
    assert answer.verdict is (Verdict.BLOCKED if blocked else Verdict.SATISFIED)
    boxes = flat_sufficiency(
        Prepared(ruleset), ruleset.entry("forward"), QUESTION, Family.V4, generators.need()
    )
    assert boxes.verdict is answer.verdict
    for packet, _ in boxes.packets[:10]:
        assert not holds(packet_formula(packet), passes)
    for piece in answer.evidence:
        if piece.witness.packet.family is Family.V4:
            assert holds(packet_formula(piece.witness.packet), passes) is not blocked


@pytest.mark.parametrize("shape", SHAPES)
def test_dead_rules(shape):
    ruleset = generators.ruleset(shape, 250, seed=11)
    dead = {finding.line.place.line for finding in hygiene(Prepared(ruleset)).findings}
    assert dead
    before = z3.BoolVal(False)
    for number, rule in enumerate(ruleset.chains["forward"].rules, 1):
        meets = formula(rule.match)
        assert (number in dead) is not holds(meets, z3.Not(before)), number
        before = z3.Or(before, meets)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", SHAPES)
def test_difference_of_lists_with_flipped_rules(shape, size):
    old = generators.ruleset(shape, size, seed=5)
    rules = list(old.chains["forward"].rules)
    for line in range(7, size, size // 5):
        turned = Action.DROP if rules[line].action is Action.ACCEPT else Action.ACCEPT
        rules[line] = generators.replace(rules[line], action=turned)
    new = generators.flat(rules)
    found = difference(Prepared(old), Prepared(new), QUESTION, most=1000)
    one, two = accepted(old.chains["forward"].rules), accepted(rules)
    assert not found.left_out
    assert found.equivalent is not holds(one != two)
    for change in found.changes:
        packet = packet_formula(change.after.witness.packet)
        assert holds(packet, two) is change.opened
        assert holds(packet, one) is not change.opened

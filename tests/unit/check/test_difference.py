"""Differences of rulesets that are big, or too complex in part."""

from dataclasses import replace

import pytest

from benchmarks import generators
from callgate.check import Limits, Prepared, Question, TooComplexError, difference
from callgate.flows import IntervalSet
from callgate.report.differences import difference_json, difference_lines
from callgate.rules import Action, Addresses, Match

QUESTION = Question("forward")
UDP = IntervalSet.points((17,))


def pair(rules, changed):
    """The list, and the same with some of its rules turned into their opposite."""
    other = list(rules)
    for place in changed:
        turned = Action.DROP if rules[place].action is Action.ACCEPT else Action.ACCEPT
        other[place] = replace(rules[place], action=turned)
    return Prepared(generators.flat(rules)), Prepared(generators.flat(other))


def rules_of(shape, count):
    return list(generators.Maker(generators.SHAPES[shape], count, 5).rules())


def simple(rules, place, port):
    """Put a rule about one port and one host before all that fragments would take."""
    match = Match(
        protocol=UDP,
        source=Addresses(IntervalSet.points((port,))),
        destination_port=IntervalSet.points((port,)),
    )
    rules[place] = replace(rules[place], match=match)


@pytest.mark.parametrize("shape", ["fw", "wide"])
def test_wide_lists_that_differ_in_few_rules_take_few_steps(shape):
    rules = rules_of(shape, 3_000)
    question = Question("forward", limits=Limits(1 << 19, 12_000))
    found = difference(*pair(rules, range(7, 3_000, 600)), question)
    assert found.total
    assert not found.left_out


def wide_and_simple():
    rules = rules_of("wide", 2_000)
    simple(rules, 0, 9)
    rules[1_999] = replace(rules[1_999], match=Match(protocol=UDP))
    return pair(rules, (0, 1_999))


def test_what_is_too_complex_is_named_and_the_rest_compared():
    few = Question("forward", limits=Limits(steps=900))
    found = difference(*wide_and_simple(), few)
    assert [(change.opened, change.ports) for change in found.changes] == [
        (rules_of("wide", 1)[0].action is Action.DROP, IntervalSet.points((9,)))
    ]
    assert {line.place.line for line in found.left_out} == {2_000}
    assert not found.complete
    assert "Too complex to compare: what is decided only by bench.rules:2000" in "\n".join(
        difference_lines(found, "old", "new")
    )
    assert difference_json(found, "old", "new")["left_out"] == ["bench.rules:2000"] * 1


def test_with_enough_steps_the_same_rules_are_compared():
    found = difference(*wide_and_simple(), QUESTION)
    assert not found.left_out
    assert found.total > 1


def test_nothing_that_is_simple_enough_is_no_difference_at_all():
    few = Question("forward", limits=Limits(steps=3))
    with pytest.raises(TooComplexError):
        difference(*wide_and_simple(), few)

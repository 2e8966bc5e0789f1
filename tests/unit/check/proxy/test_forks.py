"""Both answers to everything that is not told, and which of them matter."""

import pytest

from callgate.check.limits import TooComplexError
from callgate.check.proxy.forks import conditions, leaves
from callgate.verdicts import Assumption


def texts(found):
    return [("".join("yn"[not a.holds] for a in leaf.assumptions), leaf.result) for leaf in found]


def test_every_combination_that_is_asked_for_is_tried_once():
    found = leaves(lambda told: told("a") and told("b"))
    assert texts(found) == [("n", False), ("yn", False), ("yy", True)]


def test_the_same_doubt_has_one_answer():
    found = leaves(lambda told: told("a") == told("a"))
    assert texts(found) == [("n", True), ("y", True)]


def test_nothing_asked_is_one_leaf():
    assert texts(leaves(lambda told: 7)) == [("", 7)]


def test_only_what_makes_a_difference_is_a_condition():
    found = leaves(lambda told: (told("idle"), told("a") or told("b"))[1])
    assert conditions(found) == ("a", "b")
    assert conditions(leaves(lambda told: told("a") or True)) == ()


def test_conditions_of_one_branch_count():
    found = leaves(lambda told: told("b") if told("a") else True)
    assert conditions(found) == ("a", "b")
    assert found[-1].assumptions == (Assumption("a", holds=True), Assumption("b", holds=True))


def test_too_many_are_too_complex():
    def run(told):
        return [told(str(number)) for number in range(13)]

    with pytest.raises(TooComplexError, match="4096 combinations"):
        leaves(run)

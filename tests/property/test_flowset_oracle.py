"""FlowSet against the naive sets of :mod:`tests.support.flowspace`."""

import operator

import pytest
from hypothesis import given

from callgate.flows import FlowSet
from tests.support.flowspace import UNIVERSE, in_box, judged_sets

OPERATORS = {"union": operator.or_, "intersection": operator.and_, "difference": operator.sub}


def members(flows):
    return frozenset(packet for packet in UNIVERSE if packet in flows)


@given(judged_sets)
def test_membership(judged):
    flows, oracle = judged
    assert members(flows) == oracle
    assert bool(flows) == bool(oracle)


@pytest.mark.parametrize("name", OPERATORS)
@given(one=judged_sets, two=judged_sets)
def test_operators(name, one, two):
    operate = OPERATORS[name]
    assert members(operate(one[0], two[0])) == operate(one[1], two[1])


@given(judged_sets, judged_sets)
def test_equality_and_subset(one, two):
    assert (one[0] == two[0]) == (one[1] == two[1])
    assert (one[0] <= two[0]) == (one[1] <= two[1])


@given(judged_sets)
def test_boxes_are_disjoint_and_add_up_to_the_set(judged):
    flows, oracle = judged
    found = list(flows.boxes())
    for packet in UNIVERSE:
        assert sum(in_box(packet, box) for box in found) == (packet in oracle)
    assert FlowSet.of(*found) == flows


@given(judged_sets)
def test_the_witness_belongs_to_the_set(judged):
    flows, oracle = judged
    witness = flows.witness()
    assert (witness is None) == (not oracle)
    assert witness is None or witness in flows

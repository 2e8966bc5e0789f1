"""The laws of set algebra, which hold whatever the sets are."""

import pytest
from hypothesis import given

from callgate.flows import FlowSet
from tests.support.flowspace import flow_sets

NOTHING = FlowSet()
EVERYTHING = FlowSet.everything()


@given(flow_sets)
def test_identity_and_domination(a):
    assert a | NOTHING == a == a & EVERYTHING
    assert a & NOTHING == NOTHING
    assert a | EVERYTHING == EVERYTHING


@given(flow_sets)
def test_complement(a):
    outside = EVERYTHING - a
    assert a | outside == EVERYTHING
    assert not a & outside
    assert EVERYTHING - outside == a


@given(flow_sets)
def test_idempotence(a):
    assert a | a == a == a & a
    assert not a - a


@given(flow_sets, flow_sets)
def test_commutativity(a, b):
    assert a | b == b | a
    assert a & b == b & a


@given(flow_sets, flow_sets, flow_sets)
def test_associativity(a, b, c):
    assert (a | b) | c == a | (b | c)
    assert (a & b) & c == a & (b & c)


@given(flow_sets, flow_sets, flow_sets)
def test_distributivity(a, b, c):
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)


@given(flow_sets, flow_sets)
def test_absorption(a, b):
    assert a | (a & b) == a == a & (a | b)


@given(flow_sets, flow_sets)
def test_de_morgan(a, b):
    assert EVERYTHING - (a | b) == (EVERYTHING - a) & (EVERYTHING - b)
    assert EVERYTHING - (a & b) == (EVERYTHING - a) | (EVERYTHING - b)


@given(flow_sets, flow_sets)
def test_difference_is_intersection_with_the_complement(a, b):
    assert a - b == a & (EVERYTHING - b)


@given(flow_sets, flow_sets)
def test_equal_sets_have_equal_trees_and_hashes(a, b):
    again = (a - b) | (b & a)
    assert again == a
    assert hash(again) == hash(a)


@given(flow_sets, flow_sets)
def test_subset_is_an_order(a, b):
    assert a & b <= a <= a | b
    assert (a <= b and b <= a) == (a == b)


@given(flow_sets, flow_sets)
def test_sizes_add_up(a, b):
    assert a.size + b.size == (a | b).size + (a & b).size


@pytest.mark.parametrize("flows", [NOTHING, EVERYTHING])
def test_emptiness(flows):
    assert bool(flows) == (flows.witness() is not None) == (flows.size > 0)

"""Descriptions are exact: two sets that read the same are the same."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from callgate.flows import FlowSet, IntervalSet, NameAtoms
from callgate.flows.axes import EPHEMERAL, NAME_BASE, PORTED
from callgate.flows.boxes import ANY_PORT
from callgate.flows.cover import cover
from callgate.flows.describe import describe
from callgate.flows.name_words import name_words
from callgate.names import DomainPattern
from tests.support.flowspace import box_lists, flow_sets

#: One pattern alone, so that its slot is the first name cell of the small universe.
ATOMS = NameAtoms.of([DomainPattern("apis.google.com")])
NESTED = NameAtoms.of(
    DomainPattern(base, below)
    for base in ("goto.com", "a.goto.com", "b.a.goto.com")
    for below in (True, False)
)


def for_clients(flows):
    """The set without the difference that a description leaves out on purpose."""
    ported, client = IntervalSet.points(PORTED), IntervalSet.of(EPHEMERAL)
    return FlowSet.of(
        *(
            replace(box, source_port=ANY_PORT)
            if box.protocol <= ported and client <= box.source_port
            else box
            for box in flows.boxes()
        )
    )


@given(flow_sets, flow_sets)
def test_sets_that_read_the_same_are_the_same(a, b):
    lines = [describe(each, ATOMS, limit=999).lines() for each in (a, b)]
    assert (lines[0] == lines[1]) == (for_clients(a) == for_clients(b))


@given(box_lists, st.randoms())
def test_the_order_of_the_boxes_does_not_show(some, chance):
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert describe(FlowSet.of(*some), ATOMS) == describe(FlowSet.of(*shuffled), ATOMS)


@given(flow_sets, st.integers(0, 6))
def test_a_cover_and_its_rest_are_the_set(flows, limit):
    found, rest = cover(flows, limit)
    assert len(found) <= limit
    assert FlowSet.of(*found) | rest == flows
    assert not rest or len(found) == limit
    assert not rest & FlowSet.of(*found)


@given(flow_sets, st.integers(1, 6))
def test_the_limit_holds_and_nothing_is_left_out_silently(flows, limit):
    short, whole = describe(flows, ATOMS, limit=limit), describe(flows, ATOMS, limit=999)
    assert len(short.services) <= limit
    assert short.more or short == whole


ATOM_SETS = st.sets(st.integers(0, len(NESTED.patterns)))


@given(ATOM_SETS, ATOM_SETS)
def test_names_that_read_the_same_are_the_same(one, two):
    slots = [IntervalSet.points(NAME_BASE + slot for slot in some) for some in (one, two)]
    words = [name_words(each, NESTED) for each in slots]
    assert (words[0] == words[1]) == (one == two)

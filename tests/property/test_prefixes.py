"""Networks and intervals of addresses are two writings of one thing."""

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from callgate.flows import Family, IntervalSet, networks_of, prefixes_of

families = st.sampled_from(Family)


@st.composite
def networks(draw, family):
    length = draw(st.integers(0, family.bits))
    value = draw(st.integers(0, (1 << family.bits) - 1))
    host_bits = family.bits - length
    kind = ipaddress.IPv4Network if family is Family.V4 else ipaddress.IPv6Network
    return kind((value >> host_bits << host_bits, length))


@given(st.data(), families)
def test_networks_survive_the_way_to_intervals_and_back(data, family):
    some = data.draw(st.lists(networks(family), max_size=6))
    assert networks_of(prefixes_of(some, family), family) == list(
        ipaddress.collapse_addresses(some)
    )


@given(st.data(), families)
def test_intervals_survive_the_way_to_networks_and_back(data, family):
    bounds = st.integers(0, (1 << family.bits) - 1)
    low, high = sorted(data.draw(st.tuples(bounds, bounds)))
    addresses = IntervalSet.of((low, high))
    assert prefixes_of(networks_of(addresses, family), family) == addresses


@given(networks(Family.V4), networks(Family.V6))
def test_families_do_not_mix(four, six):
    assert prefixes_of([four, six], Family.V4) == prefixes_of([four], Family.V4)
    assert prefixes_of([four, six], Family.V6) == prefixes_of([six], Family.V6)

"""The hosts of a pattern speak for every name of it, whatever the lists tell apart."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.check.limits import TooComplexError
from callgate.check.proxy.hosts import hosts
from callgate.names import DomainPattern
from callgate.names.extents import Extent

BASE = DomainPattern("goto.com", below=True)


def test_one_name_is_itself():
    assert [host.name for host in hosts(DomainPattern("apis.google.com"), ())] == [
        "apis.google.com"
    ]


def test_depths_are_asked_up_to_where_they_are_told_apart():
    names = [host.name for host in hosts(BASE, (Extent("goto.com", 0, 2),))]
    assert names == [
        "any-name.goto.com",
        "any-name.any-name.goto.com",
        "any-name.any-name.any-name.goto.com",
    ]


def test_a_label_that_lists_speak_of_is_not_free():
    names = {host.name for host in hosts(BASE, (Extent("any-name.goto.com"),))}
    assert {"any-name.goto.com", "any-name-1.goto.com", "any-name-1.any-name.goto.com"} <= names


def test_too_many_names_are_too_complex():
    many = [Extent(f"n{number}.goto.com") for number in range(5000)]
    with pytest.raises(TooComplexError, match="names below goto"):
        hosts(BASE, many)
    assert len(hosts(DomainPattern("other.org", below=True), many)) == 1


_LABELS = ("a", "b")
_NAMES = [
    ".".join((*labels, "goto.com")) for n in range(4) for labels in product(_LABELS, repeat=n)
]
extents = st.builds(
    lambda base, least, more: Extent(base, least, None if more is None else least + more),
    st.sampled_from([*_NAMES, "com", "other.org"]),
    st.integers(0, 3),
    st.none() | st.integers(0, 2),
)


@given(lists=st.lists(st.lists(extents, max_size=3), max_size=3))
def test_every_name_is_treated_like_one_of_the_hosts(lists):
    every = [extent for each in lists for extent in each]

    def treated(name):
        return tuple(any(extent.matches(name) for extent in each) for each in lists)

    spoken_for = {treated(host.name) for host in hosts(BASE, every)}
    labels = (*_LABELS, "zz")
    for depth in range(1, 6):
        for chosen in product(labels, repeat=depth):
            assert treated(".".join((*chosen, "goto.com"))) in spoken_for

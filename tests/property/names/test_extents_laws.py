"""Extents against brute force over every name of up to six labels from a small alphabet."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from callgate.names.extents import Extent, outermost, shortfall

NAMES = [
    ".".join(labels) for length in range(1, 7) for labels in itertools.product("ab", repeat=length)
]
#: Bases that are short enough for every branch to show within six labels.
BASES = st.sampled_from([name for name in NAMES if name.count(".") < 3])


@st.composite
def extents(draw):
    least = draw(st.integers(0, 2))
    return Extent(draw(BASES), least, draw(st.none() | st.integers(least, 3)))


def covered(*these):
    return {name for name in NAMES if any(each.matches(name) for each in these)}


@given(st.lists(extents(), max_size=4), extents())
def test_shortfall_leaves_nothing_out_and_keeps_to_what_is_wanted(these, wanted):
    missing = shortfall(these, wanted)
    assert covered(wanted) - covered(*these) <= covered(*missing) <= covered(wanted)


@given(extents(), extents())
def test_shortfall_of_one_is_exact_where_its_base_is_not_below(one, wanted):
    if one.base == wanted.base or not one.base.endswith("." + wanted.base):
        assert covered(*shortfall((one,), wanted)) == covered(wanted) - covered(one)


@given(st.lists(extents(), max_size=6))
def test_outermost_covers_the_same_names(these):
    kept = outermost(these)
    assert covered(*kept) == covered(*these)
    assert all(not a.covers(b) for a, b in itertools.permutations(kept, 2))

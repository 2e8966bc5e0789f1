"""What every matcher keeps: what it writes it reads, says its excess, and never falls over."""

import itertools
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.names import DomainPattern, Extent
from callgate.names.matchers import MATCHERS, Fate
from tests.support.hostile import hostile

#: Every name of up to four labels from a small alphabet, below a common end.
NAMES = [
    ".".join([*labels, "test"])
    for length in range(1, 5)
    for labels in itertools.product(("a", "b", "xa"), repeat=length)
]
patterns = st.builds(DomainPattern, st.sampled_from(NAMES), st.booleans())
#: Each example asks every name; there are fifteen matchers.
few = settings(max_examples=15)
everywhere = pytest.mark.parametrize("matcher", MATCHERS.values(), ids=MATCHERS)


def covered(extents):
    return {name for name in NAMES if any(each.matches(name) for each in extents)}


def taken(matcher, entries):
    return {name for name in NAMES if any(matcher.matches(entry, name) for entry in entries)}


@everywhere
@few
@given(pattern=patterns)
def test_what_is_written_is_the_pattern_with_its_excess_and_without_what_is_out_of_reach(
    matcher, pattern
):
    wanted = covered([Extent.of(pattern)])
    found = taken(matcher, matcher.entries_for(pattern))
    assert found == (wanted | covered(matcher.beyond(pattern))) - covered(matcher.short_of(pattern))


@everywhere
@few
@given(several=st.lists(patterns, max_size=5))
def test_a_list_takes_what_its_entries_take_one_by_one(matcher, several):
    alone = [entry for pattern in several for entry in matcher.entries_for(pattern)]
    together = matcher.entries(several)
    assert taken(matcher, together) == taken(matcher, alone)
    assert set(together) <= set(alone)


@everywhere
@settings(max_examples=50)
@given(entry=hostile(), host=hostile() | st.sampled_from(NAMES))
def test_any_text_is_read_and_any_host_is_answered(matcher, entry, host):
    read = matcher.read(entry)
    assert (read.fate is Fate.READ) is bool(read.extents)
    assert read.extents or read.reason
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # Python's re, of somebody's expression
        assert matcher.matches(entry, host) in (True, False)

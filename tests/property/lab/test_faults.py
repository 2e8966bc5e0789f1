"""Laws of combined faults, on those that come with Callgate."""

from hypothesis import given
from hypothesis import strategies as st

from callgate.lab.faults import FAMILIES, Combination, Path, Undefined, find, names
from callgate.verdicts import Outcome

ALL = [find(name) for name in names()]
SOME = st.lists(st.sampled_from(ALL), max_size=4, unique_by=lambda fault: fault.name)
PLACES = st.tuples(st.sampled_from(Path), st.sampled_from(FAMILIES))


def truth(faults, place):
    return Combination(tuple(faults)).truth(*place)


@given(SOME, PLACES, st.randoms())
def test_the_order_in_which_faults_are_named_means_nothing(faults, place, chance):
    shuffled = chance.sample(faults, len(faults))
    one, other = truth(faults, place), truth(shuffled, place)
    assert isinstance(one, Undefined) == isinstance(other, Undefined)
    assert isinstance(one, Undefined) or one == other


@given(SOME, PLACES)
def test_a_truth_is_that_of_one_of_the_faults(faults, place):
    found = truth(faults, place)
    assert isinstance(found, Undefined) or found in [each.truth(*place) for each in [*faults, BARE]]


BARE = find("ping-drop")


@given(SOME, PLACES)
def test_a_path_works_if_and_only_if_no_fault_touches_it(faults, place):
    if Combination(tuple(faults)).clash is None:
        touched = any(each.truth(*place) for each in faults)
        assert (truth(faults, place) is None) == (not touched)


@given(SOME, PLACES)
def test_one_more_fault_never_mends_a_path(faults, place):
    *fewer, _ = faults or [BARE]
    before, after = truth(fewer, place), truth(faults, place)
    if isinstance(before, Undefined) or isinstance(after, Undefined) or before is None:
        return
    assert after is not None
    assert before.outcome is not Outcome.BLOCKED or after.outcome is Outcome.BLOCKED
    if before.outcome is after.outcome:
        assert (after.step, after.place) <= (before.step, before.place)


@given(SOME, PLACES)
def test_a_harmless_fault_changes_no_truth(faults, place):
    if BARE not in faults:
        assert truth([*faults, BARE], place) == truth(faults, place)


@given(SOME)
def test_defined_means_a_truth_for_every_path(faults):
    both = Combination(tuple(faults))
    found = [both.truth(path, family) for path in Path for family in FAMILIES]
    assert both.defined == (not any(isinstance(each, Undefined) for each in found))
    assert both.defined or both.clash or len(faults) > 1

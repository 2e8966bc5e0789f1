import pytest

from callgate.flows import NameAtoms
from callgate.flows.axes import NAME_BASE, NAME_SLOTS
from callgate.names import DomainPattern

BELOW = DomainPattern.parse("*.goto.com")
NESTED = DomainPattern.parse("*.a.goto.com")
OTHER = DomainPattern.parse("apis.google.com")
ATOMS = NameAtoms.of([BELOW, NESTED, OTHER])


def names(*patterns):
    slots = ATOMS.covered_by(patterns)
    return {ATOMS.label(slot) for low, high in slots for slot in range(low, high + 1)}


def test_the_apex_of_a_wildcard_is_an_atom_of_its_own():
    assert {str(each) for each in ATOMS.patterns} == {
        "*.goto.com",
        "goto.com",
        "*.a.goto.com",
        "a.goto.com",
        "apis.google.com",
    }


def test_a_pattern_covers_the_atoms_below_it_and_not_its_apex():
    assert names(BELOW) == {"*.goto.com", "*.a.goto.com", "a.goto.com"}
    assert names(NESTED) == {"*.a.goto.com"}
    assert names(OTHER) == {"apis.google.com"}
    assert names(DomainPattern.parse("*.example")) == set()


def test_slots_without_an_atom_are_another_name():
    assert ATOMS.label(NAME_BASE + len(ATOMS.patterns)) == "another name"


def test_the_order_of_the_patterns_does_not_matter():
    assert NameAtoms.of([OTHER, NESTED, BELOW]) == ATOMS


def test_a_slot_is_always_left_for_another_name():
    patterns = [DomainPattern(f"h{number}.example") for number in range(NAME_SLOTS)]
    assert len(NameAtoms.of(patterns[:-1]).patterns) == NAME_SLOTS - 1
    with pytest.raises(ValueError, match="more than"):
        NameAtoms.of(patterns)

import pytest

from callgate.flows import NameAtoms
from callgate.flows.axes import NAME_BASE, NAME_LAST
from callgate.flows.intervals import IntervalSet
from callgate.flows.name_words import name_words
from callgate.names import DomainPattern

ATOMS = NameAtoms.of(
    DomainPattern.parse(text) for text in ("*.goto.com", "*.a.goto.com", "*.b.a.goto.com")
)
REST = (NAME_BASE + len(ATOMS.patterns), NAME_LAST)


def held(text):
    names = text.split()
    slots = IntervalSet.points(
        NAME_BASE + slot for slot, atom in enumerate(ATOMS.patterns) if str(atom) in names
    )
    return slots | IntervalSet.of(REST) if "rest" in names else slots


@pytest.mark.parametrize(
    ("atoms", "words"),
    [
        ("", []),
        ("goto.com", ["goto.com"]),
        ("*.goto.com a.goto.com *.a.goto.com b.a.goto.com *.b.a.goto.com", ["*.goto.com"]),
        (
            "*.goto.com a.goto.com *.a.goto.com b.a.goto.com",
            ["*.goto.com except *.b.a.goto.com"],
        ),
        (
            "*.goto.com a.goto.com *.b.a.goto.com",
            ["*.b.a.goto.com", "*.goto.com except *.a.goto.com"],
        ),
        (
            "rest goto.com a.goto.com",
            ["every name except *.goto.com", "a.goto.com"],
        ),
    ],
)
def test_only_differences_from_what_is_around_are_written(atoms, words):
    assert name_words(held(atoms), ATOMS) == words

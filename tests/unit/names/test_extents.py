import pytest

from callgate.names import DomainPattern
from callgate.names.extents import Extent, outermost, shortfall

BELOW = Extent("goto.com", 1, None)


@pytest.mark.parametrize(
    ("extent", "text"),
    [
        (Extent("goto.com"), "goto.com"),
        (Extent("goto.com", 2, 2), "*.*.goto.com"),
        (Extent("goto.com", 1, None), "goto.com below, any depth"),
        (Extent("goto.com", 0, None), "goto.com and below, any depth"),
        (Extent("goto.com", 0, 5), "goto.com and below, 5 labels deep at most"),
    ],
)
def test_extent_is_said_in_words(extent, text):
    assert str(extent) == text


@pytest.mark.parametrize(("least", "most"), [(-1, 0), (2, 1)])
def test_impossible_depths_are_refused(least, most):
    with pytest.raises(ValueError, match="no name has"):
        Extent("goto.com", least, most)


@pytest.mark.parametrize(
    ("extent", "name", "matches"),
    [
        (BELOW, "meet.goto.com", True),
        (BELOW, "goto.com", False),
        (BELOW, "evil-goto.com", False),
        (Extent("goto.com", 0, 1), "b.a.goto.com", False),
        (Extent("goto.com", 0, 2), "b.a.goto.com", True),
        (Extent("goto.com", 2, 2), "a.goto.com", False),
        (Extent("goto.com"), "goto.com", True),
    ],
)
def test_matches_counts_labels(extent, name, matches):
    assert extent.matches(name) is matches


def test_of_keeps_what_a_pattern_means():
    assert Extent.of(DomainPattern.parse("*.goto.com")) == BELOW
    assert Extent.of(DomainPattern.parse("goto.com")) == Extent("goto.com")


@pytest.mark.parametrize(
    ("extents", "wanted", "left"),
    [
        ((BELOW,), BELOW, ()),
        ((), BELOW, (BELOW,)),
        ((Extent("goto.com", 0, 5),), BELOW, (Extent("goto.com", 6, None),)),
        ((BELOW,), Extent("goto.com", 0, None), (Extent("goto.com"),)),
        ((Extent("com", 1, None),), BELOW, ()),
        ((Extent("com", 1, 3),), BELOW, (Extent("goto.com", 3, None),)),
        ((Extent("com"),), BELOW, (BELOW,)),
        # a branch is never a whole depth
        ((Extent("a.goto.com", 0, None),), BELOW, (BELOW,)),
        (
            (Extent("goto.com", 2, 2), Extent("goto.com", 4, 4)),
            Extent("goto.com", 1, 5),
            (Extent("goto.com", 1, 1), Extent("goto.com", 3, 3), Extent("goto.com", 5, 5)),
        ),
        (
            tuple(Extent("goto.com", depth, depth) for depth in (1, 2, 3)),
            BELOW,
            (Extent("goto.com", 4, None),),
        ),
    ],
)
def test_shortfall_names_the_depths_that_are_left(extents, wanted, left):
    assert shortfall(extents, wanted) == left


def test_outermost_drops_what_lies_within_a_single_other():
    inner = (Extent("meet.goto.com"), Extent("a.goto.com", 0, None), Extent("goto.com", 2, 3))
    apart = (Extent("goto.com"), Extent("evil-goto.com"))
    assert outermost((*inner, BELOW, *apart, BELOW)) == (BELOW, *apart)

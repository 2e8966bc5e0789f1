import pytest

from callgate.places import Place


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("site.yaml"), "site.yaml"),
        (Place("site.yaml", 3), "site.yaml:3"),
        (Place("site.yaml", 3, 7), "site.yaml:3:7"),
        (Place("site.yaml", 0, 7), "site.yaml"),
    ],
)
def test_only_what_is_known_is_shown(place, text):
    assert str(place) == text


def test_places_stand_in_reading_order():
    assert sorted([Place("b", 1), Place("a", 10), Place("a", 9, 2)]) == [
        Place("a", 9, 2),
        Place("a", 10),
        Place("b", 1),
    ]

"""What YAML may say here, and where it says it. (What it may not: the broken files.)"""

import pytest

from callgate.errors import InputError
from callgate.profiles.documents import shown
from callgate.profiles.yaml_text import read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None), ("~", None), ("Null", None),
        ("true", True), ("FALSE", False),
        ("yes", "yes"), ("off", "off"), ("y", "y"), ("1:30", "1:30"), ("<<", "<<"), ("=", "="),
        ("0", 0), ("-12", -12), ("+3478", 3478), ("999999999999999999", 10**18 - 1),
        ("2.1", 2.1), (".5", 0.5), ("1e3", 1000.0), ("-.inf", float("-inf")),
        ("1.2.3", "1.2.3"), ("2026-01-31", "2026-01-31"), ("45000-49999", "45000-49999"),
        ("192.0.2.0/24", "192.0.2.0/24"), ("10_net", "10_net"), ("0day", "0day"),
        ("'1'", "1"), ('"true"', "true"), ("''", ""),
    ],
)  # fmt: skip
def test_scalars_are_those_of_the_core_schema(text, value):
    found = read_yaml(f"a: {text}", "x").data["a"]
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("text", ["0644", "0o17", "0x1F", "0b1", "1_000", "-07", "9" * 19])
def test_numbers_that_can_be_read_in_two_ways_are_refused(text):
    with pytest.raises(InputError, match=r"^x:1:4: ambiguous number"):
        read_yaml(f"a: {text}", "x")


def test_places_of_keys_and_values():
    parsed = read_yaml("a:\n  b: [1, {c: x}]\n'd e': |\n  text\n", "x.yaml")
    assert parsed.data == {"a": {"b": [1, {"c": "x"}]}, "d e": "text\n"}
    assert {path: str(place) for path, place in parsed.keys.items()} == {
        ("a",): "x.yaml:1:1",
        ("a", "b"): "x.yaml:2:3",
        ("a", "b", 1, "c"): "x.yaml:2:11",
        ("d e",): "x.yaml:3:1",
    }
    assert str(parsed.value_place(("a", "b", 1, "c"))) == "x.yaml:2:14"
    assert str(parsed.value_place(("d e",))) == "x.yaml:3:8"


def test_what_has_no_place_of_its_own_takes_the_nearest():
    parsed = read_yaml("a:\n  b: 1\n", "x")
    assert str(parsed.value_place(("a", "b", "c", 0))) == "x:2:6"
    assert str(parsed.key_place(("a", "z"))) == "x:2:3"


def test_a_byte_order_mark_and_carriage_returns_are_no_matter():
    assert read_yaml("\ufeffa: 1\r\nb: 2\r\n", "x").data == {"a": 1, "b": 2}


def test_an_escape_beyond_unicode():
    with pytest.raises(InputError, match="an escape beyond all bounds"):
        read_yaml('a: "\\U00110000"', "x")


def test_a_character_that_is_no_text_is_named_with_its_place():
    with pytest.raises(InputError) as caught:
        read_yaml("a: 1\nb: \x07\n", "x")
    assert str(caught.value) == "x:2:4: not text: character U+0007"


def test_the_text_of_a_user_fits_into_a_line():
    assert shown("a\nb\u202e") == "a\\nb\\u202e"
    assert shown("x" * 100) == "x" * 59 + "…"

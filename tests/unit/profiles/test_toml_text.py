"""Places in TOML, which its reader does not give."""

import pytest

from callgate.errors import InputError
from callgate.profiles.toml_text import read_toml

TEXT = '''\
# c = "not this"
name = "a # ] = "
"q.k".b = [1, {x = 1, y.z = """a"b"""}, [
   2,  # ] not this
   3]]
'l' = 'C:\\'
m = """
k = 1 \\" ""\\
"""""
[[arr]]
d = 1979-05-27 07:32:00
  [arr.sub]
  k = 'x'
[[arr]]
b = 2
[[arr.deep]]
[[arr.deep]]
z = true
[x . "y"]
c = -1.5e3
'''


def at(text, line, path):
    """The place of the only occurrence of a text in a line, as ``line:column``."""
    assert TEXT.splitlines()[line - 1].count(text) == 1
    return path, f"t:{line}:{TEXT.splitlines()[line - 1].index(text) + 1}"


KEYS = [
    at("name", 2, ("name",)),
    at('"q.k"', 3, ("q.k",)),
    at("b =", 3, ("q.k", "b")),
    at("x =", 3, ("q.k", "b", 1, "x")),
    at("y.z", 3, ("q.k", "b", 1, "y")),
    at("z =", 3, ("q.k", "b", 1, "y", "z")),
    at("'l'", 6, ("l",)),
    at("m =", 7, ("m",)),
    at("arr", 10, ("arr",)),
    at("d =", 11, ("arr", 0, "d")),
    at("sub", 12, ("arr", 0, "sub")),
    at("k =", 13, ("arr", 0, "sub", "k")),
    at("b =", 15, ("arr", 1, "b")),
    at("deep", 16, ("arr", 1, "deep")),
    at("z =", 18, ("arr", 1, "deep", 1, "z")),
    at("x .", 19, ("x",)),
    at('"y"', 19, ("x", "y")),
    at("c =", 20, ("x", "y", "c")),
]
VALUES = [
    at('"a #', 2, ("name",)),
    at("[1", 3, ("q.k", "b")),
    at("{x", 3, ("q.k", "b", 1)),
    at('"""a', 3, ("q.k", "b", 1, "y", "z")),
    at("2,", 4, ("q.k", "b", 2, 0)),
    at("3]", 5, ("q.k", "b", 2, 1)),
    at("'C", 6, ("l",)),
    at("1979", 11, ("arr", 0, "d")),
    at("'x'", 13, ("arr", 0, "sub", "k")),
    at("true", 18, ("arr", 1, "deep", 1, "z")),
    at("-1.5e3", 20, ("x", "y", "c")),
]


@pytest.mark.parametrize(("path", "place"), KEYS)
def test_keys(path, place):
    assert str(read_toml(TEXT, "t").key_place(path)) == place


@pytest.mark.parametrize(("path", "place"), VALUES)
def test_values(path, place):
    assert str(read_toml(TEXT, "t").value_place(path)) == place


def paths(data, path=()):
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items if isinstance(data, dict | list) else ():
        if isinstance(value, dict | list):
            yield from paths(value, (*path, key))
        else:
            yield (*path, key)


def test_every_value_has_a_place_and_nothing_else_has():
    parsed = read_toml(TEXT, "t")
    assert set(parsed.values) == set(paths(parsed.data))


def test_line_ends_and_a_byte_order_mark_do_not_move_places():
    parsed = read_toml("\ufeffa = 1\r\nb = 2\r\n", "t")
    assert str(parsed.key_place(("b",))) == "t:2:1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = [\n1,\n", "t:3:1: not TOML: "),
        ("a = 1 2", "t:1:7: not TOML: "),
        ("a = " + "9" * 5000, "t:1: not TOML: a number too long"),
        ("a = " + "[" * 5000, "t:1: nested deeper than 32 levels"),
        ("a" + ".a" * 40 + " = 1", "t:1:65: nested deeper than 32 levels"),
        ("[" + "a." * 40 + "b]\n", "t:1:66: nested deeper than 32 levels"),
        ('a = "\\u202e\\u0000"', "t:1:5: control character U+0000 in a text"),
    ],
)
def test_what_is_wrong_has_its_place(text, said):
    with pytest.raises(InputError) as caught:
        read_toml(text, "t")
    assert str(caught.value).startswith(said)

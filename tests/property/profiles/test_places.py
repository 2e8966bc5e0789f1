"""Readers agree with JSON on values, and at each place stands the value that it is for.

JSON is YAML, and JSON strings, numbers, lists and (on one line, with ``=``) objects are
TOML: so ``json`` can be the judge of both readers.
"""

import json

from hypothesis import given
from hypothesis import strategies as st

from callgate.profiles.toml_text import read_toml
from callgate.profiles.yaml_text import read_yaml

CHARACTERS = st.characters(
    min_codepoint=32, max_codepoint=0xD7FF, exclude_characters="\u2028\u2029"
)
TEXTS = st.text(CHARACTERS.filter(lambda c: not 0x7F <= ord(c) < 0xA0), max_size=8)
SCALARS = TEXTS | st.integers(-(10**17), 10**17) | st.booleans()
KEYS = TEXTS | st.sampled_from(["?", "", "<<", "a b"])
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
RECORDS = st.dictionaries(KEYS, DATA, min_size=1, max_size=4)


def paths(data, path=()):
    yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from paths(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from paths(value, (*path, index))


def standing_at(text, place):
    """What follows a place in the text."""
    line = text.split("\n")[place.line - 1 :]
    return "\n".join(line)[place.column - 1 :]


@given(RECORDS, st.sampled_from([None, 1, 2]), st.booleans())
def test_yaml(data, indent, ascii_only):
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    parsed = read_yaml(text, "x")
    assert parsed.data == data
    for path, value in paths(data):
        found, _ = json.JSONDecoder().raw_decode(standing_at(text, parsed.values[path]))
        assert found == value
        if path and isinstance(path[-1], str):
            assert standing_at(text, parsed.keys[path]).startswith('"')


def toml(data):
    """A value on one line of TOML."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(toml(each) for each in data) + "]"
    return json.dumps(data, ensure_ascii=False)


@given(RECORDS)
def test_toml(data):
    text = "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in data.items())
    parsed = read_toml(text, "x")
    assert parsed.data == data
    for path, value in paths(data):
        if path:
            assert standing_at(text, parsed.values[path]).startswith(toml(value))
            if isinstance(path[-1], str):
                key = json.dumps(path[-1])
                assert standing_at(text, parsed.keys[path]).startswith(f"{key} = ")

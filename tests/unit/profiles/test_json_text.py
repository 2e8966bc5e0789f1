"""JSON with places: what the standard library reads, and where everything stands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.errors import InputError
from callgate.profiles.json_text import read_json

TEXT = '{\n  "a": [1, {"b": "x"}],\n  "c": null\n}'
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_every_key_and_value_has_its_place():
    parsed = read_json(TEXT, "f.json")
    assert parsed.data == {"a": [1, {"b": "x"}], "c": None}
    assert str(parsed.key_place(("a",))) == "f.json:2:3"
    assert str(parsed.value_place(("a", 1, "b"))) == "f.json:2:18"
    assert str(parsed.value_place(("c",))) == "f.json:3:8"


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_it_reads_what_others_write(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert read_json(text, "f.json").data == value


@given(st.text(alphabet='{}[]:,"\\0123.-eE truefalsn\n', max_size=30))
def test_it_takes_no_text_that_others_refuse(text):
    try:
        found = read_json(text, "f.json")
    except InputError:
        return
    assert found.data == json.loads(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f.json:1: the file is empty"),
        ('{"a": 1, "a": 2}', "f.json:1:10: duplicate key `a`"),
        ("[1,\n]", "f.json:2:1: not JSON: nothing follows the `,` before `]`"),
        ('{"a" 1}', "f.json:1:6: not JSON: `:` is expected here"),
        ("[1 2]", "f.json:1:4: not JSON: `,` or `]` is expected here"),
        ("{1: 2}", "f.json:1:2: not JSON: a key in quotes is expected"),
        ("[01]", "f.json:1:2: not JSON: a value is expected here"),
        ("[1] x", "f.json:1:5: something follows the end of the document"),
        ('["\\q"]', "f.json:1:2: not JSON: Invalid \\escape: line 1 column 2 (char 1)"),
        ("[" * 40, "f.json:1:34: nested deeper than 32 levels"),
        ("[" + "1" * 50 + "]", "f.json:1:2: a number beyond all bounds"),
    ],
)
def test_what_is_no_json_is_refused_where_it_stands(text, said):
    with pytest.raises(InputError) as caught:
        read_json(text, "f.json")
    assert str(caught.value) == said

import pytest

from scripts.reference.schemas import schema_page, words

SCHEMA = {
    "title": "Site file",
    "description": "Your side.",
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "description": "What | you call it.", "default": "site"},
        "clients": {"type": "array", "items": {"$ref": "#/definitions/Network"}, "minItems": 1},
    },
    "definitions": {"Network": {"type": "string", "description": "A prefix."}},
}


def test_a_page_has_a_row_for_every_key_and_a_section_for_every_definition():
    assert schema_page(SCHEMA).splitlines() == [
        "# Site file",
        "",
        "Your side.",
        "",
        "| key | value | required | meaning |",
        "| --- | --- | --- | --- |",
        "| `name` | string | yes | What \\| you call it. Default: `site`. |",
        "| `clients` | list of [Network](#network), at least 1 of them | no |  |",
        "",
        "## Network",
        "",
        "A prefix.",
        "",
        "Value: string.",
    ]


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"enum": ["a", 1, None]}, "`a`, `1`, `null`"),
        ({"const": False}, "`false`"),
        ({"type": ["string", "null"]}, "string or nothing"),
        ({"oneOf": [{"type": "boolean"}, {"const": "all"}]}, "true or false or `all`"),
        ({"allOf": [{"$ref": "#/definitions/A"}], "description": "X."}, "[A](#a)"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "integer, at least 1, at most 9"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "map of string"),
        (
            {"type": "object", "properties": {"a": {"type": "string"}}},
            "object with `a` (string)",
        ),
        ({"type": "array", "uniqueItems": True}, "list, no two alike"),
        ({"pattern": "^a$"}, "anything, matches `^a$`"),
    ],
)
def test_values_in_words(schema, text):
    assert words(schema) == text


def test_a_keyword_that_the_page_would_not_show_is_an_error():
    with pytest.raises(LookupError, match="patternProperties"):
        words({"patternProperties": {}})

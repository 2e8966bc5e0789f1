"""The published schemas: strict, explained, and versioned."""

import hashlib
import json
from importlib import resources

import pytest
from jsonschema import Draft7Validator

from callgate.policy.site_formats import SITE_FORMATS
from callgate.profiles.formats import FORMATS
from callgate.profiles.schemas import load_schema

SCHEMAS = {
    "profile": (load_schema("callgate.profiles", "profile.schema.json"), FORMATS),
    "site": (load_schema("callgate.policy", "site.schema.json"), SITE_FORMATS),
}
#: Version of each format, and a digest of its schema without the words for people.
VERSIONS = {
    "profile": ("callgate.profile/1", "3891165ee3651b7e"),
    "site": (1, "30831e44aabe4045"),
}
each_schema = pytest.mark.parametrize(("schema", "formats"), SCHEMAS.values(), ids=SCHEMAS)


def parts(schema):
    """The schema and every schema in it."""
    yield schema
    for key in ("properties", "definitions"):
        for each in schema.get(key, {}).values():
            yield from parts(each)
    for key in ("items", "additionalProperties", "propertyNames"):
        if isinstance(schema.get(key), dict):
            yield from parts(schema[key])


def shape(schema):
    """The schema without descriptions."""
    if isinstance(schema, dict):
        return {
            k: shape(v)
            for k, v in schema.items()
            if not (k == "description" and isinstance(v, str))
        }
    return [shape(each) for each in schema] if isinstance(schema, list) else schema


@each_schema
def test_it_is_draft_07(schema, formats):
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)


@each_schema
def test_no_mapping_takes_unknown_keys(schema, formats):
    for part in parts(schema):
        if "properties" in part:
            assert part["additionalProperties"] is False


@each_schema
def test_every_key_is_explained(schema, formats):
    for part in parts(schema):
        for name, each in part.get("properties", {}).items():
            assert each.get("description"), name


@each_schema
def test_every_format_is_one_that_is_checked(schema, formats):
    used = {part["format"] for part in parts(schema) if "format" in part}
    assert used <= formats.keys()


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_format_does_not_change_under_its_version(name):
    schema, _ = SCHEMAS[name]
    key = "schema" if name == "profile" else "version"
    text = json.dumps(shape(schema), sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert (schema["properties"][key]["const"], digest) == VERSIONS[name], (
        "what old files may say has changed: give the format a new version if they break, "
        "and note the digest here"
    )


def test_every_bundled_profile_tells_editors_where_its_schema_is():
    data = resources.files("callgate.profiles.data")
    for folder in data.iterdir():
        for file in folder.iterdir() if folder.is_dir() else ():
            if file.name.endswith(".yaml"):
                first = file.read_text(encoding="utf-8").splitlines()[0]
                prefix = "# yaml-language-server: $schema="
                assert first.startswith(prefix)
                target = (folder / first.removeprefix(prefix)).resolve()
                assert json.loads(target.read_text())["title"] == "Callgate profile"

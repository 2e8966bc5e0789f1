"""A page about one file format, read off its JSON Schema (draft-07).

Only what our schemas use is understood; anything else is an error, so that a page never
says less than its schema.
"""

import json
from typing import Any

Schema = dict[str, Any]

#: Keywords that say nothing about the values, or that the page shows elsewhere.
_SILENT = {"$schema", "$id", "title", "description", "default", "examples", "definitions"}
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minItems": "at least {} of them",
    "maxItems": "at most {} of them",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minProperties": "at least {} keys",
    "pattern": "matches `{}`",
    "format": "format `{}`",
}
_STRUCTURE = {
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "if",
    "items",
    "not",
    "oneOf",
    "properties",
    "propertyNames",
    "required",
    "then",
    "type",
    "uniqueItems",
}


def schema_page(schema: Schema) -> str:
    """The whole page: the file itself, then each thing that has a name of its own."""
    sections = [f"# {schema['title']}\n", _section(schema)]
    for name, definition in schema.get("definitions", {}).items():
        sections += [f"## {name}\n", _section(definition)]
    return "\n".join(sections)


def _section(schema: Schema) -> str:
    lines = [_prose(schema)]
    if "properties" in schema:
        required = schema.get("required", [])
        lines += ["| key | value | required | meaning |", "| --- | --- | --- | --- |"]
        lines += [
            f"| `{key}` | {_cell(words(value))} | {'yes' if key in required else 'no'} "
            f"| {_cell(_meaning(value))} |"
            for key, value in schema["properties"].items()
        ]
    else:
        lines.append(f"Value: {words(schema)}.")
    return "\n".join([*lines, ""])


def _prose(schema: Schema) -> str:
    return f"{schema['description']}\n" if "description" in schema else ""


def _meaning(schema: Schema) -> str:
    text = schema.get("description", "")
    default = f" Default: `{_literal(schema['default'])}`." if "default" in schema else ""
    return f"{text}{default}".strip()


def words(schema: Schema) -> str:
    """What a value may be, in one line."""
    unknown = schema.keys() - _SILENT - _BOUNDS.keys() - _STRUCTURE
    if unknown:
        raise LookupError(f"the page would not say: {', '.join(sorted(unknown))}")
    bounds = [text.format(schema[key]) for key, text in _BOUNDS.items() if key in schema]
    if schema.get("uniqueItems"):
        bounds.append("no two alike")
    return ", ".join([_kind(schema), *bounds])


def _kind(schema: Schema) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for key, glue in {"oneOf": " or ", "anyOf": " or ", "allOf": " and "}.items():
        if key in schema:
            return glue.join(words(each) for each in schema[key])
    if "const" in schema:
        return f"`{_literal(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{_literal(each)}`" for each in schema["enum"])
    kinds = schema.get("type", "anything")
    return " or ".join(
        _typed(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)
    )


def _typed(kind: str, schema: Schema) -> str:
    if kind == "array" and "items" in schema:
        return f"list of {words(schema['items'])}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map of {words(schema['additionalProperties'])}"
    if kind == "object" and "properties" in schema:
        keys = ", ".join(f"`{key}` ({words(value)})" for key, value in schema["properties"].items())
        return f"object with {keys}"
    return {"array": "list", "null": "nothing", "boolean": "true or false"}.get(kind, kind)


def _literal(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())

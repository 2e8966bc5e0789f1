"""Violations of a schema in the words of a person, with a place and a hint."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from callgate.errors import Mistake
from callgate.profiles.documents import JsonPath, ParsedText, Record, mistake_at, shown


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation: the schema's keyword, what it wants, what was found and where.

    ``of_key`` tells that a key of the mapping at ``path`` was found wanting, not a value.
    """

    keyword: str
    path: JsonPath
    wanted: Any
    found: Any
    schema: Record
    message: str
    of_key: bool


def in_words(parsed: ParsedText, violation: Violation) -> Iterator[Mistake]:
    """The mistakes that a violation means; none where another one says it better."""
    yield from _WORDING.get(violation.keyword, _otherwise)(parsed, violation)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return near[0] if near else None


_KINDS: Final = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
#: Keys of one mapping for which a typo is looked for: looking costs far more than reading.
_PATIENCE: Final = 50
_BOOLEAN_WORDS: Final = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def _unknown_keys(parsed: ParsedText, error: Violation) -> Iterator[Mistake]:
    known = list(error.schema.get("properties", ()))
    for index, key in enumerate(error.found):
        if key not in known:
            meant = did_you_mean(key, known) if index < _PATIENCE else None
            hint = f"did you mean `{meant}`?" if meant else "known here: " + ", ".join(known)
            yield Mistake(parsed.key_place((*error.path, key)), f"unknown key `{shown(key)}`", hint)


def _missing_keys(parsed: ParsedText, error: Violation) -> Iterator[Mistake]:
    # jsonschema reports each missing key by itself, and names it only in its message.
    key = next(key for key in error.wanted if error.message.startswith(repr(key)))
    known = error.schema.get("properties", {})
    # A typo says it all: the key is there, under another name.
    strange = [each for each in list(error.found)[:_PATIENCE] if each not in known]
    if not any(did_you_mean(each, known) == key for each in strange):
        yield Mistake(
            parsed.value_place(error.path), f"missing key `{key}`", _purpose(known.get(key))
        )


def _purpose(schema: Record | None) -> str | None:
    return schema.get("description") if schema else None


def _wrong_type(parsed: ParsedText, error: Violation) -> Iterator[Mistake]:
    wanted = error.wanted
    kinds = [wanted] if isinstance(wanted, str) else wanted
    expected = " or ".join(_KINDS[kind] for kind in kinds)
    yield Mistake(
        parsed.value_place(error.path),
        f"expected {expected}, found {_found(error.found)}",
        _type_hint(kinds, error.found),
    )


def _type_hint(kinds: list[str], value: object) -> str | None:
    if "boolean" in kinds and isinstance(value, str) and value.lower() in _BOOLEAN_WORDS:
        return f"write {_BOOLEAN_WORDS[value.lower()]}"
    if "string" in kinds and isinstance(value, int | float):
        return "put it in quotes"
    if "array" in kinds and isinstance(value, str):
        return f"write a list: [{shown(value)}]"
    return None


def _found(value: object) -> str:
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {shown(value)!r}"
    return _FOUND.get(type(value), "a date or time")


def _wrong_word(parsed: ParsedText, error: Violation) -> Iterator[Mistake]:
    known = [str(each) for each in error.wanted]
    if isinstance(error.found, str):
        meant = did_you_mean(error.found, known)
        yield Mistake(
            parsed.value_place(error.path),
            f"{shown(error.found)!r} is not one of " + ", ".join(known),
            f"did you mean {meant!r}?" if meant else None,
        )


def _wrong_constant(parsed: ParsedText, error: Violation) -> Iterator[Mistake]:
    wanted = error.wanted
    if isinstance(error.found, type(wanted)):
        yield Mistake(
            parsed.value_place(error.path), f"expected {wanted}, found {_found(error.found)}"
        )


def _wrong_format(parsed: ParsedText, error: Violation) -> Iterator[Mistake]:
    place = (
        parsed.key_place((*error.path, error.found))
        if error.of_key
        else parsed.value_place(error.path)
    )
    yield mistake_at(place, error.message)


def _repeated(parsed: ParsedText, error: Violation) -> Iterator[Mistake]:
    items = error.found
    for index, item in enumerate(items):
        if item in items[:index]:
            yield Mistake(parsed.value_place((*error.path, index)), f"{_found(item)} is here twice")


def _otherwise(parsed: ParsedText, error: Violation) -> Iterator[Mistake]:
    yield Mistake(parsed.value_place(error.path), _PLAIN.get(error.keyword, shown(error.message)))


_FOUND: Final = {type(None): "nothing", list: "a list", dict: "a mapping"}
_PLAIN: Final = {"minItems": "an empty list", "minLength": "an empty text"}
_WORDING: Final = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "type": _wrong_type,
    "enum": _wrong_word,
    "const": _wrong_constant,
    "format": _wrong_format,
    "uniqueItems": _repeated,
}

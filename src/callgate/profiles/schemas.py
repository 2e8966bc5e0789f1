"""A JSON Schema (draft-07) against a parsed text: every violation, in words, with its place.

The schema carries the shape; what a shape cannot say of one value (a network without host
bits, a domain name) is a named ``format``: a function that raises ValueError with
``what is wrong; what to do``. A validator that does not know our formats (an editor)
ignores them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from typing import Any

from callgate.errors import Mistake
from callgate.profiles.documents import ParsedText, Record
from callgate.profiles.wording import Violation, in_words

#: Raises ValueError when a text (or a whole number as text) is not what the format says.
Format = Callable[[str], None]


def load_schema(package: str, name: str) -> Record:
    """A schema that lies in a package of ours."""
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    schema: Record = json.loads(text)
    return schema


def violations(
    parsed: ParsedText, schema: Record, formats: Mapping[str, Format]
) -> Iterator[Mistake]:
    """Everything in the text that the schema does not allow."""
    for violation in _violations(parsed.data, schema, formats):
        yield from in_words(parsed, violation)


def _violations(data: object, schema: Record, formats: Mapping[str, Format]) -> Iterator[Violation]:
    from jsonschema import Draft7Validator, FormatChecker  # noqa: PLC0415 - heavy: 100 ms
    from jsonschema.validators import extend  # noqa: PLC0415

    checker = FormatChecker(formats=())
    checker.checkers = {name: (_conforms(check), ValueError) for name, check in formats.items()}
    # 1.0 is a whole number to JSON Schema, but nobody means a port by it.
    strict = Draft7Validator.TYPE_CHECKER.redefine("integer", _is_whole)
    make: Callable[..., Any] = extend  # its own annotations are incomplete
    validator = make(Draft7Validator, type_checker=strict)(schema, format_checker=checker)
    for error in validator.iter_errors(data):
        kinds = error.schema.get("type", []) if error.validator == "format" else []
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(validator.is_type(error.instance, kind) for kind in kinds):
            continue  # another type is another mistake, and is reported as that
        yield Violation(
            keyword=str(error.validator),
            path=tuple(error.absolute_path),
            wanted=error.validator_value,
            found=error.instance,
            schema=error.schema,
            message=str(error.cause or error.message),
            of_key="propertyNames" in error.absolute_schema_path,
        )


def _conforms(check: Format) -> Callable[[object], bool]:
    def run(value: object) -> bool:
        if isinstance(value, str | int) and not isinstance(value, bool):
            check(str(value))
        return True

    return run


def _is_whole(_: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

"""A listing while it is read: its places, and what was not modelled in it."""

import json

from callgate.profiles.documents import JsonPath, ParsedText, Record
from callgate.rules import Condition, Literal, Note, Unmodelled

_TEXT_MAX = 200


class Report:
    """Collects what a ruleset says beside its chains."""

    def __init__(self, parsed: ParsedText) -> None:
        self.parsed = parsed
        self.unmodelled: list[Unmodelled] = []
        self.notes: list[Note] = []

    def condition(self, path: JsonPath, text: str, hint: str) -> Literal:
        """Something that may or may not hold: report it, and give it as a condition."""
        place = self.parsed.value_place(path)
        self.unmodelled.append(Unmodelled(text, place, hint))
        return Literal(Condition(text, place))

    def strangers(self, record: Record, path: JsonPath, known: frozenset[str]) -> list[Literal]:
        """A condition for each key of a rule that this reader has never heard of."""
        return [
            self.condition((*path, key), f"{key}: {words(record[key])}", f"unknown key {key!r}")
            for key in record
            if key not in known
        ]


def words(value: object) -> str:
    """A part of the listing on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _TEXT_MAX else text[: _TEXT_MAX - 1] + "…"


def function_of(value: object) -> str | None:
    """The function call that stands in place of a value (``Ref``, ``Fn::Sub``, ``!Ref``)."""
    if isinstance(value, dict) and len(value) == 1:
        (name,) = value
        if name == "Ref" or name.startswith(("Fn::", "!")):
            return f"{name} {words(value[name])}"
    return None

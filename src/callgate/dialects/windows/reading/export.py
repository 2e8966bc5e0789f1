"""The JSON of our export script (``export-firewall.ps1``)."""

from collections.abc import Iterator
from typing import Final

from callgate.dialects.windows.reading.profile import Profile, default_action, ruleset
from callgate.dialects.windows.reading.rule import PROFILES, Draft
from callgate.errors import InputError, Mistake
from callgate.profiles.documents import JsonPath, ParsedText, Record, records
from callgate.profiles.json_text import read_json
from callgate.rules import Action, Ruleset, Unmodelled

SCHEMA: Final = "callgate.windows-export/1"
_CATEGORIES: Final = {"DomainAuthenticated": "domain", "Private": "private", "Public": "public"}
_TEXT_MAX: Final = 160


def read_export(text: str, source: str) -> Ruleset:
    """The firewall of one export; InputError for what is none."""
    parsed = read_json(text, source)
    data = parsed.data
    if not isinstance(data, dict) or data.get("Schema") != SCHEMA:
        message = f"not an export of this form: Schema is to be {SCHEMA!r}"
        hint = "export again with the export-firewall.ps1 that `callgate generate` writes"
        raise InputError([Mistake(parsed.value_place(()), message, hint)])
    if not isinstance(data.get("Rules"), list):
        raise InputError([Mistake(parsed.value_place(()), "the export has no list of Rules")])
    unmodelled: list[Unmodelled] = []
    profiles = dict(_profiles(data, parsed))
    missing = [name for name in PROFILES if name not in profiles]
    if missing:
        message = f"the export lacks the profile {', '.join(missing)}"
        raise InputError([Mistake(parsed.value_place(("Profiles",)), message)])
    return ruleset(source, _drafts(data, parsed), profiles, _present(data), unmodelled)


def _present(data: Record) -> set[str]:
    """The profiles of the networks that the machine is connected to."""
    found = data.get("Connections")
    words = found if isinstance(found, list) else []
    return {_CATEGORIES[word] for word in map(str, words) if word in _CATEGORIES}


def _profiles(data: Record, parsed: ParsedText) -> Iterator[tuple[str, Profile]]:
    for path, record in records(data, "Profiles"):
        name = str(record.get("Name")).lower()
        words = {key: str(value) for key, value in record.items()}
        shown = ", ".join(f"{key} {value}" for key, value in words.items() if key != "Name")
        defaults: dict[bool, Action | None] = {
            True: default_action(words.get("DefaultOutboundAction", ""), outbound=True),
            False: default_action(words.get("DefaultInboundAction", ""), outbound=False),
        }
        yield (
            name,
            Profile(
                name,
                parsed.value_place(path),
                f"profile {words.get('Name', '')}: {shown}",
                words.get("Enabled", "").lower() not in {"false", "0"},
                defaults,
                words.get("AllowInboundRules", "").lower() in {"false", "0"},
            ),
        )


def _drafts(data: Record, parsed: ParsedText) -> Iterator[Draft]:
    for path, record in records(data, "Rules"):
        values = {key: _words(value) for key, value in record.items()}
        yield Draft(values, parsed.value_place(path), _shown(values, path))


def _words(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return [] if value is None else [str(value)]


def _shown(values: dict[str, list[str]], path: JsonPath) -> str:
    """A rule on one line: what it is called, and what it says beyond "Any"."""
    named = values.get("DisplayName") or values.get("Name") or [f"rule {path[-1]}"]
    facts = [
        ",".join(words)
        for key, words in values.items()
        if key in _SHOWN and words and not {each.lower() for each in words} <= {"any", ""}
    ]
    return f"{named[0]}: {' '.join(facts)}"[:_TEXT_MAX]


_SHOWN: Final = (
    "Enabled", "Direction", "Action", "Profile", "Protocol", "LocalPort", "RemotePort",
    "IcmpType", "LocalAddress", "RemoteAddress", "Program",
)  # fmt: skip

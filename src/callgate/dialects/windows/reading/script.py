"""Scripts of rules: ``New-NetFirewallRule`` and ``Set-NetFirewallProfile``, a command a line.

PowerShell is a language of its own; only these commands with plain arguments are read, and
the fixed lines of our own scripts are known. Whatever else stands in a script is reported.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from callgate.dialects.windows.reading.profile import Profile, default_action, ruleset
from callgate.dialects.windows.reading.rule import PROFILES, Draft
from callgate.dialects.windows.script import CMDLET, fixed
from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules import Action, Ruleset, Unmodelled

PROFILE: Final = "Set-NetFirewallProfile"
_WORD: Final = re.compile(
    r"""\s*(?:(?P<end>\|\s*Out-Null\s*$|\#.*$)|(?P<text>(?:'(?:[^']|'')*'|"[^"$`]*"|[^\s'"|;&$(){}\#`,]+)
        (?:,\s*(?:'(?:[^']|'')*'|"[^"$`]*"|[^\s'"|;&$(){}\#`,]+))*))""",
    re.VERBOSE,
)
_ITEM: Final = re.compile(r"""'((?:[^']|'')*)'|"([^"]*)"|([^,'"\s]+)""")
_VARYING: Final = re.compile(r"callgate-[0-9a-f]{8}-(?:\d{3,}|\*)|@LAST@|callgate-@DIGEST@-\*")
_UNSAID: Final = "the default is not said here"


def read_script(text: str, source: str) -> Ruleset:
    """The rules of one script; InputError when it holds none."""
    drafts: list[Draft] = []
    unmodelled: list[Unmodelled] = []
    profiles = {
        name: Profile(name, Place(source, 1), f"profile {name}: {_UNSAID}") for name in PROFILES
    }
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if not words or words.startswith("#") or _fixed(words):
            continue
        place = Place(source, number, 1)
        try:
            command, values = _command(words)
        except ValueError as error:
            unmodelled.append(Unmodelled(words, place, str(error)))
            continue
        if command == CMDLET:
            drafts.append(Draft(values, place, words))
        else:
            profiles.update(_set_profile(values, profiles, place, words))
    if not drafts:
        raise InputError([Mistake(Place(source, 1), f"there is no {CMDLET} here")])
    return ruleset(source, drafts, profiles, set(), unmodelled)


def _fixed(line: str) -> bool:
    """Whether a line is one of those that stand in each of our scripts."""
    return _VARYING.sub("", line) in _fixed_lines()


@cache
def _fixed_lines() -> frozenset[str]:
    return frozenset(_VARYING.sub("", each) for name in ("before", "after") for each in fixed(name))


def _command(line: str) -> tuple[str, dict[str, list[str]]]:
    """A command and its parameters; ValueError for what is more than that."""
    words = list(_words(line))
    command = next((c for c in (CMDLET, PROFILE) if words and words[0].lower() == c.lower()), None)
    if command is None:
        raise ValueError(f"only {CMDLET} and {PROFILE} are read")
    values: dict[str, list[str]] = {}
    name = ""
    for word in words[1:]:
        if word.startswith("-") and not word[1:2].isdigit():
            name = word[1:].removesuffix(":")
            values[name] = []
        elif not name or values[name]:
            raise ValueError(f"a value without a name: {word}")
        else:
            values[name] = ["".join(each).replace("''", "'") for each in _ITEM.findall(word)]
    return command, values


def _words(line: str) -> Iterator[str]:
    at = 0
    while at < len(line):
        found = _WORD.match(line, at)
        if found is None:
            raise ValueError("more than a command with plain arguments")
        at = found.end()
        if found["end"] is not None:
            return
        yield found["text"]


def _set_profile(
    values: dict[str, list[str]], profiles: dict[str, Profile], place: Place, text: str
) -> Iterator[tuple[str, Profile]]:
    """What the command changes of which profiles."""
    names = [each.lower() for each in values.get("Name", values.get("Profile", []))]
    if "All" in values or not names:
        names = list(PROFILES)
    for name in names:
        before = profiles.get(name)
        if before is None:
            continue
        defaults: dict[bool, Action | None] = dict(before.defaults)
        for key, outbound in (("DefaultOutboundAction", True), ("DefaultInboundAction", False)):
            if key in values:
                defaults[outbound] = default_action("".join(values[key]), outbound=outbound)
        enabled = "".join(values.get("Enabled", ["True"])).lower() not in {"false", "0"}
        yield name, Profile(name, place, text, enabled, defaults)

"""What each built-in target can express, read off its capability table."""

from dataclasses import fields

from callgate.dialects.base import Capabilities, Dialect
from callgate.dialects.registry import BUILT_IN, find

INTRODUCTION = """\
# Capabilities

What each target can express. What it cannot is refused, or written with the excess declared
in the artifact; it is never widened silently.
"""
TITLES = {"ipv6": "IPv6", "name_limit": "longest name", "name_charset": "characters of a name"}


def capability_page() -> str:
    """One column for each dialect that comes with Callgate."""
    dialects = [find(name) for name in BUILT_IN]
    head = ["", *(f"{each.title} (`{each.name}`)" for each in dialects)]
    rows = [_row(field.name, dialects) for field in fields(Capabilities)]
    return "\n".join([INTRODUCTION, _line(head), _line(["---"] * len(head)), *map(_line, rows), ""])


def _row(name: str, dialects: list[Dialect]) -> list[str]:
    values = [getattr(each.capabilities, name) for each in dialects]
    return [TITLES.get(name, name.replace("_", " ")), *map(_words, values)]


def _words(value: object) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case None:
            return "no limit"
        case _:
            return str(value).replace("|", "\\|").replace("*", "\\*")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

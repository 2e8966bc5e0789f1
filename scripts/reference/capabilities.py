"""What each built-in target can express, read off its capability table and its options."""

from collections.abc import Iterator
from dataclasses import fields

from callgate.dialects.base import Capabilities, Dialect, Option
from callgate.dialects.registry import BUILT_IN, find

INTRODUCTION = """\
# Capabilities

What each target can express. What it cannot is refused, or written with the excess declared
in the artifact; it is never widened silently.
"""
TITLES = {"ipv6": "IPv6", "name_limit": "longest name", "name_charset": "characters of a name"}
#: What fits into the columns of one table; the rest stands with each target.
SHORT = ("ipv6", "port_ranges", "stateful", "groups", "logging", "name_limit")


def capability_page() -> str:
    """A row for each dialect that comes with Callgate, then a section for each."""
    dialects = [find(name) for name in BUILT_IN]
    head = ["target", "filters", *map(_title, SHORT)]
    rows = [
        [f"`{each.name}`", "packets" if each.filters else "names", *(_cell(each, n) for n in SHORT)]
        for each in dialects
    ]
    table = [_line(head), _line(["---"] * len(head)), *map(_line, rows)]
    sections = [line for each in dialects for line in _section(each)]
    return "\n".join([INTRODUCTION, *table, "", *sections])


def _section(dialect: Dialect) -> Iterator[str]:
    yield f"## {dialect.title}\n"
    for field in fields(Capabilities):
        if field.name not in SHORT:
            yield f"- {_title(field.name)}: {_cell(dialect, field.name)}"
    for option in dialect.options:
        yield f"- `--option {option.name}=…`: {_option(option)}"
    yield ""


def _option(option: Option) -> str:
    values = f" One of {', '.join(f'`{each}`' for each in option.values)}." if option.values else ""
    default = f" Default: `{option.default}`." if option.default else ""
    return f"{option.meaning}{values}{default}"


def _title(name: str) -> str:
    return TITLES.get(name, name.replace("_", " "))


def _cell(dialect: Dialect, name: str) -> str:
    match getattr(dialect.capabilities, name):
        case True:
            return "yes"
        case False:
            return "no"
        case None:
            return "no limit"
        case value:
            return str(value).replace("|", "\\|").replace("*", "\\*")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

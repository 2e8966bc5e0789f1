"""The command line, read off the click commands themselves."""

import inspect
from collections.abc import Iterator

import click

from callgate.cli.main import cli

EXIT_CODES = """\
## Exit codes

| code | meaning |
| --- | --- |
| 0 | satisfied, or done |
| 1 | findings: a need is blocked, or what you asked to fail on was found |
| 2 | wrong usage, wrong input, or a program or right that is missing |
| 3 | inconclusive: the answer depends on something that could not be decided |
| 130 | interrupted |
"""


def command_page() -> str:
    """The whole reference of the command line."""
    context = click.Context(cli, info_name="callgate")
    sections = [section for name in _names(cli, context) for section in _walk(cli, name, context)]
    return "\n".join(["# Command line\n", _usage(cli, context), _help(cli), *sections, EXIT_CODES])


def _names(group: click.Group, context: click.Context) -> list[str]:
    return group.list_commands(context)


def _walk(group: click.Group, name: str, parent: click.Context) -> Iterator[str]:
    command = group.get_command(parent, name)
    if command is None:
        raise LookupError(f"no command {name}")
    context = click.Context(command, info_name=name, parent=parent)
    yield f"## {context.command_path}\n"
    yield _usage(command, context)
    yield _help(command)
    yield from _options(command, context)
    if isinstance(command, click.Group):
        for below in _names(command, context):
            yield from _walk(command, below, context)


def _usage(command: click.Command, context: click.Context) -> str:
    pieces = " ".join(command.collect_usage_pieces(context))
    return f"```text\n{context.command_path} {pieces}\n```\n"


def _help(command: click.Command) -> str:
    paragraphs = inspect.cleandoc(command.help or "").replace("\f", "").split("\n\n")
    return "\n\n".join(_paragraph(text) for text in paragraphs) + "\n"


def _paragraph(text: str) -> str:
    # \b is click's mark for a paragraph that keeps its line breaks.
    kept = text.removeprefix("\b\n")
    return text if kept == text else f"```text\n{kept}\n```"


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    rows = [
        record
        for parameter in command.params
        if isinstance(parameter, click.Option)
        if (record := parameter.get_help_record(context)) is not None
    ]
    if rows:
        yield "| option | meaning |\n| --- | --- |"
        for left, right in rows:
            yield f"| `{_cell(left)}` | {_cell(right)} |"
        yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())

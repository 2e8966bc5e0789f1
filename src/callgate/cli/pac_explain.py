"""``callgate pac explain``: which statement of a PAC file decides where a URL goes."""

import json
from typing import Any

import click

from callgate.cli.files import read_bytes
from callgate.cli.pac_options import pac_options, world_from
from callgate.errors import CallgateError
from callgate.pac.readers import READERS
from callgate.pac.sandbox import Client, require_engine


@click.command("explain")
@click.argument("file")
@click.argument("url")
@pac_options
@click.option(
    "-o", "--output", type=click.Choice(("table", "json")), default="table", show_default=True
)
def command(file: str, url: str, output: str, **flags: Any) -> int:
    """Name the statement that decides where a URL goes, and the conditions on the way.

    Exit code 0 when it is decided, 1 when the file fails, 3 when the answer hangs on
    something that was not given (--dns, --address, --at).
    """
    require_engine()
    # The parser comes with the same extra as the engine.
    from callgate.pac.interview import interview  # noqa: PLC0415
    from callgate.pac.source import decode  # noqa: PLC0415
    from callgate.pac.syntax import Script  # noqa: PLC0415
    from callgate.report import pac  # noqa: PLC0415

    world, data = world_from(flags), read_bytes(file)
    shown = "<stdin>" if file == "-" else file
    code, answers = 0, []
    for name in flags["readers"] or ("chrome",):
        reader = READERS[name]
        script = Script(shown, decode(data, shown, reader).text)
        found = interview(script, [reader.shown(url)], Client(reader, world))
        if found.failure:
            where = f"{found.place}: " if found.place is not None else f"{shown}: "
            raise CallgateError(f"{where}{found.failure}", hint="a client then goes DIRECT")
        told = found.told[0]
        answers.append({"reader": name} | pac.told_json(told))
        if output == "table":
            if len(flags["readers"]) > 1:
                click.echo(f"{reader.title}:")
            for line in pac.explanation(told):
                click.echo(line)
        code = code or (1 if told.failure and not told.missing else 3 if told.missing else 0)
    if output == "json":
        click.echo(json.dumps({"schema": pac.EXPLAIN_SCHEMA, "answers": answers}, indent=2))
    return code

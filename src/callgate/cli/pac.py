"""``callgate pac``: proxy auto-configuration files, checked, explained and generated."""

import click

from callgate.cli import pac_check, pac_explain
from callgate.cli.generate import command as generate


@click.group("pac")
def command() -> None:
    """Check and explain proxy auto-configuration (PAC) files.

    A file runs in a sandbox, with bounds on time and memory; no name is looked up.
    """


def _generate() -> click.Command:
    """``callgate generate --dialect pac`` under a name of its own."""
    callback = generate.callback
    if callback is None:  # pragma: no cover - it has one
        raise TypeError("generate has no callback")
    return click.Command(
        "generate",
        params=[each for each in generate.params if each.name != "dialect"],
        callback=lambda **flags: callback(dialect="pac", **flags),
        help="Generate a PAC file: the same as callgate generate --dialect pac.",
    )


command.add_command(pac_check.command)
command.add_command(pac_explain.command)
command.add_command(_generate())

"""``callgate diff``: which packets are treated differently by two configurations."""

import json
from typing import Any

import click

from callgate.check.asking import Question
from callgate.check.audit import choose_entry
from callgate.check.difference import difference
from callgate.check.prepared import Prepared
from callgate.cli.rulesets import load
from callgate.policy.site import On
from callgate.report.differences import difference_json, difference_lines


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option(
    "--dialect",
    default="auto",
    show_default=True,
    metavar="NAME",
    help="Language of the files; auto tells it by their content.",
)
@click.option(
    "--chain",
    "--zone",
    "--interface",
    "entry",
    metavar="NAME",
    help="The way through the device to compare.",
)
@click.option("--in", "in_interface", metavar="NAME", help="Interface that packets come in by.")
@click.option("--out", "out_interface", metavar="NAME", help="Interface that they leave by.")
@click.option(
    "--on", type=click.Choice([str(each) for each in On]), default="router", show_default=True
)
@click.option(
    "-o", "--output", type=click.Choice(("table", "json")), default="table", show_default=True
)
def command(old: str, new: str, **flags: Any) -> int:
    """Compare what two configurations let through, with a packet for each difference.

    Exit code 0 when they accept the same packets, 1 when they do not.
    """
    rulesets = [load(name, flags["dialect"]) for name in (old, new)]
    interfaces = (flags["in_interface"], flags["out_interface"])
    entry = choose_entry(rulesets[1], On(flags["on"]), flags["entry"], interfaces)
    question = Question(entry.name, in_interface=interfaces[0], out_interface=interfaces[1])
    found = difference(Prepared(rulesets[0]), Prepared(rulesets[1]), question)
    if flags["output"] == "json":
        click.echo(json.dumps(difference_json(found, old, new), indent=2))
    else:
        for line in difference_lines(found, old, new):
            click.echo(line)
    return 0 if found.equivalent and not found.undecided else 1 if found.total else 3

"""``callgate diff``: which packets are treated differently by two configurations."""

import json
from dataclasses import replace
from typing import Any

import click

from callgate.check.difference import difference
from callgate.check.prepared import Prepared
from callgate.cli.rulesets import load
from callgate.cli.way_options import on_option, question_about, way_options
from callgate.policy.site import On
from callgate.report.differences import difference_json, difference_lines


@click.command("diff")
@click.argument("old")
@click.argument("new")
@way_options
@on_option
@click.option(
    "-o", "--output", type=click.Choice(("table", "json")), default="table", show_default=True
)
def command(old: str, new: str, **flags: Any) -> int:
    """Compare what two configurations let through, with a packet for each difference.

    Exit code 0 when they accept the same packets, 1 when they do not, 3 when a part that
    was compared is the same and another part could not be compared.
    """
    rulesets = [load(name, flags["dialect"]) for name in (old, new)]
    on = On(flags["on"])
    # Each dialect has a name of its own for the same way through the device.
    before, question = (question_about(ruleset, on, flags) for ruleset in rulesets)
    # Whether calls go that way or not: a changed rule for the loopback is a change.
    question = replace(question, not_through=())
    prepared = [Prepared(ruleset) for ruleset in rulesets]
    found = difference(prepared[0], prepared[1], question, old_entry=before.entry)
    if flags["output"] == "json":
        click.echo(json.dumps(difference_json(found, old, new), indent=2))
    else:
        for line in difference_lines(found, old, new):
            click.echo(line)
    return 1 if found.total else 0 if found.complete else 3

"""``callgate lab faults``: what can be wrong in the lab's network, and what is true then."""

import json
from collections import defaultdict
from typing import Any

import click

from callgate.cli.terminal import show
from callgate.lab.faults import FAMILIES, Fault, Path, Truth, find, names
from callgate.report.tables import Table

#: Version of the JSON form; see docs/faults.md.
SCHEMA = "callgate.faults/1"
_HEADERS = ("Fault", "What is wrong", "What becomes of the paths")


@click.command("faults")
@click.argument("wanted", metavar="[NAME]...", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=click.Choice(("table", "json", "markdown", "csv")),
    default="table",
    show_default=True,
)
def faults_command(wanted: tuple[str, ...], output: str) -> int:
    """List the faults that a lab's network can have, and the truth about each path."""
    found = [find(name) for name in wanted or names()]
    if output == "json":
        listed = {"schema": SCHEMA, "faults": [_as_json(each) for each in found]}
        click.echo(json.dumps(listed, indent=2))
        return 0
    table = fault_table(found)
    if output == "markdown":
        click.echo(table.markdown(), nl=False)
    elif output == "csv":
        click.echo(table.csv(), nl=False)
    else:
        show(table)
    return 0


def fault_table(faults: list[Fault]) -> Table:
    """One row for each fault; paths that work are not named."""
    rows = tuple((each.name, each.what, "\n".join(_lines(each))) for each in faults)
    return Table(_HEADERS, rows)


def _lines(fault: Fault) -> list[str]:
    paths: dict[Truth, list[str]] = defaultdict(list)
    for path, truth in fault.truths.items():
        paths[truth].append(path)
    only = "" if fault.families == FAMILIES else f" (IPv{fault.families[0]} only)"
    lines = [f"{', '.join(found)}: {truth}{only}" for truth, found in paths.items()]
    return lines or ["all work"]


def _as_json(fault: Fault) -> dict[str, Any]:
    return {
        "name": fault.name,
        "what": fault.what,
        "families": list(fault.families),
        "paths": {path.value: _truth(fault.truths.get(path)) for path in Path},
    }


def _truth(truth: Truth | None) -> dict[str, Any]:
    if truth is None:
        return {"outcome": "works"}
    return {
        "outcome": str(truth.outcome),
        "cause": str(truth.cause),
        "sign": str(truth.sign),
        "hard": truth.sign.hard,
        "step": truth.step.name.lower(),
        "place": str(truth.place),
    }

"""``callgate explain``: one packet's walk through the chains, line by line."""

import json
from dataclasses import replace
from typing import Any

import click

from callgate.check.explain import explain
from callgate.check.prepared import Prepared
from callgate.check.sufficiency import Answer
from callgate.cli.rulesets import load
from callgate.cli.way_options import on_option, question_about, way_options
from callgate.errors import UsageError
from callgate.flows import NameAtoms, Packet
from callgate.flows.packet_text import parse_packet
from callgate.policy.site import On
from callgate.report.audit_json import evidence_json
from callgate.rules import ConnectionState
from callgate.verdicts import Verdict, exit_code

#: Version of the JSON form.
SCHEMA = "callgate.explain/1"

_STATES = {"new": ConnectionState.NEW, "established": ConnectionState.ESTABLISHED,
           "related": ConnectionState.RELATED}  # fmt: skip
_FATE = {
    Verdict.SATISFIED: "passes",
    Verdict.BLOCKED: "is blocked",
    Verdict.DEPENDS: "may pass or not",
    Verdict.UNKNOWN: "cannot be told",
}


@click.command("explain")
@click.argument("file")
@click.option(
    "--packet",
    "text",
    required=True,
    metavar="TEXT",
    help="For example 'udp 10.0.0.5:51000 > 198.51.100.7:3478'.",
)
@way_options
@click.option(
    "--state",
    type=click.Choice(list(_STATES)),
    default="new",
    show_default=True,
    help="Its place in a connection.",
)
@on_option
@click.option(
    "-o", "--output", type=click.Choice(("table", "json")), default="table", show_default=True
)
def command(file: str, text: str, **flags: Any) -> int:
    """Show what each line does to one packet, and which one decides.

    Exit code 0 when it passes, 1 when it is blocked, 3 when that cannot be told.
    """
    packet, atoms = _packet(text)
    ruleset = load(file, flags["dialect"])
    question = replace(
        question_about(ruleset, On(flags["on"]), flags),
        state=_STATES[flags["state"]],
        atoms=atoms,
    )
    answer = explain(Prepared(ruleset), question, packet)
    if flags["output"] == "json":
        click.echo(json.dumps(_json(packet, answer), indent=2))
    else:
        _show(text, answer)
    return exit_code([answer.verdict])


def _packet(text: str) -> tuple[Packet, NameAtoms]:
    try:
        return parse_packet(text)
    except ValueError as error:
        raise UsageError(f"--packet: {error}") from None


def _show(text: str, answer: Answer) -> None:
    for evidence in answer.evidence[:1]:
        for step in evidence.walk:
            click.echo(f"{step.chain}: {step.line.place}: {step.effect}: {step.line.text}")
        if evidence.witness is not None and evidence.witness.assumptions:
            click.echo(f"taking: {', '.join(map(str, evidence.witness.assumptions))}")
    click.echo(f"{text.strip()} {_FATE[answer.verdict]}")
    if answer.conditions:
        click.echo(f"depends on: {', '.join(answer.conditions)}")
    for note in answer.notes:
        click.echo(f"{note.kind} touches it: {note.place}: {note.text}")


def _json(packet: Packet, answer: Answer) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "packet": str(packet),
        "verdict": str(answer.verdict),
        "reason": answer.reason,
        "evidence": [evidence_json(each) for each in answer.evidence],
        "conditions": list(answer.conditions),
    }

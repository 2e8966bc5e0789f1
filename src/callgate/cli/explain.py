"""``callgate explain``: one packet's walk through the chains, line by line."""

import json
from typing import Any

import click

from callgate.check.asking import Question
from callgate.check.audit import choose_entry
from callgate.check.explain import explain
from callgate.check.prepared import Prepared
from callgate.check.sufficiency import Answer
from callgate.cli.rulesets import load
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
@click.option("--dialect", default="auto", show_default=True, metavar="NAME")
@click.option(
    "--chain",
    "--zone",
    "--interface",
    "entry",
    metavar="NAME",
    help="The way through the device that the packet takes.",
)
@click.option("--in", "in_interface", metavar="NAME", help="Interface that it comes in by.")
@click.option("--out", "out_interface", metavar="NAME", help="Interface that it leaves by.")
@click.option(
    "--state",
    type=click.Choice(list(_STATES)),
    default="new",
    show_default=True,
    help="Its place in a connection.",
)
@click.option(
    "--on", type=click.Choice([str(each) for each in On]), default="router", show_default=True
)
@click.option(
    "-o", "--output", type=click.Choice(("table", "json")), default="table", show_default=True
)
def command(file: str, text: str, **flags: Any) -> int:
    """Show what each line does to one packet, and which one decides.

    Exit code 0 when it passes, 1 when it is blocked, 3 when that cannot be told.
    """
    packet, atoms = _packet(text)
    ruleset = load(file, flags["dialect"])
    interfaces = (flags["in_interface"], flags["out_interface"])
    question = Question(
        choose_entry(ruleset, On(flags["on"]), flags["entry"], interfaces).name,
        _STATES[flags["state"]],
        *interfaces,
        atoms,
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

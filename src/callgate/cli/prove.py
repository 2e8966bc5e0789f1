"""``callgate prove``: load generated rules in a private namespace and try them with packets."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import click

from callgate.cli.namespaces import may_make_namespaces
from callgate.cli.progress import ProgressLine
from callgate.cli.site_options import enforcement_options, site_from, site_options, split_names
from callgate.cli.terminal import note, show
from callgate.errors import UsageError
from callgate.flows.axes import PORT_MAX
from callgate.lab import campaign, summary
from callgate.lab.lanes import Lane, Ports
from callgate.lab.proof import Proof, prove
from callgate.profiles.loader import find
from callgate.report.tables import Table

#: What a proof reports its lanes to.
Progress = Callable[[Lane], None]

#: Version of the JSON form; see docs/json.md.
SCHEMA = "callgate.prove/1"
_HEADERS = ("Scenario", "Dialect", "Family", "Expected open", "Observed open", "Verdict")
_MOST_DIFFERENCES = 20
#: Site flags that name addresses of the user's own; without any, examples are used.
_OWN = ("site_file", "clients", "networks", "resolvers", "proxy")


def _ports(text: str, seed: int) -> Ports:
    if text == "all":
        return Ports(None, seed)
    if not (text.isascii() and text.isdigit() and int(text) <= PORT_MAX):
        raise UsageError(f"--ports: {text!r} is neither a number up to {PORT_MAX} nor 'all'")
    return Ports(int(text), seed)


@click.command("prove")
@click.argument("profile")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME[,NAME]",
    help="Scenario to prove; repeatable. Default: every one.",
)
@click.option(
    "--dialect",
    "dialects",
    multiple=True,
    metavar="NAME[,NAME]",
    help="Dialect to prove; repeatable. Default: nftables,iptables.",
)
@click.option(
    "--ports",
    default="2000",
    show_default=True,
    metavar="N|all",
    help="Random ports besides the edges of every allowed range, or all of them.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the random ports.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(("table", "json", "markdown", "csv")),
    default="table",
    show_default=True,
)
@site_options
@enforcement_options
def command(
    profile: str,
    scenarios: tuple[str, ...],
    dialects: tuple[str, ...],
    output: str,
    **flags: Any,
) -> int:
    """Prove with real packets that generated rules open what the policy says, and no more.

    Rules are loaded in network namespaces of their own, never in the machine's. Exit code
    0 when everything observed equals what is expected, 1 when not, 3 when the rights to
    make namespaces are missing.
    """
    ports = _ports(flags["ports"], flags["seed"])
    found = find(profile)
    site = site_from(flags)
    example = not any(flags.get(name) for name in _OWN)
    if example:
        site = campaign.example_site(found, site)
    names = split_names(scenarios) or tuple(scenario.id for scenario in found.scenarios)
    chosen = campaign.cases(found, site, names, split_names(dialects) or campaign.DIALECTS)
    if not may_make_namespaces("prove anything"):
        return 3
    if example:
        note("note: no site was described: networks reserved for documentation stand in for it")
    with ProgressLine() as line:
        results = [
            (case, prove(case.claim, ports, _progress(line, number, len(chosen), case)))
            for number, case in enumerate(chosen, 1)
        ]
    if output == "json":
        click.echo(json.dumps(_as_json(results), indent=2))
    else:
        _tables(results, output)
    return 0 if all(proof.holds for _, proof in results) else 1


def _progress(line: ProgressLine, done: int, cases: int, case: campaign.Case) -> Progress:
    """What to call with each lane of a case."""
    head = f"{done}/{cases} {case.scenario}, {case.dialect}"
    return lambda lane: line.show(f"{head}: {lane.family} {lane.protocol} {lane.direction.value}")


def _tables(results: list[tuple[campaign.Case, Proof]], output: str) -> None:
    table = Table(_HEADERS, tuple(_rows(results)))
    if output == "markdown":
        click.echo(table.markdown())
    elif output == "csv":
        click.echo(table.csv(), nl=False)
    else:
        show(table)
    for case, proof in results:
        for line in _some(proof.differences()):
            click.echo(f"{case.scenario}, {case.dialect}: {line}", err=output == "csv")


def _rows(results: list[tuple[campaign.Case, Proof]]) -> Iterator[tuple[str, ...]]:
    for case, proof in results:
        for family in case.policy.families:
            yield (
                case.scenario,
                case.dialect,
                str(family),
                "\n".join(summary.expected_lines(case, proof, family)),
                "\n".join(summary.observed_lines(case, proof, family)),
                "equal" if summary.holds(proof, family) else "different",
            )


def _some(lines: list[str]) -> list[str]:
    rest = len(lines) - _MOST_DIFFERENCES
    return [*lines[:_MOST_DIFFERENCES], f"and {rest} more"] if rest > 0 else lines


def _as_json(results: list[tuple[campaign.Case, Proof]]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "cases": [
            {
                "scenario": case.scenario,
                "dialect": case.dialect,
                "holds": proof.holds,
                "packets": proof.packets,
                "differences": proof.differences(),
                "families": {
                    str(family): {
                        "expected": summary.expected_lines(case, proof, family),
                        "observed": summary.observed_lines(case, proof, family),
                        "holds": summary.holds(proof, family),
                    }
                    for family in case.policy.families
                },
            }
            for case, proof in results
        ],
    }

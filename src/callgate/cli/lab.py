"""``callgate lab``: a vendor, a firewall and a client on this machine, and real calls."""

import importlib.util
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from callgate.cli.files import read_text
from callgate.cli.lab_faults import faults_command
from callgate.cli.namespaces import may_make_namespaces
from callgate.cli.site_options import site_from, site_options, split_names
from callgate.cli.terminal import note, show
from callgate.errors import ToolError, UsageError
from callgate.lab import campaign
from callgate.lab.arena import Rules
from callgate.lab.cases import Case, cases, direct
from callgate.lab.judgement import Plan
from callgate.lab.lanes import Ports
from callgate.lab.world import topology
from callgate.netns import clean
from callgate.profiles.loader import find
from callgate.profiles.model import Profile
from callgate.report.tables import Table

if TYPE_CHECKING:
    from callgate.lab.calls import Call

#: Version of the JSON form; see docs/lab.md.
SCHEMA = "callgate.lab/1"
_HEADERS = ("Scenario", "Network", "IP", "Expected", "Observed", "Set-up", "RTT", "Jitter", "Loss")
#: Python packages of the extra ``lab``.
_MODULES = ("aioice", "cryptography", "dns", "websockets")
#: Random ports that a user's own file is tried at, besides the edges of every range.
_PORTS = Ports(100, 1)
_OWN = ("site_file", "clients", "networks")


@click.group("lab")
def command() -> None:
    """Place real calls through a configuration, in namespaces of their own."""


command.add_command(faults_command)


@command.command("clean")
def clean_command() -> int:
    """Remove what a lab left that was killed. Labs that run are left alone."""
    for name in clean():
        note(f"removed {name}")
    return 0


@command.command("run")
@click.argument("profile")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME[,NAME]",
    help="Scenario to try; repeatable. Default: every one.",
)
@click.option(
    "--config",
    metavar="FILE",
    help="Try this nftables file instead of generated rules; with one --scenario.",
)
@click.option(
    "--dialect",
    type=click.Choice(campaign.DIALECTS),
    default=campaign.DIALECTS[0],
    show_default=True,
    help="Target whose rules are generated and loaded.",
)
@click.option("--dry-run", is_flag=True, help="Print the commands that make the network, and stop.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(("table", "json", "markdown", "csv")),
    default="table",
    show_default=True,
)
@site_options
def run_command(
    profile: str,
    scenarios: tuple[str, ...],
    config: str | None,
    dialect: str,
    output: str,
    *,
    dry_run: bool,
    **flags: Any,
) -> int:
    """Place a call in each case and tell its path by the firewall's counters.

    In a file of your own, the firewall's interfaces are eth0 (clients), eth1 (outside) and
    eth2 (proxy). Exit code 0 when every call went as expected and a file of your own opens
    what it should and no more, 1 when not, 3 when rights to make namespaces are missing.
    """
    found = find(profile)
    own = None if config is None else Rules(nft=read_text(config))
    plan = Plan(found, _site(found, flags), dialect, own)
    chosen = _cases(found, split_names(scenarios), alone=own is not None)
    for case in chosen:
        plan.policy(case)  # what cannot be built is said before anything is started
    for family in set(plan.site.families) - set(plan.families):
        note(f"note: nothing is tried over {family}: a network list has no prefix of it")
    if dry_run:
        click.echo(topology(plan.atlas).commands(), nl=False)
        return 0
    _require_modules()
    if not may_make_namespaces("place calls"):
        return 3
    calls = _place(plan, chosen)
    differences = plan.differences(chosen[0], _PORTS) if own is not None else []
    if output == "json":
        click.echo(json.dumps(_as_json(calls, differences), indent=2))
    else:
        _print(calls, differences, output)
    return 0 if all(call.holds for call in calls) and not differences else 1


def _site(profile: Profile, flags: dict[str, Any]) -> Any:
    site = site_from(flags)
    if any(flags.get(name) for name in _OWN):
        return site
    note("note: no site was described: networks reserved for documentation stand in for it")
    return campaign.example_site(profile, site)


def _cases(profile: Profile, names: tuple[str, ...], *, alone: bool) -> list[Case]:
    known = [scenario.id for scenario in profile.scenarios]
    for name in names:
        if name not in known:
            raise UsageError(f"no scenario {name!r}", hint=f"there are {', '.join(known)}")
    if not alone:
        return cases(profile, names or known)
    if len(names) != 1:
        raise UsageError("--config goes with one --scenario: the one that the file is for")
    return [direct(profile.scenario(names[0]))]


def _require_modules() -> None:
    missing = [name for name in _MODULES if importlib.util.find_spec(name) is None]
    if missing:
        raise ToolError(
            f"the lab needs Python packages that are not installed: {', '.join(missing)}",
            hint="pip install 'callgate[lab]'",
        )


def _place(plan: Plan, chosen: list[Case]) -> "list[Call]":
    # These modules need the extra packages.
    from callgate.lab.calls import LightClient, place  # noqa: PLC0415
    from callgate.lab.stage import Stage, require_packages  # noqa: PLC0415

    require_packages()
    calls = []
    with Stage(plan.atlas) as stage:
        for case in chosen:
            for family in plan.families:
                call = place(stage, case, plan.rules(case), family.value, LightClient())
                calls.append(call)
                note(f"{case.scenario}, {case.title}, IPv{family.value}: {call.path}")
    return calls


def _print(calls: "list[Call]", differences: list[str], output: str) -> None:
    table = Table(_HEADERS, tuple(_row(call) for call in calls))
    if output == "markdown":
        click.echo(table.markdown())
    elif output == "csv":
        click.echo(table.csv(), nl=False)
    else:
        show(table)
    for line in [*(line for call in calls for line in _troubles(call)), *differences]:
        click.echo(line, err=output == "csv")


def _row(call: "Call") -> tuple[str, ...]:
    case, answer, quality = call.case, call.answer, call.answer.quality
    measured = ("", "", "")
    if quality is not None:
        rtt, jitter, loss = quality.rtt_ms, quality.jitter_ms, quality.loss
        measured = (f"{rtt:.1f} ms", f"{jitter:.1f} ms", f"{loss:.0%}")
    setup = "" if answer.setup_ms is None else f"{answer.setup_ms} ms"
    observed = call.path if call.holds else f"{call.path} (wrong)"
    return (
        case.scenario,
        case.title,
        f"IPv{call.family}",
        case.expected,
        observed,
        setup,
        *measured,
    )


def _troubles(call: "Call") -> list[str]:
    """Why better ways failed, for a call that went wrong."""
    if call.holds:
        return []
    head = f"{call.case.scenario}, {call.case.title}, IPv{call.family}"
    return [f"{head}: {path}: {why}" for path, why in call.answer.troubles.items()]


def _as_json(calls: "list[Call]", differences: list[str]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "calls": [
            {
                "scenario": call.case.scenario,
                "network": call.case.title,
                "family": call.family,
                "expected": call.case.expected,
                "path": call.path,
                "holds": call.holds,
                "client": asdict(call.answer),
            }
            for call in calls
        ],
        "differences": differences,
    }

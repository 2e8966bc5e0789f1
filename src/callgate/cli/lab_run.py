"""``callgate lab run``: place a call in each case, and tell its path by the counters."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from callgate.cli.lab_needs import require_modules
from callgate.cli.lab_rules import own_rules
from callgate.cli.lab_tables import print_calls
from callgate.cli.namespaces import may_make_namespaces
from callgate.cli.site_options import site_from, site_options, split_names
from callgate.cli.terminal import note
from callgate.errors import UsageError
from callgate.lab import campaign
from callgate.lab.call import Call
from callgate.lab.cases import Case, cases, direct
from callgate.lab.expectation import tried, under
from callgate.lab.faults import Combination, combine
from callgate.lab.judgement import Plan
from callgate.lab.lanes import Ports
from callgate.lab.record import as_json
from callgate.lab.world import topology
from callgate.profiles.loader import find
from callgate.profiles.model import Profile

if TYPE_CHECKING:
    from callgate.lab.stage import Stage

#: Python packages of the extra ``lab``, and the one that only a browser's calls need.
_MODULES = ("aioice", "cryptography", "dns", "websockets")
_BROWSER_MODULES = ("aiortc",)
#: Random ports that a user's own file is tried at, besides the edges of every range.
_PORTS = Ports(100, 1)
_OWN = ("site_file", "clients", "networks")
#: Calls of the light client side by side, where there are cores for them.
_SIDE_BY_SIDE: Final = 2


@click.command("run")
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
    "configs",
    multiple=True,
    metavar="FILE",
    help="Try this nftables or iptables-save file instead of generated rules; with one "
    "--scenario. Repeatable for iptables: one file of each family.",
)
@click.option(
    "--dialect",
    type=click.Choice(campaign.DIALECTS),
    default=campaign.DIALECTS[0],
    show_default=True,
    help="Target whose rules are generated and loaded.",
)
@click.option(
    "--browser",
    is_flag=True,
    help="Place the calls with Chromium. Without --family, IPv6 is tried where there is no proxy.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME",
    help="Break the network in this way; repeatable. `callgate lab faults` lists them.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 16),
    help="Calls placed side by side, each in a network of its own. Default: 2 where there are "
    "two cores, 1 with --browser.",
)
@click.option("--save", metavar="FILE", help="Write what was found to a file, as JSON.")
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
    *,
    scenarios: tuple[str, ...],
    configs: tuple[str, ...],
    dialect: str,
    faults: tuple[str, ...],
    save: str | None,
    output: str,
    browser: bool,
    jobs: int | None,
    dry_run: bool,
    **flags: Any,
) -> int:
    """Place a call in each case and tell its path by the firewall's counters.

    In a file of your own, the firewall's interfaces are eth0 (clients), eth1 (outside) and
    eth2 (proxy). With faults, a call should take the best path that they leave; networks
    whose proxy inspects TLS anyway are left out then. Exit code 0 when every call went as
    expected and a file of your own opens what it should and no more, 1 when not, 3 when
    rights to make namespaces are missing.
    """
    found = find(profile)
    truth = _combine(faults)
    own = own_rules(configs)
    site = site_from(flags)
    example = not any(flags.get(name) for name in _OWN)
    plan = Plan(found, campaign.example_site(found, site) if example else site, dialect, own)
    chosen = _cases(found, split_names(scenarios), alone=own is not None)
    for case in chosen:
        plan.policy(case)  # what cannot be built is said before anything is started
    if not plan.families:
        raise UsageError("there is no address family that could be tried")
    if dry_run:
        _say_what_stands_in(plan, example=example)
        click.echo(topology(plan.atlas).commands(), nl=False)
        return 0
    require_modules((*_MODULES, *(_BROWSER_MODULES if browser else ())))
    _require_writable(save)
    if not may_make_namespaces("place calls"):
        return 3
    _say_what_stands_in(plan, example=example)
    everything = not browser or flags["family"] is not None
    pairs = _pairs(plan, tried(chosen) if faults else chosen, everything=everything)
    calls = _place(plan, pairs, truth, browser=browser, stages=jobs or _usual_jobs(browser=browser))
    differences = plan.differences(chosen[0], _PORTS) if own is not None else []
    client = "chromium" if browser else "light"
    record = json.dumps(as_json(found.name, client, calls, differences, faults), indent=2)
    if save is not None:
        Path(save).write_text(record + "\n", encoding="utf-8")
    if output == "json":
        click.echo(record)
    else:
        print_calls(calls, differences, output)
    return 0 if all(call.holds for call in calls) and not differences else 1


def _say_what_stands_in(plan: Plan, *, example: bool) -> None:
    """Notes about what the site leaves open."""
    if example:
        note("note: no site was described: networks reserved for documentation stand in for it")
    for family in set(plan.site.families) - set(plan.families):
        note(f"note: nothing is tried over {family}: {plan.why_not(family)}")


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


def _pairs(plan: Plan, chosen: list[Case], *, everything: bool) -> list[tuple[Case, int]]:
    """Each case with each IP version; not ``everything`` leaves the second out with a proxy."""
    first = plan.families[0]
    return [
        (case, family.value)
        for case in chosen
        for family in plan.families
        if everything or case.proxy is None or family is first
    ]


def _require_writable(save: str | None) -> None:
    """UsageError for a file that cannot be written, before minutes are spent."""
    if save is None:
        return
    try:
        with Path(save).open("a", encoding="utf-8"):
            pass
    except OSError as error:
        raise UsageError(f"--save: cannot write {save}: {error.strerror}") from None


def _combine(names: tuple[str, ...]) -> Combination:
    truth = combine(*names)
    if truth.clash is not None:
        raise UsageError(f"these faults do not combine: more than one changes: {truth.clash}")
    return truth


def _usual_jobs(*, browser: bool) -> int:
    """A browser alone keeps two cores busy."""
    return 1 if browser else min(_SIDE_BY_SIDE, os.cpu_count() or 1)


def _place(
    plan: Plan, pairs: list[tuple[Case, int]], truth: Combination, *, browser: bool, stages: int
) -> list[Call]:
    # These modules need the extra packages.
    from callgate.lab.calls import Chromium, LightClient, place  # noqa: PLC0415
    from callgate.lab.crew import place_all  # noqa: PLC0415
    from callgate.lab.stage import require_packages  # noqa: PLC0415

    require_packages(browser=browser)
    client = Chromium() if browser else LightClient()
    jobs = []
    for healthy, family in pairs:
        case = healthy
        if truth.faults:
            case = under(plan.profile.scenario(case.scenario), case, truth, family)
        jobs.append(partial(place, case=case, rules=plan.rules(case), family=family, client=client))
    calls = {}
    build = partial(_stage, plan, truth, browser=browser)
    for number, call in place_all(build, jobs, stages):
        calls[number] = call
        note(f"{call.case.scenario}, {call.case.title}, IPv{call.family}: {call.path}")
    return [calls[number] for number in range(len(jobs))]


@contextmanager
def _stage(plan: Plan, truth: Combination, *, browser: bool) -> "Iterator[Stage]":
    """A lab with the faults in it."""
    from callgate.lab.stage import Stage  # noqa: PLC0415

    with Stage(plan.atlas, browser=browser) as stage, stage.broken(*truth.faults):
        yield stage

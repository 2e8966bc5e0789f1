"""``callgate check``: is it enough, what else is open, which scenarios does it realise."""

import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import click

from callgate.check.audit import Audit
from callgate.check.difference import difference
from callgate.check.fixes import fixes
from callgate.check.prepared import Prepared
from callgate.check.proxy.device import ProxyDevice
from callgate.check.proxy.series import audit_series
from callgate.check.scenarios import Device
from callgate.cli.rulesets import files_below, load_any
from callgate.cli.site_options import enforcement_options, site_from, site_options, split_names
from callgate.cli.terminal import note, show
from callgate.cli.way_options import question_about, way_options
from callgate.errors import CallgateError, UsageError
from callgate.policy.site import Site
from callgate.profiles.loader import find
from callgate.profiles.model import Profile
from callgate.report import audits
from callgate.report.audit_json import audit_json
from callgate.report.differences import difference_json, difference_lines
from callgate.report.sarif import sarif
from callgate.rules.proxy import ProxyRuleset

_FORMATS = ("table", "json", "jsonl", "sarif")


@dataclass(frozen=True, slots=True)
class _Job:
    """What to ask of each file; plain values, so that a worker process can have it."""

    profile: Profile
    site: Site
    scenarios: tuple[str, ...]
    way: dict[str, Any]
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: its audit, or why there is none."""

    source: str
    audit: Audit | None
    error: str


@click.command("check")
@click.argument("profile")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@way_options
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME[,NAME]",
    help="Scenario that must hold; without it one of them is enough.",
)
@click.option(
    "--then",
    multiple=True,
    metavar="FILE[#ENTRY]",
    help="Next device in series, and the way through it; repeatable.",
)
@click.option("--baseline", metavar="FILE", help="Tell what changed against this configuration.")
@click.option("--fail-on", type=click.Choice(["excess"]), help="Exit with 1 on excess too.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes for many files.")
@site_options
@enforcement_options
@click.option("-o", "--output", type=click.Choice(_FORMATS), default="table", show_default=True)
def command(profile: str, files: tuple[str, ...], output: str, **flags: Any) -> int:
    """Check configurations against the scenarios by exact reasoning.

    Exit code 0 when a scenario holds (with --scenario: all of those), 1 when a need is
    blocked, 3 when that cannot be told, 2 when a file cannot be read.
    """
    job = _Job(
        find(profile),
        site_from(flags),
        split_names(flags["scenarios"]),
        {name: flags[name] for name in ("dialect", "entry", "in_interface", "out_interface")},
        flags["then"],
    )
    if flags["baseline"] and output in ("json", "sarif"):
        raise UsageError(
            f"--baseline has no place in -o {output}: its answer is a document of its own",
            hint="-o jsonl, or callgate diff OLD NEW -o json",
        )
    names = files_below(files)
    if not names:
        raise UsageError(f"no file below {', '.join(files)}")
    baseline = _baseline(job, flags["baseline"]) if flags["baseline"] else None
    outcomes = list(_with_progress(_run(job, names, flags["jobs"]), len(names)))
    if not job.site.clients:
        _say_who_asks(job, outcomes)
    _show(outcomes, output)
    if baseline is not None:
        _compare(baseline, outcomes, output)
    return _code(outcomes, fail_on_excess=flags["fail_on"] == "excess")


def _run(job: _Job, names: list[str], jobs: int | None) -> Iterator[Outcome]:
    work = partial(_one, job)
    if len(names) == 1:
        yield work(names[0])
        return
    with ProcessPoolExecutor(jobs) as executor:
        yield from audit_all(work, names, executor)


def audit_all(
    work: Callable[[str], Outcome], names: list[str], executor: Executor
) -> Iterator[Outcome]:
    """The outcomes of many files, in their order, over any executor."""
    return executor.map(work, names)


def _one(job: _Job, name: str) -> Outcome:
    try:
        devices = (_device(job, name, job.way), *(_next_device(job, each) for each in job.then))
        return Outcome(name, audit_series(job.profile, job.site, job.scenarios, devices), "")
    except CallgateError as error:
        return Outcome(name, None, str(error))


def _device(job: _Job, name: str, way: dict[str, Any]) -> Device | ProxyDevice:
    ruleset = load_any(name, way["dialect"])
    if isinstance(ruleset, ProxyRuleset):
        return ProxyDevice(ruleset, job.site.proxy.port if job.site.proxy else 0)
    return Device(Prepared(ruleset), question_about(ruleset, job.site.on, way))


def _baseline(job: _Job, name: str) -> Device:
    device = _device(job, name, job.way)
    if isinstance(device, ProxyDevice):
        raise UsageError(f"--baseline {name}: only packet filters can be compared")
    return device


def _next_device(job: _Job, named: str) -> Device | ProxyDevice:
    """A device behind the first: ``FILE``, or ``FILE#ENTRY`` for the way through it."""
    name, mark, entry = named.rpartition("#")
    way = {"dialect": "auto", "entry": entry, "in_interface": None, "out_interface": None}
    return _device(job, name, way) if mark else _device(job, named, way | {"entry": None})


def _say_who_asks(job: _Job, outcomes: list[Outcome]) -> None:
    """What it means for each kind of device that no client was named."""
    devices = [device for each in outcomes if each.audit for device in each.audit.devices]
    if str(job.site.on) == "router" and any(isinstance(each, Device) for each in devices):
        note("note: no client was named, so every source address is asked for (--client)")
    if any(isinstance(each, ProxyDevice) and each.ruleset.clients for each in devices):
        note("note: no client was named, so a proxy's rules about clients are open (--client)")


def _with_progress(outcomes: Iterator[Outcome], total: int) -> Iterator[Outcome]:
    told = sys.stderr.isatty() and total > 1
    for done, outcome in enumerate(outcomes, 1):
        if told:
            sys.stderr.write(f"\r{done}/{total} files")
            sys.stderr.flush()
        yield outcome
    if told:
        sys.stderr.write("\r\x1b[K")


def _code(outcomes: list[Outcome], *, fail_on_excess: bool) -> int:
    """The worst of all files: an unreadable one, then blocked, then not to be told."""
    codes = {
        2 if each.audit is None else each.audit.exit_code(fail_on_excess=fail_on_excess)
        for each in outcomes
    }
    return next((code for code in (2, 1, 3) if code in codes), 0)


def _show(outcomes: list[Outcome], output: str) -> None:
    for each in outcomes:
        if each.audit is None:
            note(f"error: {each.error}")
    found = [each.audit for each in outcomes if each.audit is not None]
    if output == "table":
        for audited in found:
            _table(audited)
    elif output == "sarif":
        click.echo(json.dumps(sarif(found), indent=2))
    elif output == "jsonl":
        for audited in found:
            click.echo(json.dumps(audit_json(audited)))
    else:
        answers = [audit_json(audited) for audited in found]
        click.echo(json.dumps(answers[0] if len(outcomes) == 1 and answers else answers, indent=2))


def _table(found: Audit) -> None:
    show(audits.scenario_table(found))
    click.echo(audits.path_line(found))
    lines = [*audits.blames(found), *fixes(found)]
    if found.excess is not None:
        lines += audits.excess_lines(found.excess, found.reference, found.atoms)
    lines += [*audits.finding_lines(found.findings), *audits.unmodelled_lines(found)]
    for line in lines:
        click.echo(line)


def _compare(baseline: Device, outcomes: list[Outcome], output: str) -> None:
    """What each configuration lets through that the baseline does not, and the reverse."""
    old, entry = baseline.prepared, baseline.question.entry
    name = old.ruleset.source
    for each in outcomes:
        if each.audit is None:
            continue
        if not each.audit.filters:
            note(f"note: {each.source} filters no packets, so nothing is compared")
            continue
        device = each.audit.filters[0]
        question = replace(device.question, not_through=())
        found = difference(old, device.prepared, question, old_entry=entry)
        if output == "table":
            for line in difference_lines(found, name, each.source):
                click.echo(line)
        else:
            click.echo(json.dumps(difference_json(found, name, each.source)))

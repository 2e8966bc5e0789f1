"""``callgate probe``: which path a call takes from here, and who blocks the better ones."""

import json
import sys
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import click

from callgate.cli.probe_proxy import proxy_choice
from callgate.cli.progress import ProgressLine
from callgate.cli.secrets_in import credentials
from callgate.cli.site_options import site_from, site_options, split_names
from callgate.cli.terminal import colour, note, show
from callgate.dialects import registry
from callgate.errors import ToolError, UsageError, installing
from callgate.policy.build import select
from callgate.policy.site import Site
from callgate.probe.account import Account
from callgate.probe.classify import classify
from callgate.probe.diagnosis import diagnose, verdicts
from callgate.probe.events import Event
from callgate.probe.media import directions, qualities
from callgate.probe.schedule import proxies_for, schedule, servers
from callgate.probe.targets import Plan
from callgate.probe.words import describe
from callgate.profiles.loader import find
from callgate.profiles.model import Profile
from callgate.report import probes
from callgate.report.probe_html import account_html
from callgate.report.probe_json import account_json
from callgate.verdicts import Verdict, exit_code

_FORMATS = ("table", "json", "html")


@click.command("probe")
@click.argument("profile")
@site_options
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME[,NAME]",
    help="Scenario that must work; without it one of them is enough.",
)
@click.option("--no-proxy", is_flag=True, help="Go without the proxy that this machine is set to.")
@click.option(
    "--pac", metavar="FILE|URL", help="Take the proxy from a PAC file (it runs in a sandbox)."
)
@click.option(
    "--turn-credentials",
    metavar="FILE",
    help="User and password for TURN, one a line (or CALLGATE_TURN_USER and _PASSWORD).",
)
@click.option("--ask-credentials", is_flag=True, help="Ask for the TURN credentials.")
@click.option(
    "--proxy-credentials",
    metavar="FILE",
    help="User and password for the proxy (or CALLGATE_PROXY_USER and _PASSWORD); Basic only.",
)
@click.option(
    "--authorities",
    metavar="PEM",
    help="The authorities of the vendor's certificates, in place of the public ones.",
)
@click.option(
    "--quality",
    is_flag=True,
    help="Also send packets at the pace of speech: 6 s for each path that works.",
)
@click.option(
    "--websocket",
    default="/",
    show_default=True,
    metavar="PATH",
    help="Path of the signalling server's WebSocket, as the network panel shows it.",
)
@click.option(
    "--dialect", default="nftables", show_default=True, help="Whose words the change is in."
)
@click.option("--evidence/--no-evidence", default=True, help="Print what backs each finding.")
@click.option("-o", "--output", type=click.Choice(_FORMATS), default="table", show_default=True)
def command(profile: str, output: str, scenarios: tuple[str, ...], **flags: Any) -> int:
    """Try every path that a call could take, all at once, and say what is in the way.

    Only servers that the document, the site or --endpoint name are contacted, and the
    resolvers and the proxy of this machine. No rights are needed.

    Exit code 0 when the scenarios work (without --scenario: one of them), 1 when they are
    blocked, 3 when that cannot be told.
    """
    found = find(profile)
    site = site_from(flags)
    registry.find(flags["dialect"])
    wanted = split_names(scenarios)
    if wanted:
        select(found, wanted)
    account = _account(found, site, wanted, flags)
    _print(account, output, evidence=flags["evidence"])
    return _exit(account, wanted)


def _account(
    profile: Profile, site: Site, wanted: tuple[str, ...], flags: dict[str, Any]
) -> Account:
    try:
        from callgate.probe.wire.run import Settings, run_now  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("callgate"):
            raise
        raise ToolError(
            f"probing needs the Python package {error.name}", hint=installing("probe")
        ) from None
    turn = credentials(
        flags["turn_credentials"], "CALLGATE_TURN", "TURN", ask=flags["ask_credentials"]
    )
    plan, proxy = _plan(profile, site, flags, credentials=turn is not None)
    if not plan.probes:
        missing = "; ".join(dict.fromkeys(each.remedy for each in plan.unchecked))
        raise UsageError(
            f"{profile.name} names no server that could be probed, and neither do you", hint=missing
        )
    settings = Settings(
        families=site.families,
        resolvers=tuple(str(each.network_address) for each in site.resolvers),
        credentials=turn,
        proxy_credentials=credentials(
            flags["proxy_credentials"], "CALLGATE_PROXY", "proxy", ask=False
        ),
        authorities=_authorities(flags["authorities"]),
        websocket=_url_path(flags["websocket"]),
        quality=flags["quality"],
    )
    began = monotonic()
    with ProgressLine() as line:
        log = run_now(plan, settings, partial(_progress, line))
    seconds = monotonic() - began
    results = classify(plan, log)
    return Account(
        profile=profile.name,
        document=f"{profile.document.title}, version {profile.document.version}",
        plan=plan,
        families=site.families,
        proxy=proxy,
        results=results,
        diagnosis=diagnose(profile, site, plan, results, flags["dialect"]),
        verdicts=verdicts(profile, plan, results, wanted),
        log=log,
        seconds=seconds,
        limits=_limits(),
        qualities=qualities(plan, log),
        directions=directions(log),
    )


def _plan(
    profile: Profile, site: Site, flags: dict[str, Any], *, credentials: bool
) -> tuple[Plan, str]:
    """The plan, and which proxy was chosen, in words."""
    choose, words = proxy_choice(site, flags)
    proxies = proxies_for(servers(profile, site), choose)
    named = ", ".join(dict.fromkeys(str(each) for each in proxies.values()))
    plan = schedule(profile, site, proxies=proxies, credentials=credentials)
    return plan, f"proxy {named} ({words})" if named else f"no proxy ({words})"


def _authorities(name: str | None) -> Path | None:
    if name is None:
        return None
    path = Path(name)
    if not path.is_file() or b"-----BEGIN CERTIFICATE-----" not in path.read_bytes():
        raise UsageError(f"--authorities {name}: not a file of certificates in PEM")
    return path


def _url_path(text: str) -> str:
    """A path that can stand in a request line (RFC 9112 section 3.2.1)."""
    if not text.startswith("/") or not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError(
            f"--websocket {text!r} is not a path", hint="it begins with / and has no spaces"
        )
    return text


def _progress(line: ProgressLine, event: Event) -> None:
    """What is being seen, on a terminal."""
    line.show(f"{event.at:4.1f} s  {event.probe}: {describe(event.fact)}"[:100])


def _limits() -> tuple[str, ...]:
    if sys.platform.startswith("linux"):
        return ()
    return ("On this system nobody tells who sent an ICMP error: senders are not named.",)


def _print(account: Account, output: str, *, evidence: bool) -> None:
    if output == "json":
        click.echo(json.dumps(account_json(account), indent=2, ensure_ascii=False))
        return
    if output == "html":
        click.echo(account_html(account), nl=False)
        return
    show(probes.ladder(account))
    if account.qualities:
        show(probes.quality_table(account))
        for line in probes.quality_notes(account):
            click.echo(line)
    for line in probes.diagnosis(account):
        click.echo(line)
    if evidence:
        click.echo("\nEvidence", color=colour())
        for line in probes.evidence(account):
            click.echo(line)
    for line in probes.foot(account):
        note(line)


def _exit(account: Account, wanted: tuple[str, ...]) -> int:
    """0 if all wanted scenarios are satisfied, or any of them when none was named."""
    found = list(account.verdicts.values())
    if not wanted and Verdict.SATISFIED in found:
        return 0
    if not wanted and any(each is not Verdict.BLOCKED for each in found):
        return 3
    return exit_code(found)

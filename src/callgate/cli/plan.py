"""``callgate plan``: the scenarios side by side, and the best one that the site can allow."""

import json
from dataclasses import replace
from typing import Any

import click

from callgate.cli.measured import measured, quoted, sentence
from callgate.cli.site_options import site_from, site_options
from callgate.cli.terminal import show
from callgate.errors import UsageError
from callgate.policy.choose import Fit, compare, describe_need
from callgate.policy.site import Service, Site
from callgate.policy.site_values import parse_service
from callgate.profiles.loader import find
from callgate.profiles.model import Absent, Profile
from callgate.report.tables import Table

#: Version of the JSON form; see docs/json.md.
SCHEMA = "callgate.plan/1"

_FORMATS = ("table", "json", "markdown", "csv")
_HEADERS = (
    "Scenario",
    "It demands",
    "Cost in call quality (document; then measured)",
    "Media paths",
    "Here",
)


@click.command("plan")
@click.argument("profile")
@site_options
@click.option(
    "--allow",
    "allow",
    multiple=True,
    metavar="PROTO/PORTS[@NET]",
    help="What the site is willing to open, e.g. udp/3478,tcp/443 (no network: All).",
)
@click.option("-o", "--output", type=click.Choice(_FORMATS), default="table", show_default=True)
def command(profile: str, allow: tuple[str, ...], output: str, **flags: Any) -> int:
    """Compare the vendor's scenarios and choose the best one that fits the site.

    Exit code 0 when a scenario fits, 1 when none does.
    """
    found = find(profile)
    site = site_from(flags)
    if allow:
        site = replace(site, allow=_services(allow))
    fits = compare(found, site)
    if output == "json":
        click.echo(json.dumps(as_json(found, fits), indent=2, ensure_ascii=False))
    else:
        _tables(found, site, fits, output)
    return 0 if any(fit.fits for fit in fits) else 1


def _services(texts: tuple[str, ...]) -> tuple[Service, ...]:
    services: list[Service] = []
    for text in texts:
        for part in _split(text):
            try:
                services.append(parse_service(part))
            except ValueError as error:
                raise UsageError(f"--allow: {error}", hint="for example udp/3478,tcp/443") from None
    return tuple(services)


def _split(text: str) -> list[str]:
    """Cut ``udp/3478,tcp/443`` before each protocol; commas also part ports and networks."""
    parts: list[str] = []
    for piece in text.split(","):
        head = piece.partition("@")[0]
        if "/" in head or not parts:
            parts.append(piece)
        else:
            parts[-1] += "," + piece
    return parts


def _tables(profile: Profile, site: Site, fits: tuple[Fit, ...], output: str) -> None:
    title = f"{profile.document.title}, version {profile.document.version}"
    table = Table(_HEADERS, tuple(_row(fit) for fit in fits), title)
    if output == "csv":
        click.echo(table.csv(), nl=False)
        return
    if output == "markdown":
        click.echo(table.markdown())
    else:
        show(table)
    for line in conclusion(fits, site):
        click.echo(line)


def _row(fit: Fit) -> tuple[str, ...]:
    scenario = fit.scenario
    demands = [describe_need(need) for need in scenario.needs]
    demands.append("everything else blocked" if scenario.block else "no block in the document")
    return (
        f"{scenario.rank}. {scenario.id}\n{scenario.title}"
        + ("\n(recommended)" if scenario.recommended else ""),
        "\n".join(demands),
        _cost(fit),
        "\n".join(fit.paths),
        _standing(fit),
    )


def _cost(fit: Fit) -> str:
    """The vendor's own sentences first, ours behind them."""
    lines = [remark.text for remark in fit.scenario.quality] or ["nothing stated"]
    figures = measured(fit.paths)
    return "\n".join(lines if figures is None else [*lines, sentence(figures)])


def _standing(fit: Fit) -> str:
    lines = ["best" if fit.best else "fits" if fit.fits else "does not fit"]
    lines += fit.reasons
    lines += [f"to supply: {name}" for name in fit.missing]
    return "\n".join(lines)


def conclusion(fits: tuple[Fit, ...], site: Site) -> list[str]:
    """The choice in words: what to take, why nothing better, and what is still to supply."""
    best = next((fit for fit in fits if fit.best), None)
    if best is None:
        return ["No scenario fits: even the most restricted one needs what is not allowed here."]
    first = f"Choose {best.scenario.id} ({best.scenario.title})."
    if site.allow is None:
        first += " Nothing was said of what may be opened (--allow), so every scenario fits."
    lines = [first]
    lines += [
        f"{fit.scenario.id} would be better, but: {'; '.join(fit.reasons)}."
        for fit in fits[: fits.index(best)]
    ]
    lines += [
        f"Before rules can be generated, supply {name} (--network {name}=…)."
        for name in best.missing
    ]
    return lines


def as_json(profile: Profile, fits: tuple[Fit, ...]) -> dict[str, Any]:
    """The comparison as plain data, in document order of rank."""
    best = next((fit.scenario.id for fit in fits if fit.best), None)
    return {
        "schema": SCHEMA,
        "profile": profile.name,
        "document": {
            "title": profile.document.title,
            "version": profile.document.version,
            "url": None if isinstance(profile.document.url, Absent) else profile.document.url,
        },
        "choice": best,
        "scenarios": [_scenario_json(fit) for fit in fits],
    }


def _scenario_json(fit: Fit) -> dict[str, Any]:
    scenario = fit.scenario
    return {
        "id": scenario.id,
        "title": scenario.title,
        "rank": scenario.rank,
        "recommended": scenario.recommended,
        "needs": [
            {
                "id": need.id,
                "carries": need.carries,
                "protocol": str(need.protocol),
                "ports": [str(port) for port in need.ports],
                "destinations": list(need.destinations),
                "action": str(need.action),
                "section": need.provenance.section,
            }
            for need in scenario.needs
        ],
        "block": scenario.block,
        "quality": [{"id": each.id, "text": each.text} for each in scenario.quality],
        "measured": quoted(measured(fit.paths)),
        "paths": list(fit.paths),
        "fits": fit.fits,
        "best": fit.best,
        "reasons": list(fit.reasons),
        "missing": list(fit.missing),
    }

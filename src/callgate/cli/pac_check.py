"""``callgate pac check``: where a PAC file sends a profile's domains, and what is wrong in it."""

import json
from collections.abc import Sequence
from typing import Any

import click

from callgate.cli.files import read_bytes
from callgate.cli.pac_options import pac_options, world_from
from callgate.cli.site_options import site_from
from callgate.cli.terminal import note, show
from callgate.errors import UsageError
from callgate.pac.readers import READERS
from callgate.pac.sandbox import Client, require_engine
from callgate.policy.build import chosen_products
from callgate.policy.destinations import check_names
from callgate.policy.site import Site
from callgate.profiles.loader import find
from callgate.profiles.model import Profile
from callgate.verdicts import Severity, exit_code


@click.command("check")
@click.argument("file")
@click.option("--profile", required=True, metavar="NAME", help="Whose domains to ask about.")
@click.option("--site", "site_file", metavar="FILE", help="Site file (YAML or TOML).")
@click.option("--proxy", metavar="HOST:PORT", help="Where the app's names should go.")
@click.option("--direct", is_flag=True, help="The app's names should go DIRECT.")
@click.option("--default-proxy", metavar="HOST:PORT", help="Where every other name should go.")
@click.option(
    "--product",
    "products",
    multiple=True,
    metavar="NAME",
    help="Part of the application that the site uses; repeatable.",
)
@pac_options
@click.option("--fail-on", type=click.Choice(["warning"]), help="Exit with 1 on warnings too.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(("table", "json", "sarif")),
    default="table",
    show_default=True,
)
def command(file: str, profile: str, output: str, fail_on: str | None, **flags: Any) -> int:
    """Check where a PAC file sends the application's names, and their look-alikes.

    The file is asked as Chrome, Firefox and WinHTTP would (--reader chooses). Exit code 1
    when names go wrong or the file fails, 3 when an answer hangs on what was not given.
    """
    require_engine()
    # The parser comes with the same extra as the engine.
    from callgate.pac.audit import Expected, Subject, audit  # noqa: PLC0415

    found, site = find(profile), site_from(flags)
    check_names(found, site)
    if flags["direct"] and site.proxy is not None:
        raise UsageError("--direct and a proxy for the same names: choose one")
    expected = Expected.of(site.proxy, site.default_proxy, direct=flags["direct"])
    subject = Subject(found.name, _patterns(found, site), expected)
    world, data = world_from(flags), read_bytes(file)
    shown = "<stdin>" if file == "-" else file
    audits = [
        audit(data, shown, subject, Client(READERS[name], world))
        for name in flags["readers"] or READERS
    ]
    if expected.app is None:
        note("note: the site does not say where the names belong (--proxy or --direct)")
    _show(audits, output)
    grave = {Severity.ERROR} | ({Severity.WARNING} if fail_on else set())
    if any(finding.severity in grave for each in audits for finding in each.findings):
        return 1
    return exit_code(each.verdict for each in audits)


def _patterns(profile: Profile, site: Site) -> tuple[Any, ...]:
    entries = profile.domains_for(chosen_products(profile, site))
    return tuple(sorted({pattern for entry in entries for pattern in entry.patterns}))


def _show(audits: Sequence[Any], output: str) -> None:
    from callgate.report import pac, pac_sarif  # noqa: PLC0415

    if output == "json":
        click.echo(json.dumps(pac.check_json(audits), indent=2))
    elif output == "sarif":
        click.echo(json.dumps(pac_sarif.pac_sarif(audits), indent=2))
    else:
        for same in pac.alike(audits):
            show(pac.way_table(same[0], [each.reader.title for each in same]))
        for line in pac.missing_lines(audits):
            click.echo(line)
        for line in pac.finding_lines(pac.merged(audits)):
            click.echo(line)
        click.echo(f"{audits[0].source}: {pac.conclusion(audits)}")

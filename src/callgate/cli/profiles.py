"""``callgate profiles``: list, show and validate what vendors document."""

import json

import click

from callgate.cli.files import read_text
from callgate.cli.profile_tables import tables_of
from callgate.cli.terminal import show as show_table
from callgate.errors import InputError, Mistake
from callgate.profiles.dump import profile_data
from callgate.profiles.loader import find, load_profile, names
from callgate.profiles.model import Profile
from callgate.report.tables import Table

#: Version of the JSON form of the list.
SCHEMA = "callgate.profiles/1"


@click.group("profiles")
def command() -> None:
    """List, show and validate what vendors document."""


@command.command("list")
@click.option(
    "-o", "--output", type=click.Choice(("table", "json")), default="table", show_default=True
)
def list_profiles(output: str) -> int:
    """List the profiles that are installed."""
    found = [find(name) for name in names()]
    if output == "json":
        listed = {"schema": SCHEMA, "profiles": [_summary(each) for each in found]}
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return 0
    headers = ("Profile", "Application", "Document", "Scenarios")
    show_table(Table(headers, tuple(_row(each) for each in found)))
    return 0


def _summary(profile: Profile) -> dict[str, object]:
    data = profile_data(profile)
    return {
        "name": profile.name,
        "title": profile.title,
        "document": data["document"],
        "scenarios": [scenario.id for scenario in profile.scenarios],
        "products": [product.id for product in profile.products],
    }


def _row(profile: Profile) -> tuple[str, ...]:
    document = f"{profile.document.title}, version {profile.document.version}"
    scenarios = "\n".join(scenario.id for scenario in profile.scenarios)
    return profile.name, profile.title, document, scenarios


@command.command("show")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Choice(("table", "markdown", "json", "yaml")),
    default="table",
    show_default=True,
)
def show(name: str, output: str) -> int:
    """Show everything that a profile says, and where the document says it.

    JSON and YAML are the profile itself: `callgate profiles validate` accepts them.
    """
    profile = find(name)
    if output == "json":
        click.echo(json.dumps(profile_data(profile), indent=2, ensure_ascii=False))
    elif output == "yaml":
        click.echo(_yaml(profile), nl=False)
    else:
        for number, table in enumerate(tables_of(profile)):
            if number:
                click.echo()
            if output == "markdown":
                click.echo(table.markdown(), nl=False)
            else:
                show_table(table)
    return 0


def _yaml(profile: Profile) -> str:
    import yaml  # noqa: PLC0415 - only for this output

    text: str = yaml.safe_dump(
        profile_data(profile), allow_unicode=True, sort_keys=False, width=100
    )
    return text


@command.command("validate")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def validate(files: tuple[str, ...]) -> int:
    """Check profile files; every mistake is shown with its place (exit code 2)."""
    mistakes: list[Mistake] = []
    for name in files:
        shown = "<stdin>" if name == "-" else name
        try:
            load_profile(read_text(name), shown)
        except InputError as error:
            mistakes += error.mistakes
        else:
            click.echo(f"{shown}: ok")
    if mistakes:
        raise InputError(mistakes)
    return 0

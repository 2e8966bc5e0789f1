"""``callgate generate``: the files for one target. Prints or writes; never applies."""

import difflib
import os
import tempfile
from pathlib import Path
from typing import Any

import click

from callgate.cli.files import read_text
from callgate.cli.site_options import (
    enforcement_options,
    site_from,
    site_options,
    split_names,
    target_options,
)
from callgate.cli.terminal import note
from callgate.dialects import registry
from callgate.dialects.base import Artifact
from callgate.dialects.options import SIDES, chosen, refuse_unused
from callgate.errors import CallgateError, UsageError
from callgate.policy.build import build
from callgate.policy.model import Policy
from callgate.profiles.loader import find


@click.command("generate")
@click.argument("profile")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    required=True,
    metavar="NAME[,NAME]",
    help="Scenario, or several to be united; repeatable.",
)
@click.option("--dialect", required=True, metavar="NAME", help="Target to write for.")
@site_options
@enforcement_options
@target_options
@click.option(
    "-d",
    "--output-dir",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Write all files there, the scripts included, instead of printing.",
)
@click.option(
    "--diff",
    "deployed",
    metavar="FILE",
    help="Show a unified diff from FILE (or a directory of files) to what is generated.",
)
def command(
    profile: str,
    scenarios: tuple[str, ...],
    dialect: str,
    output_dir: str | None,
    deployed: str | None,
    **flags: Any,
) -> int:
    """Generate configuration for one target.

    Nothing is applied. Exit code 1 with --diff when the files differ.
    """
    if output_dir and deployed:
        raise UsageError("--diff only shows; it does not go with --output-dir")
    target = registry.find(dialect)
    site = site_from(flags)
    refuse_unused(target, {name for name in SIDES if flags[name]})
    chosen(target, site.target)
    policy = build(find(profile), site, split_names(scenarios), filters=target.filters)
    artifacts = target.generate(policy)
    _say(policy, artifacts)
    if deployed:
        return _diff(deployed, artifacts)
    if output_dir:
        write_all(Path(output_dir), artifacts)
    else:
        _print(artifacts)
    return 0


def configurations(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    """The files that are configuration, without what stands beside them."""
    return tuple(artifact for artifact in artifacts if artifact.is_configuration)


def _say(policy: Policy, artifacts: tuple[Artifact, ...]) -> None:
    for notice in policy.notices:
        note(f"note: {notice.text}")
    for artifact in artifacts:
        if artifact.excess_note:
            note(f"excess: {artifact.name}: {artifact.excess_note}")
        if artifact.note:
            note(f"note: {artifact.name}: {artifact.note}")


def _print(artifacts: tuple[Artifact, ...]) -> None:
    shown = configurations(artifacts)
    for artifact in shown:
        if len(shown) > 1:
            click.echo(f"# ==> {artifact.name} <==")
        click.echo(artifact.text, nl=False)
    if len(shown) < len(artifacts):
        rest = ", ".join(each.name for each in artifacts if not each.is_configuration)
        note(f"note: {rest} come with it: use --output-dir DIR")


def write_all(folder: Path, artifacts: tuple[Artifact, ...]) -> None:
    """Write each file whole or not at all; scripts are made executable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for artifact in artifacts:
            _write(folder / artifact.name, artifact)
            note(f"wrote {folder / artifact.name}: {artifact.purpose}")
    except OSError as error:
        raise CallgateError(f"cannot write {error.filename}: {error.strerror}") from None


def _write(path: Path, artifact: Artifact) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".callgate-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(artifact.text)
        Path(name).chmod(0o755 if artifact.executable else 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _diff(deployed: str, artifacts: tuple[Artifact, ...]) -> int:
    shown = configurations(artifacts)
    folder = Path(deployed)
    if not folder.is_dir() and len(shown) != 1:
        raise UsageError(
            f"this target has {len(shown)} files: {', '.join(each.name for each in shown)}",
            hint="give --diff a directory that holds them, or one --family",
        )
    differ = False
    for artifact in shown:
        name = str(folder / artifact.name) if folder.is_dir() else deployed
        lines = difflib.unified_diff(
            read_text(name).splitlines(keepends=True),
            artifact.text.splitlines(keepends=True),
            fromfile=name,
            tofile=f"generated/{artifact.name}",
        )
        for line in lines:
            differ = True
            click.echo(line, nl=line.endswith("\n") is False)
    return 1 if differ else 0

"""``callgate lab quality``: what each relay protocol does to a call over a bad link."""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from callgate.cli.kept_runs import KeptRuns
from callgate.cli.lab_needs import require_modules, require_tools
from callgate.cli.namespaces import may_make_namespaces
from callgate.cli.progress import ProgressLine
from callgate.cli.quality_plot import plot
from callgate.cli.quality_tables import beside, flat, table
from callgate.cli.site_options import split_names
from callgate.cli.terminal import note, show
from callgate.errors import InputError, Mistake, UsageError
from callgate.lab.quality import cells, plain
from callgate.lab.quality.figures import Figures, figures
from callgate.lab.quality.settings import FULL, QUICK, Settings, Task
from callgate.netns import Rights, rights
from callgate.places import Place
from callgate.profiles.loader import find as find_profile
from callgate.report.pictures import svg
from callgate.report.png import png, require_pillow

#: Version of the JSON form; see docs/quality.md.
SCHEMA = "callgate.quality/1"
#: Programs, and the Debian packages that bring them.
_TOOLS = {"ip": "iproute2", "turnserver": "coturn"}
_MODULES = ("cryptography",)
_PICTURES = (".svg", ".png")
_SETTINGS = ("full", "seconds", "repeat", "seed")


@click.command("quality")
@click.argument("profile", default="goto")
@click.option("--full", is_flag=True, help="Every cell, not only six.")
@click.option(
    "--cell",
    "names",
    multiple=True,
    metavar="NAME[,NAME]",
    help="A cell such as av-40ms-3%-tcp; repeatable. Default: the six of the quick mode.",
)
@click.option(
    "--seconds",
    type=click.IntRange(5, 300),
    help=f"Media in each run.  [default: {QUICK[0]}]",
)
@click.option(
    "--repeat",
    type=click.IntRange(1, 100),
    help=f"Runs of each cell, each with a seed of its own.  [default: {QUICK[1]}; "
    f"with --full: {FULL[1]}]",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The first seed."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 16),
    default=1,
    show_default=True,
    help="Cells measured side by side, each in a network of its own.",
)
@click.option(
    "--resume",
    metavar="FILE",
    help="Keep each run in this file, and go on where it ends.",
)
@click.option(
    "--plot",
    "picture",
    metavar="FILE.svg|FILE.png",
    help="Draw the result too (PNG needs callgate[plot]).",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(("table", "json", "csv", "markdown")),
    default="table",
    show_default=True,
)
def quality_command(
    profile: str, names: tuple[str, ...], resume: str | None, picture: str | None, **flags: Any
) -> int:
    """Measure audio and video over UDP, TCP and TLS relays while packets are lost.

    A client, coturn and a media server in network namespaces; cells are named by traffic,
    round trip, loss and relay. A run that the machine itself disturbed is repeated. Exit
    code 0 when every cell was measured, 3 when one stayed disturbed, or without the rights.
    """
    find_profile(profile)  # a misspelt one is an error; the paths are the same for all
    settings = _settings(split_names(names), **{name: flags[name] for name in _SETTINGS})
    if picture is not None:
        _check_picture(picture)
    kept = KeptRuns(settings, resume)
    tasks = kept.missing()
    if tasks and not _able():
        return 3
    void = _measure(kept, tasks, settings.seconds, flags["jobs"]) if tasks else []
    found = [figures(runs) for runs in kept.by_cell()]
    if picture is not None and found:
        _draw(picture, found)
    _print(settings, found, void, flags["output"])
    return 3 if void else 0


def _settings(
    names: tuple[str, ...], *, full: bool, seconds: int | None, repeat: int | None, seed: int
) -> Settings:
    if full and names:
        raise UsageError("--full and --cell exclude each other", hint="leave out one of them")
    chosen = cells.full() if full else cells.named(names) or cells.quick()
    usual = FULL if full else QUICK
    return Settings(
        tuple(chosen), seconds or usual[0], seed, repeat or usual[1], os.uname().release
    )


def _check_picture(name: str) -> None:
    if not name.endswith(_PICTURES):
        raise UsageError(f"--plot: {name!r} ends neither in .svg nor in .png")
    if name.endswith(".png"):
        require_pillow()


def _able() -> bool:
    """Whether a measurement can be made here; ToolError for what must be installed."""
    require_modules(_MODULES)
    require_tools(_TOOLS)
    if rights()[0] is Rights.USER_NAMESPACE:
        note("cannot measure here: impaired links need root (/dev/net/tun)")
        return False
    return may_make_namespaces("measure")


def _measure(kept: KeptRuns, tasks: Sequence[Task], seconds: int, jobs: int) -> list[str]:
    """Run what is missing; lines about the runs that stayed void."""
    # It needs the extra packages.
    from callgate.lab.quality.campaign import ATTEMPTS, measure  # noqa: PLC0415

    void: dict[Task, list[str]] = {}
    with kept.appending(), ProgressLine() as line:
        progress = _Progress(line, len(tasks))
        for run in measure(tasks, seconds, min(jobs, len(tasks))):
            task, faults = Task(run.cell, run.repetition, run.seed), run.health.faults()
            if faults:
                void[task] = faults
                note(f"{run.cell.name}: to be repeated: {'; '.join(faults)}")
            else:
                void.pop(task, None)
                kept.add(run)
            progress.show(len(kept.missing()), run.cell.name)
    return [
        f"{task.cell.name}, run {task.repetition}: void after {ATTEMPTS} tries: {'; '.join(why)}"
        for task, why in void.items()
    ]


class _Progress:
    """How many runs are done, and how long the rest may take."""

    def __init__(self, line: ProgressLine, count: int) -> None:
        self._line, self._count, self._began = line, count, time.monotonic()
        line.show(f"0/{count}")

    def show(self, left: int, name: str) -> None:
        done = self._count - left
        spent = time.monotonic() - self._began
        rest = f", {spent / done * left / 60:.0f} min left" if done else ""
        self._line.show(f"{done}/{self._count}{rest}: {name}")


def _draw(name: str, found: Sequence[Figures]) -> None:
    picture = plot(found)
    data = png(picture) if name.endswith(".png") else svg(picture).encode()
    try:
        Path(name).write_bytes(data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError([Mistake(Place(name), f"cannot write: {reason}")]) from None


def _print(settings: Settings, found: Sequence[Figures], void: list[str], output: str) -> None:
    if output == "json":
        click.echo(json.dumps(_as_json(settings, found, void), indent=2))
        return
    if output == "csv":
        click.echo(flat(found).csv(), nl=False)
    elif output == "markdown":
        click.echo(table(found).markdown())
    else:
        show(table(found))
    for line in [*beside(settings.as_json(), found), *void]:
        click.echo(line, err=output == "csv")


def _as_json(settings: Settings, found: Sequence[Figures], void: list[str]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "settings": settings.as_json(),
        "cells": [plain.as_json(each) for each in found],
        "void": void,
        "notes": beside(settings.as_json(), found),
    }

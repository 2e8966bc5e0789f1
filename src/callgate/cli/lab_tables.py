"""The calls of a lab as tables."""

import click

from callgate.cli.terminal import show
from callgate.lab.call import Call
from callgate.lab.delays import Delays
from callgate.report.tables import Table

_WHICH = ("Scenario", "Network", "IP")
_PATH = ("Expected", "Observed", "Set-up")
_QUALITY = ("RTT", "Jitter", "Loss", "Concealed", "Delay up", "Delay down")


def print_calls(calls: list[Call], differences: list[str], output: str) -> None:
    """Print tables for people, or one wide table for ``markdown`` and ``csv``.

    Below stand the reasons of what went wrong; with ``csv`` they go to standard error.
    """
    wide = Table(
        (*_WHICH, *_PATH, *_QUALITY),
        tuple((*_which(call), *_path(call), *_quality(call)) for call in calls),
    )
    if output == "markdown":
        click.echo(wide.markdown())
    elif output == "csv":
        click.echo(wide.csv(), nl=False)
    else:
        show(Table((*_WHICH, *_PATH), tuple((*_which(call), *_path(call)) for call in calls)))
        measured = [call for call in calls if call.answer.quality is not None]
        if measured:
            rows = tuple((*_which(call), *_quality(call)) for call in measured)
            show(Table((*_WHICH, *_QUALITY), rows))
            click.echo("Delays are one way, in ms: median / 95th / 99th percentile.")
    for line in [*(line for call in calls for line in _troubles(call)), *differences]:
        click.echo(line, err=output == "csv")


def _which(call: Call) -> tuple[str, ...]:
    return call.case.scenario, call.case.title, f"IPv{call.family}"


def _path(call: Call) -> tuple[str, ...]:
    setup = "" if call.answer.setup_ms is None else f"{call.answer.setup_ms} ms"
    expected = " or ".join((call.case.expected, *call.case.also))
    return expected, call.path if call.holds else f"{call.path} (wrong)", setup


def _quality(call: Call) -> tuple[str, ...]:
    quality = call.answer.quality
    if quality is None:
        return ("",) * len(_QUALITY)
    return (
        f"{quality.rtt_ms:.1f} ms",
        f"{quality.jitter_ms:.1f} ms",
        f"{quality.loss:.1%}",
        f"{quality.concealment:.1%}",
        _delays(quality.up),
        _delays(quality.down),
    )


def _delays(found: Delays | None) -> str:
    return "not known" if found is None else f"{found.p50:.1f} / {found.p95:.1f} / {found.p99:.1f}"


def _troubles(call: Call) -> list[str]:
    """Why better ways failed, for a call that went wrong."""
    if call.holds:
        return []
    head = ", ".join(_which(call))
    return [f"{head}: {path}: {why}" for path, why in call.answer.troubles.items()]

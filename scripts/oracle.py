"""The full run of the kernel oracle: ``make oracle``, figures as a table.

Every file of the corpus and rulesets made by Hypothesis are loaded into a namespace, and
packets at the edges of our answers are sent through. Exit 1 when the kernel disagrees with
one of them, or when fewer packets were sent, or fewer accepted, than a full run must have.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import chain

from callgate.errors import ToolError
from callgate.report.tables import Table
from tests.support.kernel.corpus import configurations
from tests.support.kernel.files import try_file, try_witnesses
from tests.support.kernel.generated import KINDS, campaign
from tests.support.kernel.trial import Tally

WANTED = 25_000
_HEAD = ("input", "packets", "accepted", "answers", "undecided", "not sendable", "wrong", "notes")


def main(arguments: list[str]) -> int:
    """Run it, print the table; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packets", type=int, default=250, help="first packets for each file")
    parser.add_argument("--rulesets", type=int, default=120, help="made rulesets of each kind")
    parser.add_argument("--seed", type=int, default=1, help="of the made rulesets")
    options = parser.parse_args(arguments)
    rows, total = [], Tally()
    for name, tally, note in chain(_files(options), _made(options)):
        print(name, file=sys.stderr, flush=True)
        rows.append(_row(name, tally, note))
        total += tally
    rows.append(_row("all", total, ""))
    print(Table(_HEAD, tuple(rows)).markdown())
    print("\n".join(total.wrong))
    enough = total.sent >= WANTED and total.accepted * 3 >= total.sent
    return 0 if enough and not total.wrong else 1


def _files(options: argparse.Namespace) -> Iterator[tuple[str, Tally, str]]:
    for configuration in configurations():
        try:
            tally = try_file(configuration, options.packets)
            found, wrong, lost = try_witnesses(configuration)
        except ToolError as error:
            yield configuration.name, Tally(), f"not loaded: {error}"
            continue
        tally.wrong += [f"{configuration.name}: {each}" for each in (*wrong, *lost)]
        told = [f"{len(found.shown)} shown packets confirmed, {found.beyond} cannot be sent"]
        yield configuration.name, tally, "; ".join([*told, *configuration.patches])


def _made(options: argparse.Namespace) -> Iterator[tuple[str, Tally, str]]:
    for kind in KINDS:
        try:
            result = campaign(kind, options.rulesets, 40, options.seed, shrink=True)
        except AssertionError as error:
            yield f"made {kind}", Tally(wrong=[str(error)]), "stopped at the first disagreement"
            continue
        note = f"{result.rulesets} rulesets, {result.refused} of them refused by the kernel"
        yield f"made {kind}", result.tally, note


def _row(name: str, tally: Tally, note: str) -> tuple[str, ...]:
    numbers = (tally.sent, tally.accepted, tally.answers, tally.undecided, tally.unsendable)
    return name, *(f"{number:,}" for number in (*numbers, len(tally.wrong))), note


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

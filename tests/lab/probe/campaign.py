"""Faults of the lab, one by one or in pairs, and what the probe says of each path.

``python -m tests.lab.probe.campaign [--runs N] [--pairs N] [FAULT…]`` prints a line for each
network and then the confusion matrix in Markdown.
"""

import argparse
import itertools
import random
import sys
from collections import Counter
from dataclasses import dataclass

from callgate.lab.arena import Rules
from callgate.lab.atlas import Atlas
from callgate.lab.cases import Case
from callgate.lab.faults import Combination, Path, Step, Undefined, find, names
from callgate.lab.squid import Mode
from callgate.lab.stage import Stage
from callgate.policy.site import Site
from callgate.profiles.loader import find as profile
from tests.lab.probe.bench import Seat, outcomes, through_proxy

ATLAS = Atlas.of(profile("goto"), Site())
ALL_PORTS = Case("turn-tcp-443", "proxy", Mode.PLAIN, "tls-relay@proxy", ("443", "3478"))
WORKS = ("works", None)


@dataclass(frozen=True)
class Row:
    """One path of one network: what is true, and what was said."""

    faults: tuple[str, ...]
    path: str
    family: int | None
    true: tuple[str, str | None]
    said: tuple[str, str | None]
    sign: str
    hard: bool

    @property
    def right(self):
        return self.true == self.said

    @property
    def untried(self):
        """Direct UDP that nobody could try, because no relay answered."""
        return self.said[0] == "not checked"


def rows(combination, found):
    """Every path about which there is a truth that shows before media flows."""
    named = tuple(each.name for each in combination.faults)
    for (path, family), said in outcomes(found).items():
        truth = combination.truth(Path(path), family or 4)
        if isinstance(truth, Undefined):
            continue
        if truth is None or truth.step is Step.MEDIA:
            yield Row(named, path, family, WORKS, said, "", hard=True)
        else:
            true = (str(truth.outcome), str(truth.cause))
            yield Row(named, path, family, true, said, str(truth.sign), truth.sign.hard)


def judge(stage, combinations):
    """Rows of every network, in order."""
    stage.arrange(Rules(nft=""), ALL_PORTS)
    seat = Seat(stage)
    for combination in combinations:
        with stage.broken(*combination.faults):
            found = seat.probe(*through_proxy(ATLAS))
        yield combination, found, list(rows(combination, found))


def pairs(count, seed=1):
    """Pairs of faults that combine and have a truth about every path."""
    drawn = [Combination((find(a), find(b))) for a, b in itertools.combinations(names(), 2)]
    random.Random(seed).shuffle(drawn)
    return list(itertools.islice((each for each in drawn if each.defined), count))


def matrix(found):
    """The confusion matrix: what is true against what was said."""
    counts = Counter((_word(each.true), _word(each.said)) for each in found)
    said = sorted({each for _, each in counts})
    lines = ["| true \\ said | " + " | ".join(said) + " |", "|---" * (len(said) + 1) + "|"]
    for true in sorted({each for each, _ in counts}):
        cells = (str(counts.get((true, each), "") or "") for each in said)
        lines.append(f"| {true} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _word(pair):
    outcome, cause = pair
    return outcome if cause is None else f"{outcome}: {cause}"


def shares(found):
    """Right answers among those that could be tried: hard evidence, silence, all."""
    tried = [each for each in found if not each.untried]
    for title, chosen in (
        ("hard evidence", [each for each in tried if each.hard]),
        ("silence, delay and loss", [each for each in tried if not each.hard]),
        ("all", tried),
    ):
        right = sum(each.right for each in chosen)
        yield f"{title}: {right} of {len(chosen)}" + (
            f" ({right / len(chosen):.1%})" if chosen else ""
        )
    yield f"not tried (direct UDP without any relay): {len(found) - len(tried)}"


def say(text):
    """A line at once: the campaign takes long."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(argv):
    """Run it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=0)
    parser.add_argument("faults", nargs="*")
    told = parser.parse_args(argv)
    chosen = [Combination((find(each),)) for each in told.faults or names()]
    if told.pairs:
        chosen = pairs(told.pairs)
    everything = []
    with Stage(ATLAS) as stage:
        for combination, found, judged in judge(stage, chosen * told.runs):
            everything += judged
            wrong = [each for each in judged if not each.right and not each.untried]
            named = " + ".join(each.name for each in combination.faults)
            say(f"{'BAD' if wrong else 'ok '} {named} {found['seconds']:.2f} s")
            for each in wrong:
                say(f"     {each.path} {each.family}: {each.true} {each.sign}, said {each.said}")
    say(matrix(everything))
    say("\n".join(shares(everything)))


if __name__ == "__main__":
    main(sys.argv[1:])

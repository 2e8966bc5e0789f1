"""What a probe said, held against what is true, path by path.

Theory of operation
-------------------
1. A **run** is one probe under some faults: outcome and cause for each path and version of IP,
   the path that a call takes, and the best one.
2. Each run gives a **row** for each path and version of IP. A row is right when outcome and
   cause are those of the fault's ground truth; *not checked* and *inconclusive* are never right.
3. A run's **call** is right when the path that it takes and the best one follow from the truth.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from callgate.lab.faults import FAMILIES, Path, Truth, Undefined, combine
from callgate.lab.faults.truth import Sign
from callgate.verdicts import Outcome

#: What a call tries, best first, on a machine with a proxy.
LADDER = (Path.UDP_DIRECT, Path.UDP_RELAY, Path.TCP_RELAY_PROXY, Path.TLS_RELAY_PROXY)
#: Of several findings about a path the first of these stands.
_ORDER = ("works", "degraded", "blocked", "inconclusive", "not checked")
_WORKS = "works"


@dataclass(frozen=True, slots=True)
class Run:
    """One probe. ``said`` maps path and version (None by a proxy) to outcome and cause."""

    faults: tuple[str, ...]
    said: dict[tuple[str, int | None], tuple[str, str | None]]
    now: str
    best: str
    seconds: float

    @classmethod
    def of(cls, faults: Iterable[str], account: dict[str, Any]) -> Self:
        """From the probe's JSON."""
        said: dict[tuple[str, int | None], tuple[str, str | None]] = {}
        for each in account["paths"]:
            for finding in each["findings"]:
                key = each["path"], finding["family"]
                told = finding["outcome"], finding["cause"]
                said[key] = min(said.get(key, told), told, key=lambda it: _ORDER.index(it[0]))
        told = account["diagnosis"]
        return cls(tuple(faults), said, told["now"], told["best"], account["seconds"])


@dataclass(frozen=True, slots=True)
class Row:
    """One path in one run. ``truth`` is None where it works."""

    run: Run
    path: Path
    family: int | None
    truth: Truth | None
    said: tuple[str, str | None]

    @property
    def true(self) -> tuple[str, str | None]:
        """Outcome and cause as they are."""
        return (_WORKS, None) if self.truth is None else _told(self.truth)

    @property
    def right(self) -> bool:
        """Whether outcome and culprit were told."""
        return self.said == self.true

    @property
    def kind(self) -> str:
        """What there was to see: nothing wrong, hard evidence, silence, or loss and delay."""
        if self.truth is None:
            return _WORKS
        if self.truth.sign.hard:
            return "hard"
        dropped = self.truth.sign is Sign.SILENCE and self.truth.blocked
        return "silent" if dropped else "soft"

    def __str__(self) -> str:
        where = f"{self.path} IPv{self.family}" if self.family else str(self.path)
        told, true = words(self.said), words(self.true)
        return f"{'+'.join(self.run.faults)}: {where}: said {told!r}, is {true!r}"


def words(told: tuple[str, str | None]) -> str:
    """``blocked: drop``."""
    return f"{told[0]}: {told[1]}" if told[1] else told[0]


def _told(truth: Truth) -> tuple[str, str | None]:
    return str(truth.outcome), str(truth.cause)


def rows(run: Run) -> Iterator[Row]:
    """Every path and version of IP; ValueError where there is no truth."""
    combination = combine(*run.faults)
    for path in Path:
        for family in (None,) if path.proxied else FAMILIES:
            truth = combination.truth(path, family or 4)
            if isinstance(truth, Undefined):
                raise ValueError(f"{'+'.join(run.faults)}: {path}: {truth}")
            said = run.said.get((path, family), ("not checked", None))
            yield Row(run, path, family, truth, said)


def call(faults: Iterable[str]) -> tuple[str, str]:
    """The path that a call takes, and the best one if one change is made."""
    combination = combine(*faults)
    usable = [
        any(
            combination.outcome(path, family) is not Outcome.BLOCKED
            for family in ((4,) if path.proxied else FAMILIES)
        )
        for path in LADDER
    ]
    now = next((str(path) for path, good in zip(LADDER, usable, strict=True) if good), "none")
    # Whatever stands above it is blocked.
    return now, now if usable[0] else str(LADDER[0])


def call_right(run: Run) -> bool:
    """Whether the path taken and the best one are those of the truth."""
    return (run.now, run.best) == call(run.faults)


@dataclass(frozen=True, slots=True)
class Score:
    """So many of so many."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """1.0 when there was nothing to do."""
        return self.right / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{self.right:,} of {self.of:,} ({self.share * 100:.2f} %)"


def score(found: Iterable[bool]) -> Score:
    """Count what is right."""
    listed = list(found)
    return Score(sum(listed), len(listed))


def confusion(found: Iterable[Row]) -> Counter[tuple[str, str]]:
    """How often what is (first) was called what (second)."""
    return Counter((words(row.true), words(row.said)) for row in found)

"""What was found out about a path (pure data)."""

from dataclasses import dataclass

from callgate.flows import Family
from callgate.probe.targets import Probe
from callgate.verdicts import Cause, Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """One probe's result. ``seconds`` is the round trip of the answer that proves the path.

    ``summary`` is one line; ``evidence`` what backs it, in the order in which it was seen.
    ``offender`` is the address or the name of who spoils it, where that is known.
    """

    probe: Probe
    outcome: Outcome
    cause: Cause | None
    summary: str
    evidence: tuple[str, ...] = ()
    seconds: float | None = None
    offender: str = ""
    notes: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The rung of the ladder."""
        return self.probe.path

    @property
    def family(self) -> Family | None:
        """None where a proxy's own address decides."""
        return self.probe.family


@dataclass(frozen=True, slots=True)
class PathResult:
    """A rung of the ladder, from all its probes: the best of them decides."""

    path: str
    outcome: Outcome
    cause: Cause | None
    summary: str
    findings: tuple[Finding, ...] = ()
    remedy: str = ""  # for what was not checked

    @property
    def usable(self) -> bool:
        """Whether a call can go this way."""
        return self.outcome in {Outcome.WORKS, Outcome.DEGRADED}

    @property
    def best(self) -> Finding | None:
        """The finding that decides."""
        return min(self.findings, key=order, default=None)


_ORDER = (
    Outcome.WORKS,
    Outcome.DEGRADED,
    Outcome.BLOCKED,
    Outcome.INCONCLUSIVE,
    Outcome.NOT_CHECKED,
)


def order(finding: Finding) -> tuple[int, float]:
    """Best first, then the fastest."""
    return _ORDER.index(finding.outcome), finding.seconds if finding.seconds is not None else 9e9

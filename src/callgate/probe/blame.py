"""A blame: what a judge says of one trail, before the finding is put together (pure)."""

from dataclasses import dataclass

from callgate.verdicts import Cause, Outcome


@dataclass(frozen=True, slots=True)
class Blame:
    """``because`` is a control or a comparison that belongs to the evidence."""

    outcome: Outcome
    cause: Cause | None
    summary: str
    because: str = ""
    offender: str = ""


def blocked(cause: Cause, summary: str, because: str = "", offender: str = "") -> Blame:
    """The path carries nothing."""
    return Blame(Outcome.BLOCKED, cause, summary, because, offender)


def degraded(cause: Cause, summary: str, because: str = "", offender: str = "") -> Blame:
    """The path works, on a condition that spoils it."""
    return Blame(Outcome.DEGRADED, cause, summary, because, offender)


def inconclusive(summary: str) -> Blame:
    """Silence that nothing explains."""
    return Blame(Outcome.INCONCLUSIVE, None, summary)


def not_checked(summary: str) -> Blame:
    """There was nothing to try."""
    return Blame(Outcome.NOT_CHECKED, None, summary)

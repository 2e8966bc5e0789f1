"""The four answers that Callgate can give, and the exit code that follows from them."""

from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """One answer. ``DEPENDS`` hangs on named conditions; ``UNKNOWN`` is not proof of anything."""

    SATISFIED = "satisfied"
    BLOCKED = "blocked"
    DEPENDS = "depends"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


def exit_code(verdicts: Iterable[Verdict]) -> int:
    """1 if any need is blocked; else 3 if any depends or is unknown; else 0."""
    found = set(verdicts)
    if Verdict.BLOCKED in found:
        return 1
    return 3 if found & {Verdict.DEPENDS, Verdict.UNKNOWN} else 0

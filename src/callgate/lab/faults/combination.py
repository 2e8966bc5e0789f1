"""The truth of several faults at once, derived path by path from each one's own (pure).

Theory of operation
-------------------
1. Changes that need the same thing for themselves (the proxy, a server's certificate, the
   resolver's second port, …) exclude each other: the faults do not combine.
2. What works for all works. What any fault blocks is blocked, whatever else degrades it.
3. Of several that block a path, or that only degrade it, the one that a client meets first
   is its truth: by step, then by place.
4. A fault may *stand in* for a path: it ends the connection itself. What is broken behind it
   shows in some other way or not at all, so such a truth is undefined.
5. Two different truths at the same step and place depend on the order of rules inside one
   box: undefined. Only for first packets a block outlasts what merely degrades. Two that both
   show in the status of one HTTP answer are undefined, too: it has only one.

Undefined is said for a path, with the reason, and never guessed.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from callgate.lab.faults.changes import resource
from callgate.lab.faults.fault import FAMILIES, Fault
from callgate.lab.faults.truth import Path, Place, Sign, Step, Truth
from callgate.verdicts import Outcome

#: From which step on, and behind which place, a fault that stands in answers itself.
_FIREWALL: Final = (Step.REACH, Place.FIREWALL)
_PROXY: Final = (Step.UPSTREAM, Place.PROXY)


@dataclass(frozen=True, slots=True)
class Undefined:
    """There is no truth about a path, and why."""

    reason: str

    def __str__(self) -> str:
        return f"undefined: {self.reason}"


@dataclass(frozen=True, slots=True)
class Combination:
    """Some faults at the same time; with none, the healthy network."""

    faults: tuple[Fault, ...] = ()

    @property
    def clash(self) -> str | None:
        """What several of the faults need for themselves; None when they combine."""
        taken = Counter(each for fault in self.faults for each in _resources(fault))
        doubled = sorted(" ".join(each) for each, count in taken.items() if count > 1)
        return doubled[0] if doubled else None

    @property
    def defined(self) -> bool:
        """Whether there is a truth about every path."""
        return not any(
            isinstance(self.truth(path, family), Undefined) for path in Path for family in FAMILIES
        )

    def truth(self, path: Path, family: int = 4) -> Truth | Undefined | None:
        """What becomes of a path over IP version 4 or 6; None when it works."""
        if self.clash is not None:
            return Undefined(f"more than one fault changes this: {self.clash}")
        found = [(each, truth) for each in self.faults if (truth := each.truth(path, family))]
        blocking = [both for both in found if both[1].blocked] or found
        if not blocking:
            return None
        first, truth = min(blocking, key=lambda both: _order(both[1]))
        for other, second in found:
            if _unclear(truth, second):
                return Undefined(f"{first.name} and {other.name} meet in the same place or answer")
        for other in self.faults:
            if _hides(other, path, family, truth):
                return Undefined(f"{other.name} stands before {first.name}")
        return truth

    def outcome(self, path: Path, family: int = 4) -> Outcome:
        """The outcome alone; what is undefined is inconclusive."""
        truth = self.truth(path, family)
        if isinstance(truth, Undefined):
            return Outcome.INCONCLUSIVE
        return Outcome.WORKS if truth is None else truth.outcome


def _resources(fault: Fault) -> set[tuple[str, ...]]:
    return {found for change in fault.changes if (found := resource(change)) is not None}


def _order(truth: Truth) -> tuple[Step, Place]:
    return truth.step, truth.place


def _unclear(one: Truth, other: Truth) -> bool:
    """Whether two truths of a path neither agree nor come in an order that shows."""
    if one == other:
        return False
    if one.step is other.step is Step.REQUEST and one.sign is other.sign is Sign.STATUS:
        return True  # one answer has one status: whose, depends on both
    if _order(one) != _order(other):
        return False
    return one.step is not Step.REACH or one.outcome is other.outcome


def _hides(front: Fault, path: Path, family: int, truth: Truth) -> bool:
    """Whether a fault answers in place of what is behind it, where the truth lies."""
    if path not in front.stands_in or family not in front.families:
        return False
    since, place = _PROXY if path.proxied else _FIREWALL
    return truth.step >= since and truth.place > place

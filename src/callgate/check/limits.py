"""How far a question may go before Callgate says that it is too complex here.

Limits count nodes and steps, not seconds, so that the same input gives the same answer on
every machine.
"""

from dataclasses import dataclass

from callgate.errors import CallgateError


class TooComplexError(CallgateError):
    """An exact answer takes more than the limits allow; no answer is given instead."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``nodes`` of decision diagrams alive at once, ``steps`` of rules applied to regions.

    The defaults keep a question below 1 GB and, with rules as people write them, below ten
    seconds.
    """

    nodes: int = 1 << 22
    steps: int = 400_000


DEFAULT_LIMITS = Limits()


class Meter:
    """Counts the steps of one question."""

    def __init__(self, limits: Limits) -> None:
        self.left = limits.steps

    def step(self, count: int = 1) -> None:
        """TooComplexError when the steps are used up."""
        self.left -= count
        if self.left < 0:
            raise TooComplexError(
                "too complex here: the rules cut the question into too many steps",
                hint="ask a narrower question: one interface, one client network, one scenario",
            )

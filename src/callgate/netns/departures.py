"""When a packet leaves a link, or that it does not: one direction (pure).

Nothing here reads a clock or sends anything: time comes in as a number, so a test can ask
what a link does in an hour and get the answer at once, the same each time. Each kind of
chance has a stream of its own: the packets lost for a seed are the same ones whatever the
jitter, and the two directions of a link are independent.
"""

from enum import Enum
from random import Random
from typing import Final

from callgate.netns.impairment import Impairment

_NANOSECOND_BITS: Final = 8 * 10**9  # bits of a byte, times nanoseconds of a second


class Drop(Enum):
    """Why a packet does not leave."""

    LOSS = "loss"
    QUEUE = "queue"


class Losses:
    """Which packets are lost: one by one, or in Gilbert's bursts."""

    def __init__(self, loss: float, burst: float | None, chance: Random) -> None:
        share = loss / 100
        self._chance = chance
        # The first packet finds the link as it is at any other moment.
        self._bad = chance.random() < share
        if burst is None:
            self._enter = self._stay = share
        else:
            self._stay = 1 - 1 / burst
            self._enter = share / (burst * (1 - share))

    def next(self) -> bool:
        """Whether the next packet is lost."""
        lost = self._bad
        self._bad = self._chance.random() < (self._stay if lost else self._enter)
        return lost


class Departures:
    """The state of one direction of a link; ``stream`` names its share of the seed."""

    def __init__(self, impairment: Impairment, stream: str) -> None:
        self._stream = stream
        self._free = 0  # when the sender has sent all before, in ns …
        self._rest = 0  # … and what is left over, in 1/rate ns: rounding must not add up
        self._latest = 0
        self.change(impairment)

    def change(self, impairment: Impairment) -> None:
        """From the next packet on, another impairment; its chance starts from its seed.

        What has been decided stands, and later packets still do not overtake it.
        """
        self._is = impairment
        self._losses = Losses(impairment.loss, impairment.burst, self._chance("loss"))
        self._jitter = self._chance("jitter")
        self._reorder = self._chance("reorder")
        self._rest = 0

    def decide(self, now: int, size: int) -> int | Drop:
        """When a packet of ``size`` bytes that enters now departs (ns), or why it never does.

        ``now`` must not go backwards.
        """
        if self._losses.next():
            return Drop.LOSS
        sent = self._send(now, size)
        if sent is None:
            return Drop.QUEUE
        if self._is.reorder and self._reorder.random() * 100 < self._is.reorder:
            return sent
        self._latest = max(self._latest, sent + self._is.delay + self._vary())
        return self._latest

    def _send(self, now: int, size: int) -> int | None:
        """When the last bit has been sent at the rate; None when the queue is too long."""
        if self._is.rate is None:
            return now
        if self._free <= now:
            self._free, self._rest = now, 0
        elif self._free - now > self._is.queue:
            return None
        took, self._rest = divmod(size * _NANOSECOND_BITS + self._rest, self._is.rate)
        self._free += took
        return self._free

    def _vary(self) -> int:
        jitter = self._is.jitter
        return self._jitter.randint(-jitter, jitter) if jitter else 0

    def _chance(self, what: str) -> Random:
        return Random(f"{self._is.seed} {self._stream} {what}")  # noqa: S311 - repeatable

"""What a link does to packets: the model (pure).

Theory of operation
-------------------
A packet that enters a link in one direction meets, in this order: **loss**, the **rate**
with its queue, the **delay** with its jitter. The words and the order are those of
netem (tc-netem(8)). Times are whole nanoseconds and the rate whole bits per second, so that
a text and its impairment are the same thing, exactly; :mod:`callgate.netns.departures`
decides with it, packet by packet.

Bursts are Gilbert's model (E. N. Gilbert, "Capacity of a burst-noise channel", 1960): a
good state that loses nothing and a bad one that loses everything. It is given by what can
be measured, the share of lost packets and the mean length of a run of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from callgate.errors import UsageError

#: Nanoseconds in a unit of time, the largest first.
TIME_UNITS: Final = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
#: Bits per second in a unit of rate, the largest first.
RATE_UNITS: Final = {"gbit": 10**9, "mbit": 10**6, "kbit": 10**3, "bit": 1}
#: How long a packet may wait for its turn on a slow link unless told otherwise, in ns.
QUEUE: Final = TIME_UNITS["s"]
#: A longer delay is a slip of the unit: media is useless long before.
LONGEST: Final = 60 * TIME_UNITS["s"]


class Contradiction(NamedTuple):
    """Why values do not go together: the field to blame, what is wrong, what to do."""

    field: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Impairment:
    """What happens to packets in one direction; without arguments, nothing.

    ``delay`` is added to each packet, ``jitter`` varies it evenly by as much each way;
    packets stay in order all the same. ``loss`` is the percentage of packets lost,
    ``burst`` the mean number lost in a row (None: each by itself). ``rate`` is in bits
    per second (None: no limit), headers from IP upwards included; a packet that would
    wait for longer than ``queue`` is dropped. ``reorder`` is the percentage of packets that
    are not delayed and so overtake others. ``seed`` fixes all chance. Times are in ns.
    Raises UsageError for values that contradict each other.
    """

    delay: int = 0
    jitter: int = 0
    loss: float = 0.0
    burst: float | None = None
    rate: int | None = None
    queue: int = QUEUE
    reorder: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, message, hint in contradictions(asdict(self)):
            raise UsageError(f"{name}: {message}", hint=hint)

    def __str__(self) -> str:
        """The text that means this impairment; ``none`` when there is nothing to say."""
        words = [
            ("delay", self.delay and _time(self.delay)),
            ("jitter", self.jitter and _time(self.jitter)),
            ("loss", self.loss and f"{_plain(self.loss)}%"),
            ("burst", self.burst and _plain(self.burst)),
            ("rate", self.rate and _scaled(self.rate, RATE_UNITS)),
            ("queue", self.queue != QUEUE and _time(self.queue)),
            ("reorder", self.reorder and f"{_plain(self.reorder)}%"),
            ("seed", self.seed and str(self.seed)),
        ]
        return " ".join(f"{word} {value}" for word, value in words if value) or "none"


@dataclass(frozen=True, slots=True)
class LinkImpairment:
    """Both directions of a link: ``there`` from its first end to the other, and ``back``."""

    there: Impairment = field(default_factory=Impairment)
    back: Impairment = field(default_factory=Impairment)

    def __str__(self) -> str:
        """The text that means this: once if both directions are alike."""
        if self.there == self.back:
            return str(self.there)
        return f"there {self.there}; back {self.back}"


def contradictions(values: Mapping[str, float | None]) -> Iterator[Contradiction]:
    """What is wrong with the fields of an impairment; absent ones have their default."""
    for name in ("delay", "jitter", "queue"):
        if not 0 <= (values.get(name) or 0) <= LONGEST:
            yield Contradiction(name, "is not between 0 s and 60 s", "is the unit right?")
    for name in ("loss", "reorder"):
        if not 0 <= (values.get(name) or 0) <= 100:
            yield Contradiction(name, "is not between 0% and 100%", "give a percentage")
    rate, delay = values.get("rate"), values.get("delay") or 0
    if rate is not None and rate <= 0:
        yield Contradiction("rate", "must be more than 0", "use 'loss 100%' for a dead link")
    if rate is None and values.get("queue", QUEUE) != QUEUE:
        yield Contradiction("queue", "nothing waits without a rate", "add 'rate 2mbit' or such")
    if (values.get("jitter") or 0) > delay:
        yield Contradiction("jitter", "is more than the delay", "no packet arrives early")
    if values.get("reorder") and not delay:
        yield Contradiction("reorder", "there is no delay to skip", "add 'delay 20ms' or such")
    yield from _burst(values.get("burst"), values.get("loss") or 0)


def _burst(burst: float | None, loss: float) -> Iterator[Contradiction]:
    if burst is None:
        return
    if burst < 1:
        yield Contradiction("burst", "is less than one packet", "give the mean run of losses")
    elif not loss:
        yield Contradiction("burst", "nothing is lost", "add 'loss 3%' or such")
    elif loss > 100 * burst / (burst + 1):
        # Even if every good packet is followed by a burst, no more than this is lost.
        most = f"{100 * burst / (burst + 1):.4g}%"
        yield Contradiction("burst", f"bursts of {burst:g} lose {most} at most", "longer bursts")


def _time(value: int) -> str:
    return _scaled(value, TIME_UNITS)


def _scaled(value: int, units: Mapping[str, int]) -> str:
    """A number with the largest unit that divides it."""
    unit = next((name for name, size in units.items() if value % size == 0), "")
    return f"{value // units[unit]}{unit}"


def _plain(value: float) -> str:
    """A number without an exponent that reads back as the same float."""
    return f"{Decimal(repr(value)):f}".removesuffix(".0")

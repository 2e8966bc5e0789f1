"""What a call is: what was asked for, and what became of it (pure)."""

from dataclasses import dataclass, field
from typing import Final, Self

from callgate.lab import audio
from callgate.lab.cases import Case

#: Packets of twenty milliseconds in a call.
PACKETS: Final = 50
#: Seconds in which a call must be set up.
PATIENCE: Final = 7.0
#: Where a fault degrades the way, a stream may stand still for seconds (RFC 6298: each
#: time-out is twice the last one). The call is longer by this factor and has more patience,
#: so that some bad luck does not make it another call.
_LONGER: Final = 3
_PATIENCE_IF_DEGRADED: Final = 30.0


@dataclass(frozen=True, slots=True)
class Order:
    """A call to be placed: over IP version 4 or 6, and by a proxy or not.

    ``patience`` is how many seconds it may take until it is set up.
    """

    family: int
    proxied: bool
    packets: int = PACKETS
    patience: float = PATIENCE

    @classmethod
    def of(cls, case: Case, family: int, packets: int) -> Self:
        """The call for a case; more of it where the network degrades it."""
        proxied = case.proxy is not None
        if case.degraded:
            return cls(family, proxied, _LONGER * packets, _PATIENCE_IF_DEGRADED)
        return cls(family, proxied, packets)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client says: its path (None: no call) and why other ways failed."""

    chosen: str | None
    setup_ms: int | None
    quality: audio.Quality | None
    troubles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call, done: the path by the firewall's counters, and the client's answer."""

    case: Case
    family: int
    path: str
    answer: Answer

    @property
    def holds(self) -> bool:
        """Whether it went the expected way, and the client knows it."""
        right = {self.case.expected, *self.case.also}
        return self.path in right and (self.answer.chosen or "none") == self.path

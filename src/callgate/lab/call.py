"""What a call is: what was asked for, and what became of it (pure)."""

from dataclasses import dataclass, field
from typing import Final

from callgate.lab import audio
from callgate.lab.cases import Case

#: Packets of twenty milliseconds in a call.
PACKETS: Final = 50


@dataclass(frozen=True, slots=True)
class Order:
    """A call to be placed: over IP version 4 or 6, and by a proxy or not."""

    family: int
    proxied: bool
    packets: int = PACKETS


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

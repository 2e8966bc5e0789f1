"""What the machine itself did to a measurement, and whether that spoils it.

A busy machine delays packets too, and must not be taken for the network. Four things are
counted: packets that came too fast for the impaired link or that it sent on late, packets
that the client sent late, and how long coturn and the link had to wait for a processor each
time they had something to do (the kernel's ``schedstat``, proc(5)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

#: Share of packets that may be late by the machine's fault: the 95th percentile still holds
#: then.
LATE_AT_MOST: Final = 0.02
#: Above this share the 99th percentile is the machine's too.
DISTURBING: Final = 0.005
#: Milliseconds that a program may wait for a processor on average.
WAIT_AT_MOST: Final = 1.0


@dataclass(frozen=True, slots=True)
class Health:
    """Counts of one run; ``waited`` in ms each time, None where the kernel does not say."""

    missed: int
    refused: int
    link_late: float
    sender_late: float
    waited: float | None

    def faults(self) -> list[str]:
        """Why the run is void; empty when it counts."""
        found = []
        if self.missed or self.refused:
            found.append(f"the link could not take {self.missed + self.refused} packets")
        if self.link_late > LATE_AT_MOST:
            found.append(f"the link was late with {self.link_late:.1%} of the packets")
        if self.sender_late > LATE_AT_MOST:
            found.append(f"the client was late with {self.sender_late:.1%} of the packets")
        if self.waited is not None and self.waited > WAIT_AT_MOST:
            found.append(f"the relay waited {self.waited:.1f} ms for a processor each time")
        return found


class Waiting(NamedTuple):
    """Nanoseconds spent waiting for a processor, and how many times."""

    time: int
    times: int

    def since(self, before: "Waiting") -> float:
        """The mean wait since then, in ms."""
        times = self.times - before.times
        return (self.time - before.time) / times / 1e6 if times else 0.0


def waiting(processes: Iterable[int]) -> Waiting | None:
    """How long all threads of these processes have waited so far; None if it is not known."""
    time = times = 0
    try:
        for pid in processes:
            for task in Path(f"/proc/{pid}/task").iterdir():
                _, waited, slices = (task / "schedstat").read_text(encoding="ascii").split()
                time, times = time + int(waited), times + int(slices)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return Waiting(time, times)

"""How a measurement is taken: the fastest of several runs, which load disturbs least."""

import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 9


@dataclass(frozen=True)
class Measurement:
    """Seconds of ours and of the rival, each the minimum of :data:`RUNS`."""

    what: str
    ours: float
    rival: str
    theirs: float

    def __str__(self) -> str:
        ratio = self.ours / self.theirs
        return (
            f"{self.what:<44} {self.ours * 1000:9.1f} ms"
            f"  {self.rival:<28} {self.theirs * 1000:9.1f} ms  x{ratio:.2f}"
        )


def fastest(action: Callable[[], object]) -> float:
    """Seconds of the fastest run."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def processor_seconds(action: Callable[[], object]) -> float:
    """Processor time: another process on the machine is no part of the answer."""
    start = time.process_time()
    action()
    return time.process_time() - start


def best(action: Callable[[], object]) -> float:
    """The least processor time of three runs."""
    return min(processor_seconds(action) for _ in range(3))

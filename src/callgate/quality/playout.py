"""A jitter buffer: which frames had to be concealed, and the delay of those played.

Theory of operation
-------------------
The receiver plays one frame in each interval, a *depth* after it was sent. Its aim for the
depth is the 95th percentile of the delays of the latest packets that came (late ones
count: they are what it must adapt to), but never less than a margin above the smallest
of them. It gets there by playing faster or slower, at most by a tenth of each frame, which
is hardly heard. A frame that has not come when its turn comes is concealed; if it comes
later it is thrown away.

The quantile is that of WebRTC's NetEq (``delay_manager.h``: 0.95), and the margin the one
frame that NetEq keeps at least. The rest is simpler than NetEq: a window instead of a
forgetting histogram, no stopping of the clock when the buffer runs dry, and no repair of
lost packets (FEC, retransmission). So it is a model: the same for every path, and printed.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from callgate.quality.percentiles import percentile_sorted
from callgate.quality.proportions import Proportion
from callgate.quality.runs import Runs, runs_of
from callgate.quality.stream import Delays


@dataclass(frozen=True, slots=True)
class Buffer:
    """The parameters; times in ms.

    ``interval`` of a frame, ``percent`` of packets that are to come in time, ``window`` of
    packets that are remembered, ``margin`` above the smallest delay, ``stretch`` as a share
    of a frame.
    """

    interval: float = 20.0
    percent: float = 95.0
    window: int = 100
    margin: float = 20.0
    stretch: float = 0.1


@dataclass(frozen=True, slots=True)
class Playout:
    """For each frame from sending to playing, in ms, and whether it was concealed."""

    depths: tuple[float, ...]
    concealed: tuple[bool, ...]

    @property
    def concealment(self) -> Proportion:
        """Frames that were concealed."""
        return Proportion(sum(self.concealed), len(self.concealed))

    @property
    def runs(self) -> Runs:
        """Concealed frames in a row."""
        return runs_of(self.concealed)


def play(delays: Delays, buffer: Buffer | None = None) -> Playout | None:
    """Put a stream with one packet for each frame through the buffer; None if nothing came."""
    buffer = buffer or Buffer()
    arrivals = _arrivals(delays, buffer.interval)
    if not arrivals:
        return None
    memory = _Memory(buffer.window)
    depth = arrivals[0][1] + buffer.margin
    depths = []
    for number in range(len(delays)):
        # What has come when this frame's turn would come.
        memory.learn(_until(arrivals, number * buffer.interval + depth))
        if memory.ordered:
            wanted = percentile_sorted(memory.ordered, buffer.percent)
            aim = max(wanted, memory.ordered[0] + buffer.margin)
            step = buffer.stretch * buffer.interval
            depth += min(step, max(-step, aim - depth))
        depths.append(depth)
    concealed = (took is None or took > at for took, at in zip(delays, depths, strict=True))
    return Playout(tuple(depths), tuple(concealed))


def _arrivals(delays: Delays, interval: float) -> deque[tuple[float, float]]:
    """When packets come and how long they took, in the order of coming."""
    came = ((n * interval + took, took) for n, took in enumerate(delays) if took is not None)
    return deque(sorted(came))


def _until(arrivals: deque[tuple[float, float]], now: float) -> Iterator[float]:
    while arrivals and arrivals[0][0] <= now:
        yield arrivals.popleft()[1]


@dataclass(slots=True)
class _Memory:
    """The delays of the latest packets, also in order of size."""

    window: int
    ordered: list[float] = field(default_factory=list)
    _latest: deque[float] = field(default_factory=deque)

    def learn(self, delays: Iterator[float]) -> None:
        for delay in delays:
            self._latest.append(delay)
            insort(self.ordered, delay)
            if len(self._latest) > self.window:
                self.ordered.pop(bisect_left(self.ordered, self._latest.popleft()))

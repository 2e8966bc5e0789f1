"""What a stream of small packets met on a path, in numbers and in a listener's words (pure).

Theory of operation
-------------------
* Packets go to our own relay and come back by the same path: the round trip is measured by one
  clock. Where there are no credentials, STUN requests and their answers stand in for them.
* The loss of one direction shows between two allocations: what goes up by UDP and comes down
  by TCP can only be lost going up, and the other way round.
* The models want a one-way delay; half of each round trip is taken for it, and said so.
"""

from dataclasses import dataclass
from typing import Final

from callgate.probe.events import Echoes, Event, OneWay
from callgate.probe.targets import Plan
from callgate.quality import (
    CODECS,
    Proportion,
    Rating,
    Stream,
    describe,
    fullband,
    narrowband,
    percentile,
    play,
)
from callgate.verdicts import Cause

#: Milliseconds that the speaker's side needs to fill a packet of 20 ms.
PACKETIZATION: Final = 20.0
NARROWBAND, FULLBAND = CODECS["g711-plc"], CODECS["opus-40k"]
#: Beyond these a call suffers (Microsoft's Call Quality Dashboard calls such streams poor).
POOR_ROUND_TRIP, POOR_JITTER, POOR_LOSS = 500.0, 30.0, 0.10
#: How far late packets may lie behind the usual one, in ms, on a path that repeats lost ones.
POOR_TAIL: Final = 150.0


@dataclass(frozen=True, slots=True)
class Quality:
    """One path. Times in ms; ``stream`` is of round trips, None when nothing came back.

    ``ear`` is the mouth-to-ear delay of the models, with the jitter buffer in it.
    """

    path: str
    how: str
    per_second: float
    lost: Proportion
    stream: Stream | None
    ear: float | None
    ratings: tuple[Rating, ...]

    @property
    def poor(self) -> str:
        """What of it is poor; empty when nothing is."""
        if self.stream is None:
            return "nothing came back"
        told = []
        if self.lost.share > POOR_LOSS:
            told.append(f"{self.lost.share:.0%} of the packets are lost")
        if self.stream.p50 > POOR_ROUND_TRIP:
            told.append(f"the round trip takes {self.stream.p50:.0f} ms")
        if self.stream.jitter > POOR_JITTER or self.stream.p95 - self.stream.p50 > POOR_TAIL:
            told.append(
                f"packets come unevenly: jitter {self.stream.jitter:.0f} ms, one in twenty "
                f"takes more than {self.stream.p95:.0f} ms"
            )
        return ", ".join(told)


@dataclass(frozen=True, slots=True)
class Direction:
    """The loss of one direction of UDP."""

    direction: str  # "up" or "down"
    lost: Proportion


def qualities(plan: Plan, log: tuple[Event, ...]) -> tuple[Quality, ...]:
    """The quality of every path that was measured, best path first."""
    paths = {each.id: each.path for each in plan.probes}
    found = {
        paths[event.probe]: _quality(paths[event.probe], event.fact)
        for event in log
        if isinstance(event.fact, Echoes)
    }
    return tuple(found[path] for path in plan.ladder if path in found)


def directions(log: tuple[Event, ...]) -> tuple[Direction, ...]:
    """The loss of each direction, where it was measured."""
    return tuple(
        Direction(
            event.fact.direction, Proportion(event.fact.sent - event.fact.arrived, event.fact.sent)
        )
        for event in log
        if isinstance(event.fact, OneWay) and event.fact.sent
    )


def spoilt(quality: Quality, others: tuple[Quality, ...]) -> tuple[Cause, str] | None:
    """Why a measured path is degraded; None when it is not.

    A link treats all packets alike. Where UDP alone loses packets, somebody counts them.
    """
    if not quality.poor:
        return poor_link(others)
    by_udp = quality.path.startswith("udp")
    streams = [each for each in others if not each.path.startswith("udp")]
    if by_udp and streams and not any(each.poor for each in streams):
        return Cause.RATE_LIMIT, f"works, but under media {quality.poor}, by UDP alone"
    return Cause.LINK, f"works, but under media {quality.poor}"


def poor_link(measured: tuple[Quality, ...]) -> tuple[Cause, str] | None:
    """What every path suffers from that shares a link with poor ones: by UDP and by streams.

    Streams repeat what is lost, so that not each of them shows it every time.
    """
    poor = [each for each in measured if each.poor]
    by_udp = next((each for each in poor if each.path.startswith("udp")), None)
    if by_udp is None or all(each.path.startswith("udp") for each in poor):
        return None
    return Cause.LINK, f"works, but the link is poor for all: {by_udp.path}: {by_udp.poor}"


def _quality(path: str, fact: Echoes) -> Quality:
    one_way = [None if each is None else each / 2 for each in fact.round_trips]
    lost = Proportion(fact.round_trips.count(None), len(fact.round_trips))
    played = play(one_way)
    stream = describe(fact.round_trips)
    if played is None or stream is None:
        return Quality(path, fact.how, fact.per_second, lost, None, None, ())
    ear = percentile(list(played.depths), 50) + PACKETIZATION
    gone, ratio = played.concealment.share, played.runs.burst_ratio
    ratings = (narrowband(NARROWBAND, ear, gone, ratio), fullband(FULLBAND, ear, gone, ratio))
    return Quality(path, fact.how, fact.per_second, lost, stream, ear, ratings)

"""The traffic of a call, and what its packets look like (pure)."""

import heapq
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

#: Call, stream, sequence number, and when it was sent in ns of the monotonic clock.
_HEADER: Final = struct.Struct("!IBxxxIQ")
SECOND: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Stream:
    """Packets of one size (UDP payload in bytes) at one pace.

    A packet that takes longer than ``limit`` ms is late.
    """

    name: str
    per_second: int
    size: int
    limit: float

    @property
    def interval(self) -> int:
        """Nanoseconds from packet to packet."""
        return SECOND // self.per_second

    def count(self, seconds: int) -> int:
        """Packets that are sent in so many seconds."""
        return self.per_second * seconds


#: As large and as often as G.711 sends it; ITU-T G.114 calls up to 150 ms good for most.
AUDIO: Final = Stream("audio", 50, 160, 150.0)
#: 1.1 Mbit/s that do not adapt; beyond 400 ms G.114 plans no conversation.
VIDEO: Final = Stream("video", 125, 1100, 400.0)
STREAMS: Final = (AUDIO, VIDEO)


class Packet(NamedTuple):
    """What a packet says of itself; ``sent`` in ns."""

    call: int
    stream: int
    number: int
    sent: int


def packed(packet: Packet) -> bytes:
    """The payload, as long as its stream's packets are."""
    return _HEADER.pack(*packet).ljust(STREAMS[packet.stream].size, b"\0")


def unpacked(data: bytes) -> Packet | None:
    """The packet in a payload; None when it is none of ours."""
    if len(data) < _HEADER.size:
        return None
    packet = Packet(*_HEADER.unpack_from(data))
    if packet.stream >= len(STREAMS) or len(data) != STREAMS[packet.stream].size:
        return None
    return packet


def schedule(streams: int, seconds: int) -> Iterator[tuple[int, int, int]]:
    """When each packet of the first ``streams`` is due, in order: ns, stream, number."""
    return heapq.merge(*(_due(stream, seconds) for stream in range(streams)))


def _due(stream: int, seconds: int) -> Iterator[tuple[int, int, int]]:
    found = STREAMS[stream]
    return ((n * found.interval, stream, n) for n in range(found.count(seconds)))

"""Packets shaped like a G.711 call (RFC 3550, RFC 3551), and what their echo tells (pure)."""

import statistics
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_HEADER: Final = "!BBHII"
_VERSION, _PCMU = 0x80, 0
_SOURCE: Final = 0xCA11
#: Twenty milliseconds of G.711, and the clock of its timestamps.
PAYLOAD: Final = bytes(160)
INTERVAL: Final = 0.02
_SIZE: Final = struct.calcsize(_HEADER) + len(PAYLOAD)


@dataclass(frozen=True, slots=True)
class Quality:
    """Median round trip and interarrival jitter in milliseconds, loss from 0 to 1."""

    rtt_ms: float
    jitter_ms: float
    loss: float


def packet(number: int) -> bytes:
    """The packet with a sequence number, from 0."""
    header = struct.pack(_HEADER, _VERSION, _PCMU, number, number * len(PAYLOAD), _SOURCE)
    return header + PAYLOAD


def number_of(data: bytes) -> int | None:
    """The sequence number of one of our packets; None for anything else."""
    if len(data) != _SIZE:
        return None
    version, kind, number, _, source = struct.unpack_from(_HEADER, data)
    return int(number) if (version, kind, source) == (_VERSION, _PCMU, _SOURCE) else None


def quality(sent: Mapping[int, float], received: Mapping[int, float]) -> Quality | None:
    """What became of packets, by number and time in seconds; None if none came back."""
    trips = [received[number] - sent[number] for number in sorted(received) if number in sent]
    if not trips:
        return None
    return Quality(
        rtt_ms=round(statistics.median(trips) * 1000, 2),
        jitter_ms=round(_jitter(trips) * 1000, 2),
        loss=round(1 - len(trips) / len(sent), 4),
    )


def _jitter(trips: list[float]) -> float:
    """The running estimate of RFC 3550 section 6.4.1, over the round trip."""
    estimate = 0.0
    for one, other in pairwise(trips):
        estimate += (abs(other - one) - estimate) / 16
    return estimate

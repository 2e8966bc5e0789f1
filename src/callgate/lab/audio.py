"""Packets shaped like a G.711 call (RFC 3550, RFC 3551), and what their echo tells (pure).

The vendor writes the time of its own clock into each packet that it sends back. Both ends
run on one machine and read one clock, so each direction has a delay of its own.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from callgate.lab.delays import Delays, delays
from callgate.quality import describe, late_or_lost

_HEADER: Final = "!BBHII"
_VERSION, _PCMU = 0x80, 0
_SOURCE: Final = 0xCA11
#: The vendor's clock in nanoseconds, at the start of the payload.
_STAMP: Final = "!Q"
_AT: Final = struct.calcsize(_HEADER)
_NANO: Final = 1_000_000_000
#: Twenty milliseconds of G.711, and the clock of its timestamps.
PAYLOAD: Final = bytes(160)
INTERVAL: Final = 0.02
_SIZE: Final = _AT + len(PAYLOAD)
#: Milliseconds that a listener's fixed buffer waits longer than the fastest packet took.
PLAYOUT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Echo:
    """A packet that came back: when the vendor had it, and when we did, in seconds."""

    turned: float
    received: float


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured of a call.

    Median round trip and jitter of it (RFC 3550) in milliseconds; ``loss`` and ``concealment``
    (what a listener hears made up instead of said) from 0 to 1; delays towards the vendor
    and back, None where the two ends' clocks do not agree.
    """

    rtt_ms: float
    jitter_ms: float
    loss: float
    concealment: float
    up: Delays | None
    down: Delays | None


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


def stamped(data: bytes, seconds: float) -> bytes:
    """One of our packets with the vendor's time in it; anything else as it is."""
    if number_of(data) is None:
        return data
    stamp = struct.pack(_STAMP, round(seconds * _NANO))
    return data[:_AT] + stamp + data[_AT + len(stamp) :]


def stamp_of(data: bytes) -> float:
    """The vendor's time in a packet, in seconds."""
    (stamp,) = struct.unpack_from(_STAMP, data, _AT)
    return float(stamp) / _NANO


def quality(sent: Mapping[int, float], echoes: Mapping[int, Echo]) -> Quality | None:
    """What became of packets, by number and time in seconds; None if none came back."""
    numbers = sorted(number for number in echoes if number in sent)
    trips = [
        (echoes[number].received - at) * 1000 if number in echoes else None
        for number, at in sorted(sent.items())
    ]
    found = describe(trips)
    if found is None:
        return None
    deadline = min(trip for trip in trips if trip is not None) + PLAYOUT
    return Quality(
        rtt_ms=round(found.p50, 2),
        jitter_ms=round(found.jitter, 2),
        loss=round(found.lost.share, 4),
        concealment=round(late_or_lost(trips, deadline).share, 4),
        up=delays([echoes[number].turned - sent[number] for number in numbers]),
        down=delays([echoes[number].received - echoes[number].turned for number in numbers]),
    )

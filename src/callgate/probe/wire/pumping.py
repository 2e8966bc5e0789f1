"""Numbered packets at a steady pace, by a channel of a relay or otherwise, and what comes back."""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from callgate.probe.wire.lines import Ended
from callgate.probe.wire.recorder import Log
from callgate.probe.wire.relays import Session
from callgate.probe.wire.turn import NO_TRANSACTION
from callgate.stun import ChannelData, Succeeded, encode_channel
from callgate.stun.requests import channel_bind
from callgate.stun.values import Address

#: Channels. A peer has one only: a second is refused (RFC 8656, section 12.1).
SELF: Final = 0x4000  # our own relay
OTHER: Final = 0x4001  # the relay of another allocation of ours
#: Seconds of waiting for the last packet.
_LINGER = 1.0
_NUMBER = struct.Struct("!4sI")

Send = Callable[[int], None]
Hear = Callable[[], Awaitable[int | None]]


@dataclass(frozen=True, slots=True)
class Packets:
    """So many a second, of so many bytes; by ``mark`` they are told from those of other streams."""

    pace: int
    size: int
    mark: bytes

    def pack(self, number: int) -> bytes:
        """The packet of this number."""
        return _NUMBER.pack(self.mark, number).ljust(self.size, b"\0")

    def number(self, data: bytes) -> int | None:
        """The number of a packet of this stream."""
        if len(data) < _NUMBER.size:
            return None
        mark, number = _NUMBER.unpack_from(data)
        return int(number) if mark == self.mark else None


#: G.711 in frames of 20 ms.
SPEECH: Final = Packets(50, 160, b"cgqm")
#: 500 kbit/s, as a small picture takes; small enough for any path's MTU.
VIDEO: Final = Packets(125, 500, b"cgqv")


async def bind_channel(session: Session, channel: int, peer: Address) -> None:
    """Let a channel lead to a peer; Ended when the server refuses."""
    async with asyncio.timeout(3.0):
        reply = await session.turn.ask(channel_bind(NO_TRANSACTION, channel, peer))
    if not isinstance(reply.step, Succeeded):
        raise Ended("protocol", "the server binds no channel to a relay of its own")
    session.turn.line.bind(channel)


def sender(session: Session, channel: int, packets: Packets = SPEECH) -> Send:
    """What sends the packet of a number by a channel."""
    line = session.turn.line

    def send(number: int) -> None:
        packet = ChannelData(channel, packets.pack(number))
        line.send(encode_channel(packet, stream=not line.datagrams))

    return send


def hearer(session: Session, channel: int, packets: Packets = SPEECH) -> Hear:
    """What waits for the next unit, and gives its number if it is of this channel and stream."""

    async def hear() -> int | None:
        unit = await session.turn.receive()
        if isinstance(unit, ChannelData) and unit.channel == channel:
            return packets.number(unit.data)
        return None

    return hear


async def pump(
    log: Log, pace: int, seconds: float, send: Send, hear: Hear
) -> tuple[float | None, ...]:
    """Send at a pace and time what comes back, in ms; None for what does not."""
    count = int(seconds * pace)
    sent: dict[int, float] = {}
    came: dict[int, float] = {}

    async def listen() -> None:
        while len(came) < count:
            number = await hear()
            if number is not None and number in sent:
                came.setdefault(number, (log.now() - sent[number]) * 1000)

    listener = asyncio.create_task(listen())
    start = log.now()
    try:
        for number in range(count):
            await asyncio.sleep(max(0.0, start + number / pace - log.now()))
            sent[number] = log.now()
            send(number)
        await asyncio.wait([listener], timeout=_LINGER)
    finally:
        listener.cancel()
        ends = await asyncio.gather(listener, return_exceptions=True)
    if isinstance(ends[0], Exception):
        raise ends[0]
    return tuple(came.get(number) for number in range(count))

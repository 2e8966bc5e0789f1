"""Where a message ends in a stream: STUN and ChannelData mixed (RFC 8656 section 12.5)."""

import struct
from collections.abc import Collection

from callgate.stun.channels import CHANNEL_HEADER_BYTES, ChannelData, decode_channel
from callgate.stun.faults import ProtocolError
from callgate.stun.header import HEADER_BYTES, unpack_header
from callgate.stun.message import Received, decode
from callgate.stun.values import padded

Unit = Received | ChannelData


def decode_unit(wire: bytes) -> Unit:
    """Read one datagram: the first two bits tell what it is."""
    if wire and wire[0] & 0xC0 == 0x40:
        return decode_channel(wire)
    return decode(wire)


class Framer:
    """Takes bytes as they come and gives back whole units.

    It never holds more than one unit's length, 64 KiB; a stream that is something else is
    refused at the first byte that shows it, not when a buffer is full. ChannelData comes
    only by ``channels`` that were bound: ``HT`` of HTTP would be a channel number too.
    """

    def __init__(self, channels: Collection[int] = ()) -> None:
        self._channels = set(channels)
        self._held = bytearray()

    def bind(self, channel: int) -> None:
        """Take data of this channel from now on."""
        self._channels.add(channel)

    def feed(self, data: bytes) -> list[Unit]:
        """The units that end in this data; ProtocolError when the stream is no STUN."""
        self._held += data
        units = []
        while (size := self._size()) is not None and len(self._held) >= size:
            units.append(decode_unit(bytes(self._held[:size])))
            del self._held[:size]
        return units

    @property
    def pending(self) -> bytes:
        """The beginning of a unit whose rest has not come."""
        return bytes(self._held)

    def _size(self) -> int | None:
        """The length of the unit that begins here; None while that cannot be told."""
        if not self._held:
            return None
        if self._held[0] & 0xC0 == 0x40:
            return self._channel_size()
        if self._held[0] & 0xC0:
            raise ProtocolError("neither STUN nor ChannelData: the first two bits")
        if not _may_be_stun(self._held):
            raise ProtocolError("neither STUN nor ChannelData: no magic cookie")
        if len(self._held) < HEADER_BYTES:
            return None
        return HEADER_BYTES + unpack_header(bytes(self._held[:HEADER_BYTES])).length

    def _channel_size(self) -> int | None:
        if len(self._held) < CHANNEL_HEADER_BYTES:
            return None
        channel, size = struct.unpack_from("!HH", self._held)
        if channel not in self._channels:
            raise ProtocolError(f"data of channel {channel:#06x}, which is not bound")
        return CHANNEL_HEADER_BYTES + padded(size)


def _may_be_stun(held: bytearray) -> bool:
    """Whether what there is of the magic cookie is right."""
    cookie = b"\x21\x12\xa4\x42"
    return cookie.startswith(bytes(held[4:8]))

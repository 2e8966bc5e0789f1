"""ChannelData: media with four bytes of header instead of a message (RFC 8656 section 12.4)."""

import struct
from dataclasses import dataclass
from typing import Final

from callgate.stun.faults import ProtocolError
from callgate.stun.values import pad

CHANNELS: Final = range(0x4000, 0x5000)
CHANNEL_HEADER_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class ChannelData:
    """What goes to or came from the peer that a channel is bound to."""

    channel: int
    data: bytes


def encode_channel(packet: ChannelData, *, stream: bool) -> bytes:
    """The bytes; over TCP and TLS they are padded to a multiple of four."""
    wire = struct.pack("!HH", packet.channel, len(packet.data)) + packet.data
    return pad(wire) if stream else wire


def decode_channel(wire: bytes) -> ChannelData:
    """Read one packet; padding behind it is allowed by UDP too."""
    if len(wire) < CHANNEL_HEADER_BYTES:
        raise ProtocolError(f"{len(wire)} bytes are less than a channel header")
    channel, size = struct.unpack_from("!HH", wire)
    if channel not in CHANNELS:
        raise ProtocolError(f"{channel:#06x} is not a channel number")
    if not 0 <= len(wire) - CHANNEL_HEADER_BYTES - size < 4:
        raise ProtocolError(
            f"{len(wire) - CHANNEL_HEADER_BYTES} bytes where the channel header says {size}"
        )
    return ChannelData(channel, wire[CHANNEL_HEADER_BYTES : CHANNEL_HEADER_BYTES + size])

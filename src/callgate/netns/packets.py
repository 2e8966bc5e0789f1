"""First packets and their answers, byte by byte (pure).

A first packet is an empty UDP datagram (RFC 768) or a TCP SYN (RFC 9293), with its IP
header (RFC 791, RFC 8200) and a right checksum: connection tracking ignores a packet
whose checksum is wrong. Thousands differ in the destination port alone, so a
:class:`Template` is made once and only the port and the checksum are filled in.
"""

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from callgate.flows import Family, Protocol

#: The protocols that the two functions here can speak.
SPOKEN: Final = (Protocol.TCP, Protocol.UDP)
_HOPS: Final = 64
_SYN: Final = 0x02
_ACK: Final = 0x10
_WINDOW: Final = 64240
_DATA_OFFSET: Final = 5 << 12  # five 32-bit words, no options


def _fold(total: int) -> int:
    """Add the carries back in: a one's complement sum of 16 bits."""
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def _sum(data: bytes) -> int:
    return sum(struct.unpack(f"!{len(data) // 2}H", data))


def packed(address: int, family: Family) -> bytes:
    """An address as it stands in a header."""
    return (IPv4Address(address) if family is Family.V4 else IPv6Address(address)).packed


def ip_header(
    family: Family, protocol: Protocol, source: int, destination: int, length: int
) -> bytes:
    """An IP header without options for ``length`` bytes of payload.

    The checksum of an IPv4 header is left zero: the kernel fills it in for a raw socket.
    """
    ends = packed(source, family) + packed(destination, family)
    if family is Family.V4:
        return struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 0, 0, _HOPS, protocol, 0) + ends
    return struct.pack("!IHBB", 6 << 28, length, protocol, _HOPS) + ends


@dataclass(frozen=True, slots=True)
class Template:
    """First packets of one flow family: everything is fixed but the destination port."""

    before: bytes
    between: bytes
    after: bytes
    base: int

    @classmethod
    def of(
        cls, family: Family, protocol: Protocol, source: int, destination: int, port: int
    ) -> "Template":
        """The template for UDP or TCP from one address and port to one address."""
        if protocol is Protocol.UDP:
            between, after = struct.pack("!H", 8), b""
        else:
            between = struct.pack("!IIHH", 0, 0, _DATA_OFFSET | _SYN, _WINDOW)
            after = struct.pack("!H", 0)
        length = 2 + 2 + len(between) + 2 + len(after)
        header = ip_header(family, protocol, source, destination, length)
        ends = packed(source, family) + packed(destination, family)
        base = _sum(ends) + protocol + length + port + _sum(between) + _sum(after)
        return cls(header + struct.pack("!H", port), between, after, base)

    def to(self, port: int) -> bytes:
        """The packet to one destination port."""
        # A computed zero is sent as all ones (RFC 768); both mean the same to TCP.
        checksum = ~_fold(self.base + port) & 0xFFFF or 0xFFFF
        return b"".join(
            (
                self.before,
                port.to_bytes(2, "big"),
                self.between,
                checksum.to_bytes(2, "big"),
                self.after,
            )
        )


def answer(protocol: Protocol, segment: bytes) -> bytes:
    """What a server says to a first packet: the datagram back, or SYN and ACK.

    Takes and returns the segment without its IP header. Swapping ends leaves a checksum
    as it is, so only what a SYN-ACK adds has to be added to it.
    """
    ports = segment[2:4] + segment[0:2]
    if protocol is Protocol.UDP:
        return ports + segment[4:]
    sequence, _, flags, window, checksum = struct.unpack("!IIHHH", segment[4:18])
    expected = (sequence + 1) & 0xFFFFFFFF
    total = (~checksum & 0xFFFF) + (expected >> 16) + (expected & 0xFFFF) + _ACK
    reply = struct.pack(
        "!IIHHH", sequence, expected, flags | _ACK, window, ~_fold(total) & 0xFFFF or 0xFFFF
    )
    return ports + reply + segment[18:]

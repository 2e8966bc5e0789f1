"""Packets that can be told apart wherever they turn up: each carries a serial number.

A rejecting firewall answers by the same way that packets leave by, and an ICMP error quotes
the packet that it is about. So a packet is known by its whole destination *and* by its
serial, which stands where no answer has it: in the sequence number of a SYN, in the
identifier of an ICMP message, at the beginning of any other payload.
"""

import struct
from dataclasses import dataclass
from typing import NamedTuple

from callgate.flows import Family, Packet
from callgate.flows.axes import PORTED, TYPED
from callgate.netns.packets import packed
from callgate.rules import ConnectionState

TCP, UDP, ICMP, ICMPV6, GRE = 6, 17, 1, 58, 47
#: Protocols that connection tracking and the stack take as they come.
PLAIN = (TCP, UDP, ICMP, ICMPV6, GRE, 50, 89)
#: Requests of ICMP that begin a connection (nf_conntrack_proto_icmp.c, …_icmpv6.c).
_REQUESTS = {ICMP: {8, 13, 15, 17}, ICMPV6: {128, 139}}
#: What ICMPv6 says between neighbours is never tracked, but for redirects.
_UNTRACKED = {130, 131, 132, 133, 134, 135, 136, 143}
_HOPS = 64
_SYN, _ACK = 0x02, 0x10


@dataclass(frozen=True, slots=True)
class Sent:
    """A packet, how it travels, and the serial that it carries.

    ``answer`` is the serial of the packet that this one answers, and 0 if it is the first.
    """

    packet: Packet
    serial: int
    in_interface: str = ""
    out_interface: str = ""
    answer: int = 0

    @property
    def state(self):
        """How connection tracking sees it."""
        return ConnectionState.ESTABLISHED if self.answer else first_state(self.packet)

    @property
    def ends(self):
        """Its source, as it is if nothing translates it."""
        packet = self.packet
        return packet.source, packet.source_port if packet.protocol in (TCP, UDP) else 0

    @property
    def key(self):
        """What it is known by where it arrives."""
        packet = self.packet
        return Arrived(
            packet.family,
            packet.protocol,
            packet.destination,
            packet.destination_port if packet.protocol in (TCP, UDP, ICMP, ICMPV6) else 0,
            self.serial,
        )

    def __str__(self):
        way = f"{self.in_interface or '-'} to {self.out_interface or '-'}"
        return f"{self.packet} ({way}, {self.state.name.lower()})"


class Arrived(NamedTuple):
    """What an arriving packet is known by, whatever its source was translated to."""

    family: Family
    protocol: int
    destination: int
    destination_port: int
    serial: int


def first_state(packet):
    """The state of a packet that belongs to no connection: NEW for most."""
    if packet.protocol not in TYPED:
        return ConnectionState.NEW
    kind = packet.destination_port >> 8
    if packet.protocol == ICMPV6 and kind in _UNTRACKED:
        return ConnectionState.UNTRACKED
    new = kind in _REQUESTS[packet.protocol]
    return ConnectionState.NEW if new else ConnectionState.INVALID


def connection(packet):
    """What no two packets of one trial may have in common, lest one be taken for the other's.

    A connection is known by its ends in either order. Where there are no ports, what is
    masqueraded has one source for all, so the destination alone tells connections apart.
    """
    if packet.protocol in TYPED:
        ends = frozenset((packet.source, packet.destination))
        return packet.family, packet.protocol, ends, packet.destination_port
    if packet.protocol not in PORTED:
        return packet.family, packet.protocol, packet.destination
    one, other = (packet.source, packet.source_port), (packet.destination, packet.destination_port)
    return packet.family, packet.protocol, frozenset((one, other))


def turned(packet):
    """The answer to a first packet; None where there is none."""
    if packet.protocol in (TCP, UDP):
        ports = packet.destination_port, packet.source_port
    elif packet.protocol in TYPED and packet.destination_port in (8 << 8, 128 << 8):
        ports = 0, 0 if packet.protocol == ICMP else 129 << 8
    else:
        return None
    return Packet(packet.family, packet.protocol, packet.destination, packet.source, *ports)


def wire(sent):
    """A packet as bytes, with right checksums."""
    packet = sent.packet
    segment = _segment(sent)
    ends = packed(packet.source, packet.family) + packed(packet.destination, packet.family)
    at = {TCP: 16, UDP: 6, ICMP: 2, ICMPV6: 2}.get(packet.protocol)
    if at is not None:
        pseudo = b"" if packet.protocol == ICMP else _pseudo(ends, packet.protocol, len(segment))
        segment = segment[:at] + _checksum(pseudo + segment) + segment[at + 2 :]
    if packet.family is Family.V6:
        return struct.pack("!IHBB", 6 << 28, len(segment), packet.protocol, _HOPS) + ends + segment
    head = struct.pack("!BBHHHBB", 0x45, 0, 20 + len(segment), 0, 0, _HOPS, packet.protocol)
    return head + _checksum(head + b"\0\0" + ends) + ends + segment


def _segment(sent):
    packet, serial = sent.packet, sent.serial
    mark = struct.pack("!I", serial)
    ports = struct.pack("!HH", packet.source_port, packet.destination_port)
    if packet.protocol == TCP:
        # The answer acknowledges the SYN, whose sequence number is its serial.
        acknowledged = sent.answer + 1 if sent.answer else 0
        flags = _SYN | (_ACK if sent.answer else 0)
        return ports + mark + struct.pack("!IBBHHH", acknowledged, 5 << 4, flags, 64240, 0, 0)
    if packet.protocol == UDP:
        return ports + struct.pack("!HH", 12, 0) + mark
    if packet.protocol in TYPED:
        kind = struct.pack("!HH", packet.destination_port, 0)
        # An echo and its reply share the identifier, and no other echo has it; the payload
        # tells them apart.
        echo = sent.answer or serial
        return kind + struct.pack("!HH", echo & 0xFFFF, echo >> 16) + mark + bytes(20)
    # GRE: no flags, and a payload protocol that nothing listens for.
    return (b"\0\0\x88\xb5" if packet.protocol == GRE else b"") + mark + bytes(12)


def arrived(data):
    """What an IP packet that came out somewhere is known by, and its source."""
    if data[0] >> 4 == 4:
        start = (data[0] & 15) * 4
        ends = int.from_bytes(data[12:16]), int.from_bytes(data[16:20])
        return parsed(Family.V4, data[9], *ends, data[start:])
    ends = int.from_bytes(data[8:24]), int.from_bytes(data[24:40])
    return parsed(Family.V6, data[6], *ends, data[40:])


def parsed(family, protocol, source, destination, segment):
    """The same for a segment whose IP header was read elsewhere."""
    offset = {TCP: 4, UDP: 8, ICMP: 8, ICMPV6: 8, GRE: 4}.get(protocol, 0)
    at = {TCP: 2, UDP: 2, ICMP: 0, ICMPV6: 0}.get(protocol)
    port = 0 if at is None else int.from_bytes(segment[at : at + 2])
    serial = int.from_bytes(segment[offset : offset + 4])
    source_port = int.from_bytes(segment[:2]) if protocol in (TCP, UDP) else 0
    return Arrived(family, protocol, destination, port, serial), (source, source_port)


def _pseudo(ends, protocol, length):
    return ends + struct.pack("!II", length, protocol)


def _checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF or 0xFFFF)

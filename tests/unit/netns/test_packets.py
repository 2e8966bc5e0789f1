import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.flows import Family, Protocol
from callgate.netns.packets import Template, answer, ip_header, packed

CLIENT = {Family.V4: 0xC0000207, Family.V6: 0x20010DB8 << 96 | 7}
VENDOR = {Family.V4: 0xC6336407, Family.V6: 0x20010DB8_FFFF << 80 | 7}
HEADER = {Family.V4: 20, Family.V6: 40}
PORTS = st.integers(0, 65535)
FAMILIES = st.sampled_from(Family)
PROTOCOLS = st.sampled_from((Protocol.TCP, Protocol.UDP))


def checksum_is_right(family, protocol, source, destination, segment):
    """RFC 1071, the slow way: with the checksum in place everything adds up to all ones."""
    pseudo = packed(source, family) + packed(destination, family)
    pseudo += struct.pack("!II", len(segment), protocol)
    data = pseudo + segment + b"\0" * (len(segment) % 2)
    total = sum(int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2))
    return total > 0 and total % 0xFFFF == 0


@given(FAMILIES, PROTOCOLS, PORTS, PORTS)
def test_first_packets_and_answers_have_right_checksums(family, protocol, source_port, port):
    client, vendor = CLIENT[family], VENDOR[family]
    packet = Template.of(family, protocol, client, vendor, source_port).to(port)
    segment = packet[HEADER[family] :]
    assert checksum_is_right(family, protocol, client, vendor, segment)
    assert segment[:4] == struct.pack("!HH", source_port, port)

    reply = answer(protocol, segment)
    assert checksum_is_right(family, protocol, vendor, client, reply)
    assert reply[:4] == struct.pack("!HH", port, source_port)


@given(st.integers(0, 2**32 - 1), st.integers(0, 65535), FAMILIES)
def test_any_syn_is_acknowledged_with_a_right_checksum(sequence, window, family):
    bare = struct.pack("!HHIIHHHH", 50000, 443, sequence, 0, 0x5002, window, 0, 0)
    pseudo = packed(CLIENT[family], family) + packed(VENDOR[family], family)
    pseudo += struct.pack("!II", len(bare), Protocol.TCP)
    total = sum(struct.unpack(f"!{len(pseudo + bare) // 2}H", pseudo + bare))
    syn = bare[:16] + struct.pack("!H", 0xFFFF - total % 0xFFFF) + bare[18:]

    reply = answer(Protocol.TCP, syn)
    acknowledged, flags = struct.unpack("!IH", reply[8:14])
    assert (acknowledged, flags) == ((sequence + 1) % 2**32, 0x5012)
    assert checksum_is_right(family, Protocol.TCP, VENDOR[family], CLIENT[family], reply)


def test_a_wrong_checksum_is_noticed_by_these_tests():
    packet = Template.of(Family.V4, Protocol.UDP, 1, 2, 3).to(4)
    broken = packet[20:-1] + bytes([packet[-1] ^ 1])
    assert not checksum_is_right(Family.V4, Protocol.UDP, 1, 2, broken)


@pytest.mark.parametrize("family", Family)
def test_the_header_says_version_length_and_ends(family):
    header = ip_header(family, Protocol.UDP, CLIENT[family], VENDOR[family], 8)
    assert header[0] >> 4 == family
    assert len(header) == HEADER[family]
    length_at, length = (2, 28) if family is Family.V4 else (4, 8)
    assert int.from_bytes(header[length_at : length_at + 2], "big") == length
    assert header.endswith(packed(CLIENT[family], family) + packed(VENDOR[family], family))

import ipaddress

import pytest

from callgate.flows import Family, Packet, Protocol
from callgate.flows.axes import NAME_BASE
from callgate.flows.packet_text import parse_packet
from callgate.names import DomainPattern


def number(address: str) -> int:
    return int(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("text", "packet"),
    [
        (
            "udp 10.0.0.5:51000 > 198.51.100.7:3478",
            Packet(
                Family.V4, Protocol.UDP, number("10.0.0.5"), number("198.51.100.7"), 51000, 3478
            ),
        ),
        (
            "tcp [2001:db8::5]:51000 > [2001:db8:7::1]:443",
            Packet(
                Family.V6, Protocol.TCP, number("2001:db8::5"), number("2001:db8:7::1"), 51000, 443
            ),
        ),
        (
            "icmp 8/0 10.0.0.5 > 198.51.100.7",
            Packet(Family.V4, Protocol.ICMP, number("10.0.0.5"), number("198.51.100.7"), 0, 2048),
        ),
        (
            "icmpv6 128/0 2001:db8::5 > 2001:db8:7::1",
            Packet(
                Family.V6, Protocol.ICMPV6, number("2001:db8::5"), number("2001:db8:7::1"), 0, 32768
            ),
        ),
        (
            "protocol-47 10.0.0.5 > 198.51.100.7",
            Packet(Family.V4, 47, number("10.0.0.5"), number("198.51.100.7"), 0, 0),
        ),
    ],
)
def test_a_packet_reads_as_it_prints(text, packet):
    parsed, atoms = parse_packet(text)
    assert parsed == packet
    assert str(parsed) == text
    assert not atoms.patterns


def test_a_destination_may_be_a_name():
    packet, atoms = parse_packet("TCP 10.0.0.5:51000 > Meet.GoTo.com:443")
    assert packet.destination == NAME_BASE
    assert atoms.patterns == (DomainPattern("meet.goto.com"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a packet"),
        ("udp 10.0.0.5:51000", "not a packet"),
        ("upd 10.0.0.5:1 > 198.51.100.7:2", "not a protocol: 'upd'"),
        ("protocol-256 10.0.0.5 > 198.51.100.7", "not a protocol"),
        ("udp 10.0.0.5 > 198.51.100.7:3478", "the source has no port"),
        ("udp 10.0.0.5:1 > 198.51.100.7", "the destination has no port"),
        ("udp 10.0.0.5:70000 > 198.51.100.7:2", "not a port: 70000"),
        ("udp 10.0.0.500:1 > 198.51.100.7:2", "the source is not an address"),
        ("udp 10.0.0.5:1 > [2001:db8::1]:2", "not of one address family"),
        ("icmp 10.0.0.5 > 198.51.100.7", "needs TYPE/CODE"),
        ("icmp 300/0 10.0.0.5 > 198.51.100.7", "not an ICMP type and code"),
        ("tcp 10.0.0.5:1 > under score!:443", "not a packet"),
        ("tcp 10.0.0.5:1 > a..b:443", "not a domain name"),
    ],
)
def test_what_is_no_packet_is_refused_with_the_reason(text, said):
    with pytest.raises(ValueError, match=r"not|no|needs") as caught:
        parse_packet(text)
    assert said in str(caught.value)

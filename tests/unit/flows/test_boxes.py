import pytest

from callgate.flows import Box, Family, IntervalSet, Packet, Protocol
from callgate.flows.axes import NAME_BASE
from callgate.flows.boxes import ANY_PORT, ANY_PROTOCOL, any_address, any_destination

HTTPS = IntervalSet.of((443, 443))


def box(protocol, *, source_port=ANY_PORT, destination_port=ANY_PORT, family=Family.V4):
    return Box(
        family,
        protocol,
        any_address(family),
        any_destination(family),
        source_port,
        destination_port,
    )


@pytest.mark.parametrize("number", [2, 47, 50])
def test_ports_on_a_protocol_without_ports_are_refused(number):
    with pytest.raises(ValueError, match="destination ports"):
        box(IntervalSet.points((number,)), destination_port=HTTPS)


def test_source_ports_on_icmp_are_refused_and_types_are_not():
    icmp = IntervalSet.points((Protocol.ICMP,))
    assert box(icmp, destination_port=IntervalSet.of((8 * 256, 8 * 256 + 255))).size
    with pytest.raises(ValueError, match="source ports"):
        box(icmp, source_port=HTTPS)


def test_ports_for_every_protocol_are_refused():
    with pytest.raises(ValueError, match="destination ports"):
        box(ANY_PROTOCOL, destination_port=HTTPS)


def test_the_witness_is_the_lowest_flow():
    found = box(IntervalSet.points((6, 17)), destination_port=HTTPS).witness()
    assert found == Packet(Family.V4, 6, 0, 0, 0, 443)


@pytest.mark.parametrize(
    ("packet", "text"),
    [
        (
            Packet(Family.V4, 17, 0x0A000005, 0xC6336407, 51000, 3478),
            "udp 10.0.0.5:51000 > 198.51.100.7:3478",
        ),
        (Packet(Family.V6, 6, 1, 2, 1024, 443), "tcp [::1]:1024 > [::2]:443"),
        (Packet(Family.V6, 6, 1, NAME_BASE + 3, 1024, 443), "tcp [::1]:1024 > name#3:443"),
        (Packet(Family.V4, 1, 1, 2, 0, 8 * 256), "icmp 8/0 0.0.0.1 > 0.0.0.2"),
        (Packet(Family.V4, 47, 1, 2, 0, 0), "protocol-47 0.0.0.1 > 0.0.0.2"),
    ],
)
def test_a_packet_prints_as_tcpdump_would(packet, text):
    assert str(packet) == text

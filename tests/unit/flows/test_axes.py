from callgate.flows import Family, Protocol
from callgate.flows.axes import NAME_BASE, PORTED, TYPED


def test_no_address_falls_among_the_names():
    assert (1 << Family.V6.bits) - 1 < NAME_BASE


def test_protocols_and_families_print_as_people_write_them():
    assert [str(each) for each in Protocol] == [
        "icmp",
        "tcp",
        "udp",
        "dccp",
        "icmpv6",
        "sctp",
        "udplite",
    ]
    assert [str(each) for each in Family] == ["IPv4", "IPv6"]


def test_no_protocol_has_both_ports_and_types():
    assert not PORTED & TYPED

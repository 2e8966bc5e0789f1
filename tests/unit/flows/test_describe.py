import random

import pytest

from callgate.flows import (
    Box,
    Family,
    FlowSet,
    IntervalSet,
    NameAtoms,
    Protocol,
    prefixes_of,
)
from callgate.flows.axes import EPHEMERAL, PORTED
from callgate.flows.boxes import ANY_PORT, ANY_PROTOCOL, any_address, any_destination
from callgate.flows.describe import describe
from callgate.flows.prefixes import parse_network
from callgate.names import DomainPattern

GOTO, NESTED = DomainPattern.parse("*.goto.com"), DomainPattern.parse("*.a.goto.com")
ATOMS = NameAtoms.of([GOTO, NESTED, DomainPattern.parse("apis.google.com")])
V4, V6 = Family.V4, Family.V6
ICMP, TCP, UDP, ICMPV6 = Protocol.ICMP, Protocol.TCP, Protocol.UDP, Protocol.ICMPV6


def rule(family, protocol, *ports, to=None, names=IntervalSet.EMPTY, source=None, client=EPHEMERAL):
    def networks(text):
        return prefixes_of([parse_network(each) for each in text.split()], family)

    everywhere = to is None and not names
    return Box(
        family,
        ANY_PROTOCOL if protocol is None else IntervalSet.points((protocol,)),
        networks(source) if source else any_address(family),
        any_destination(family) if everywhere else networks(to or "") | names,
        IntervalSet.of(client) if protocol in PORTED else ANY_PORT,
        IntervalSet.of(*ports) if ports else ANY_PORT,
    )


def both(protocol, *ports):
    return [rule(family, protocol, *ports) for family in Family]


CASES = {
    "unrestricted": (
        [*both(UDP, (45000, 49999)), *both(TCP, (443, 443))],
        ["TCP 443 → All", "UDP 45000–49999 → All"],
    ),
    "networks of both families": (
        [
            rule(V4, UDP, (3478, 3478), to="203.0.113.0/24 192.0.2.1"),
            rule(V6, UDP, (3478, 3478), to="2001:db8::/32"),
        ],
        ["UDP 3478 → 192.0.2.1, 203.0.113.0/24, 2001:db8::/32"],
    ),
    "one family": ([rule(V4, TCP, (443, 443))], ["TCP 443 → All (IPv4)"]),
    "overlap is not cut": (
        [*both(TCP, (443, 443)), rule(V4, TCP, (3478, 3478), to="203.0.113.0/24")],
        ["TCP 443 → All", "TCP 3478 → 203.0.113.0/24"],
    ),
    "protocols apart": (
        [*both(UDP, (3478, 3478)), rule(V4, TCP, (3478, 3478))],
        ["TCP 3478 → All (IPv4)", "UDP 3478 → All"],
    ),
    "names and addresses": (
        [rule(V4, TCP, (443, 443), to="192.0.2.0/24", names=ATOMS.covered_by([GOTO]))],
        ["TCP 443 → 192.0.2.0/24, *.goto.com"],
    ),
    "names in one family, addresses beside them in the other": (
        [
            rule(V4, TCP, (443, 443), to="192.0.2.0/24", names=ATOMS.covered_by([GOTO])),
            rule(V6, TCP, (443, 443), names=ATOMS.covered_by([GOTO])),
        ],
        ["TCP 443 → 192.0.2.0/24, *.goto.com", "TCP 443 → *.goto.com (IPv6)"],
    ),
    "some codes of a type": (
        [rule(V4, ICMP, (3 * 256, 3 * 256 + 3), (11 * 256 + 1, 11 * 256 + 255))],
        [
            "ICMP destination unreachable (code 0–3), time exceeded (code 1–255) → All (IPv4)",
        ],
    ),
    "names with a hole": (
        [rule(V4, TCP, (443, 443), names=ATOMS.covered_by([GOTO]) - ATOMS.covered_by([NESTED]))],
        ["TCP 443 → *.goto.com except *.a.goto.com (IPv4)"],
    ),
    "sources": (
        [
            rule(V4, TCP, (443, 443), source="192.0.2.0/24"),
            rule(V6, TCP, (443, 443), source="2001:db8:1::/64"),
        ],
        ["TCP 443 → All from 192.0.2.0/24, 2001:db8:1::/64"],
    ),
    "a range that is no network": (
        [rule(V4, TCP, (443, 443), to="192.0.2.1 192.0.2.2")],
        ["TCP 443 → 192.0.2.1–192.0.2.2"],
    ),
    "icmp": (
        [
            rule(V4, ICMP, (8 * 256, 8 * 256 + 255), (3 * 256 + 4, 3 * 256 + 4)),
            rule(V6, ICMPV6, (2 * 256, 2 * 256 + 255), (200 * 256, 200 * 256 + 255)),
        ],
        [
            "ICMP destination unreachable (code 4), echo request → All (IPv4)",
            "ICMPv6 packet too big, type 200 → All (IPv6)",
        ],
    ),
    "protocol by number": (
        [rule(V4, 47, to="192.0.2.1")],
        ["protocol 47 → 192.0.2.1"],
    ),
    "any protocol, and ports beside it": (
        [rule(V4, None, to="192.0.2.1"), rule(V4, TCP, (443, 443), client=(0, 65535))],
        ["any protocol → 192.0.2.1", "TCP 443 → All (IPv4)"],
    ),
    "source ports that no client uses": (
        [rule(V4, TCP, (443, 443), client=(0, 1023))],
        ["TCP 443 from source port 0–1023 → All (IPv4)"],
    ),
    "nothing": ([], []),
}


@pytest.mark.parametrize("name", CASES)
def test_lines(name):
    boxes, lines = CASES[name]
    assert describe(FlowSet.of(*boxes), ATOMS).lines() == lines


def test_everything_and_everything_but():
    everything = FlowSet.everything()
    assert describe(everything, ATOMS).lines() == ["any protocol → All"]
    gap = FlowSet.of(*(box for box in both(TCP, (443, 443))))
    widened = everything - gap - FlowSet.of(rule(V4, TCP, client=(0, 1023)))
    assert "any protocol except TCP → All" in describe(widened, ATOMS).lines()


def test_all_addresses_are_not_all_destinations():
    boxes = [rule(V4, TCP, (443, 443), to="0.0.0.0/0"), rule(V6, TCP, (443, 443), to="::/0")]
    assert describe(FlowSet.of(*boxes), ATOMS).lines() == [
        "TCP 443 → every IPv4 address, every IPv6 address"
    ]


def test_exceptions_are_named_where_that_is_shorter():
    flows = FlowSet.of(rule(V4, TCP, (443, 443))) - FlowSet.of(rule(V4, TCP, to="192.0.2.0/24"))
    assert describe(flows, ATOMS).lines() == [
        "TCP 443 → every IPv4 address except 192.0.2.0/24, every name"
    ]


def test_families_of_a_service():
    (service,) = describe(FlowSet.of(*both(TCP, (443, 443))), ATOMS).services
    assert (service.family, service.destination, service.source) == ("IPv4+IPv6", "All", "any")


def scattered(count):
    chance = random.Random(3)
    for port in range(1, 2 * count, 2):
        host = f"192.0.2.{chance.randint(0, 255)}"
        yield rule(V4, TCP, (port, port), to=host)


def test_thousands_are_never_printed():
    lines = describe(FlowSet.of(*scattered(2000)), ATOMS, limit=10).lines()
    assert len(lines) == 11
    assert lines[-1].startswith("… and ")
    assert max(map(len, lines)) < 200


def test_long_lists_end_in_a_count():
    hosts = " ".join(f"192.0.2.{host}" for host in range(0, 200, 2))
    (line,) = describe(FlowSet.of(rule(V4, TCP, (443, 443), to=hosts)), ATOMS).lines()
    assert line.endswith("192.0.2.22, … and 88 more")

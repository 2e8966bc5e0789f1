"""Lists that we write ourselves mean what they say: parsed and walked, against plain Python.

An entry is drawn as data, written in each product's words, and judged by a few lines of
Python that know nothing of either.
"""

import ipaddress
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.check import Prepared
from callgate.check.walk import Circumstances, walk
from callgate.dialects.cisco_asa import CiscoAsa
from callgate.dialects.cisco_ios import CiscoIos
from callgate.flows import Family, Packet
from callgate.rules import Action

#: Addresses and ports on both sides of the bounds that entries are made of.
ADDRESSES = [ipaddress.IPv4Address("192.0.2.0") + offset for offset in (0, 1, 2, 3, 4, 127, 128)]
PORTS = (0, 52, 53, 54, 443, 65535)
PORT_WORDS = {53: "domain"}
PROTOCOLS = {"tcp": 6, "udp": 17, "esp": 50, "ip": None}


@dataclass(frozen=True)
class Ports:
    operator: str
    low: int
    high: int

    def holds(self, port):
        return {
            "eq": port == self.low,
            "neq": port != self.low,
            "lt": port < self.low,
            "gt": port > self.low,
            "range": self.low <= port <= self.high,
        }[self.operator]

    def __str__(self):
        words = [self.operator, PORT_WORDS.get(self.low, str(self.low))]
        return " ".join([*words, str(self.high)] if self.operator == "range" else words)


@dataclass(frozen=True)
class Entry:
    permits: bool
    protocol: str
    source: ipaddress.IPv4Network | None
    target: ipaddress.IPv4Network | None
    source_ports: Ports | None
    ports: Ports | None

    def holds(self, packet):
        number = PROTOCOLS[self.protocol]
        return (
            number in {None, packet.protocol}
            and _within(packet.source, self.source)
            and _within(packet.destination, self.target)
            and (self.source_ports is None or self.source_ports.holds(packet.source_port))
            and (self.ports is None or self.ports.holds(packet.destination_port))
        )

    def text(self, mask):
        action = "permit" if self.permits else "deny"
        parts = [action, self.protocol, _network(self.source, mask), self.source_ports]
        parts += [_network(self.target, mask), self.ports]
        return " ".join(str(part) for part in parts if part is not None)


def _within(address, network):
    return network is None or ipaddress.IPv4Address(address) in network


def _network(network, mask):
    if network is None:
        return "any"
    if network.prefixlen == 32:
        return f"host {network.network_address}"
    return f"{network.network_address} {getattr(network, mask)}"


networks = st.one_of(
    st.none(),
    st.builds(
        lambda address, length: ipaddress.IPv4Network((int(address), length), strict=False),
        st.sampled_from(ADDRESSES),
        st.sampled_from((24, 25, 30, 31, 32)),
    ),
)


@st.composite
def port_sets(draw):
    operator = draw(st.sampled_from(("eq", "neq", "lt", "gt", "range")))
    low, high = sorted((draw(st.sampled_from(PORTS)), draw(st.sampled_from(PORTS))))
    return Ports(operator, low, high)


@st.composite
def entries(draw):
    protocol = draw(st.sampled_from(sorted(PROTOCOLS)))
    ported = protocol in {"tcp", "udp"}
    ports = st.one_of(st.none(), port_sets()) if ported else st.none()
    return Entry(
        draw(st.booleans()), protocol, draw(networks), draw(networks), draw(ports), draw(ports)
    )


packets = st.builds(
    Packet,
    st.just(Family.V4),
    st.sampled_from((6, 17, 50)),
    st.sampled_from(ADDRESSES).map(int),
    st.sampled_from(ADDRESSES).map(int),
    st.sampled_from(PORTS),
    st.sampled_from(PORTS),
)


def as_asa(listed):
    return "\n".join(f"access-list A extended {each.text('netmask')}" for each in listed)


def as_ios(listed):
    return "ip access-list extended A\n" + "\n".join(f" {e.text('hostmask')}" for e in listed)


def as_ios_in_any_order(listed):
    """Numbered, and written backwards: the numbers say the order."""
    numbered = [f" {10 * n} {e.text('hostmask')}" for n, e in enumerate(listed, 1)]
    return "\n".join(["ip access-list extended A", *reversed(numbered)])


def as_ios_by_number(listed):
    return "\n".join(f"access-list 150 {each.text('hostmask')}" for each in listed)


def as_asa_with_groups(listed):
    """Every address and every protocol with its ports stands in an object or a group."""
    lines, uses = [], []
    for number, each in enumerate(listed):
        ends = []
        for side, network in (("s", each.source), ("t", each.target)):
            name = f"{side}{number}"
            mask = "0.0.0.0 0.0.0.0" if network is None else network.with_netmask.replace("/", " ")
            lines += [f"object network {name}", f" subnet {mask}"]
            lines += [f"object-group network g{name}", f" network-object object {name}"]
            ends.append(f"object-group g{name}")
        words = [f"service-object {each.protocol}"]
        words += [f"source {each.source_ports}"] if each.source_ports else []
        words += [f"destination {each.ports}"] if each.ports else []
        lines += [f"object-group service v{number}", " " + " ".join(words)]
        action = "permit" if each.permits else "deny"
        uses.append(f"access-list A extended {action} object-group v{number} {' '.join(ends)}")
    return "\n".join([*uses, *lines])


WRITERS = [
    (CiscoAsa(), as_asa, "A"),
    (CiscoAsa(), as_asa_with_groups, "A"),
    (CiscoIos(), as_ios, "A"),
    (CiscoIos(), as_ios_in_any_order, "A"),
    (CiscoIos(), as_ios_by_number, "150"),
]


@pytest.mark.parametrize(("reader", "write", "name"), WRITERS, ids=[w[1].__name__ for w in WRITERS])
@given(listed=st.lists(entries(), min_size=1, max_size=8), sent=st.lists(packets, max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_list_decides_as_its_entries_say(reader, write, name, listed, sent):
    ruleset = reader.parse(write(listed), "f")
    assert not ruleset.unmodelled
    prepared = Prepared(ruleset)
    for packet in sent:
        first = next((each for each in listed if each.holds(packet)), None)
        expected = Action.ACCEPT if first and first.permits else Action.DROP
        assert walk(prepared, ruleset.entry(name), packet, Circumstances()).action is expected


@given(
    address=st.sampled_from(ADDRESSES).map(int),
    wild=st.lists(st.integers(0, 31), max_size=10).map(lambda bits: sum(1 << b for b in set(bits))),
    flips=st.lists(st.lists(st.integers(0, 31), max_size=6), min_size=1, max_size=10),
)
@settings(max_examples=300, deadline=None)
def test_a_wildcard_takes_the_addresses_that_agree_in_the_bits_it_leaves(address, wild, flips):
    words = f"{ipaddress.IPv4Address(address)} {ipaddress.IPv4Address(wild)}"
    text = f"ip access-list extended A\n permit ip {words} any"
    ruleset = CiscoIos().parse(text, "f")
    assert not ruleset.unmodelled
    prepared = Prepared(ruleset)
    for bits in flips:
        source = address ^ sum(1 << bit for bit in set(bits))
        packet = Packet(Family.V4, 6, source, 0, 1024, 80)
        expected = Action.ACCEPT if (source ^ address) & ~wild == 0 else Action.DROP
        assert walk(prepared, ruleset.entry("A"), packet, Circumstances()).action is expected

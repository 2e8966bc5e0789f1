import socket
import time

import pytest

from callgate.errors import ToolError
from callgate.netns import End, Link, Route, Topology
from callgate.netns.impaired_topology import impaired
from callgate.netns.impairment_text import parse
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

LINKS = (
    Link(
        End("inside", ("192.0.2.10/24", "2001:db8:1::10/64")),
        End("middle", ("192.0.2.1/24", "2001:db8:1::1/64")),
    ),
    Link(
        End("middle", ("198.51.100.1/24", "2001:db8:2::1/64")),
        End("outside", ("198.51.100.7/24", "2001:db8:2::7/64")),
    ),
)
ROUTES = (
    Route("inside", "default", "192.0.2.1", "eth0"),
    Route("inside", "::/0", "2001:db8:1::1", "eth0"),
    Route("outside", "default", "198.51.100.1", "eth0"),
    Route("outside", "::/0", "2001:db8:2::1", "eth0"),
    Route("middle", "203.0.113.0/24", "198.51.100.7", "eth1"),
)
RULES = """
add table inet t
add counter inet t seen
add chain inet t c { type filter hook forward priority 0; policy accept; }
add rule inet t c oifname eth1 udp dport 3478 counter name seen
"""
SERVERS = [
    (socket.AF_INET, "198.51.100.7"),
    (socket.AF_INET, "203.0.113.9"),
    (socket.AF_INET6, "2001:db8:2::7"),
]


@pytest.fixture
def topology():
    require("ip", "nft")
    also = {"outside": ["203.0.113.9/32"]}
    with Topology(LINKS, ROUTES, routers=["middle"], also=also) as built:
        built["middle"].load_nft(RULES)
        yield built


def round_trip(topology, family, address):
    """In ms, there and back."""
    with (
        topology["outside"].socket(family, socket.SOCK_DGRAM) as server,
        topology["inside"].socket(family, socket.SOCK_DGRAM) as client,
    ):
        server.settimeout(5)
        client.settimeout(5)
        server.bind((address, 3478))
        client.connect((address, 3478))
        begin = time.monotonic()
        client.send(b"there")
        _, peer = server.recvfrom(100)
        server.sendto(b"back", peer)
        assert client.recv(100) == b"back"
        return (time.monotonic() - begin) * 1000


def ends(topology):
    return (topology["middle"], "eth1"), (topology["outside"], "eth0")


def test_routes_addresses_and_rules_by_name_go_on_working(topology):
    assert all(round_trip(topology, *server) < 50 for server in SERVERS)
    with impaired(*ends(topology), parse("there delay 60ms; back none")) as link:
        assert all(round_trip(topology, *server) >= 60 for server in SERVERS)
        link.change(parse("none"))
        assert all(round_trip(topology, *server) < 50 for server in SERVERS)
        assert link.counts().there.sent >= 6
    (item,) = topology["middle"].nft_list("counter", "inet", "t", "seen")
    assert item["counter"]["packets"] == 9
    assert "eth1" not in topology["middle"].run("ip", "-brief", "link")


def test_the_routes_of_other_links_are_left_alone(topology):
    before = topology["inside"].run("ip", "route"), topology["middle"].run("ip", "route")
    with impaired(*ends(topology), parse("none")):
        after = topology["inside"].run("ip", "route"), topology["middle"].run("ip", "route")
    assert after[0] == before[0]
    # The far end's own address has become a route; nothing else has changed.
    assert set(before[1].splitlines()) <= set(after[1].splitlines())


def test_an_interface_that_is_not_there_is_an_error(topology):
    here, there = ends(topology)
    with (
        pytest.raises(ToolError, match="eth9"),
        impaired((here[0], "eth9"), there, parse("none")),
    ):
        pass
    assert "eth1" in topology["middle"].run("ip", "-brief", "link")

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from callgate.errors import ToolError
from callgate.netns import End, Link, Route, Topology
from callgate.netns.namespaces import NAMED
from callgate.netns.ownership import LOCKS
from tests.lab.host import host_state
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


@pytest.fixture(autouse=True)
def _lab():
    require("ip", "nft")


@pytest.fixture
def topology():
    also = {"outside": ["203.0.113.9/32"]}
    with Topology(LINKS, ROUTES, routers=["middle"], also=also) as built:
        yield built


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET, "198.51.100.7"),
        (socket.AF_INET, "203.0.113.9"),
        (socket.AF_INET6, "2001:db8:2::7"),
    ],
)
def test_datagrams_cross_the_router_and_come_back(topology, family, address):
    with (
        topology["outside"].socket(family, socket.SOCK_DGRAM) as server,
        topology["inside"].socket(family, socket.SOCK_DGRAM) as client,
    ):
        server.settimeout(5)
        client.settimeout(5)
        server.bind((address, 3478))
        client.connect((address, 3478))
        client.send(b"there")
        data, peer = server.recvfrom(100)
        server.sendto(data + b" and back", peer)
        assert client.recv(100) == b"there and back"


def test_three_namespaces_stand_in_half_a_second():
    fastest = 9.0
    for _ in range(3):
        begin = time.perf_counter()
        with Topology(LINKS, ROUTES, routers=["middle"]):
            fastest = min(fastest, time.perf_counter() - begin)
    assert fastest < 0.5


def test_a_program_runs_inside_and_the_caller_stays_outside(topology):
    ours = host_state()["links"]
    assert "192.0.2.10/24" in topology["inside"].run("ip", "-brief", "address")
    assert host_state()["links"] == ours


def test_rules_of_both_kinds_are_loaded_inside_only(topology):
    before = host_state()
    node = topology["middle"]
    node.load_nft("table inet t {\n counter seen {\n }\n}\n")
    node.load_iptables("*filter\n:FORWARD DROP [0:0]\nCOMMIT\n", None)
    assert "counter seen" in node.run("nft", "list", "ruleset")
    assert "-P FORWARD DROP" in node.run("iptables", "-S")
    assert host_state() == before


def test_a_broken_ruleset_is_an_error_with_what_nft_says(topology):
    with pytest.raises(ToolError, match="syntax error"):
        topology["middle"].load_nft("table inet t {")


def test_a_missing_program_is_named(topology):
    with pytest.raises(ToolError, match="no-such-tool"):
        topology["inside"].run("no-such-tool")


def test_nothing_is_left_after_an_error_in_the_body_or_in_the_building():
    before = host_state()
    interrupted = Topology(LINKS, ROUTES)
    with pytest.raises(KeyboardInterrupt), interrupted:
        raise KeyboardInterrupt
    unbuildable = Topology(LINKS, [Route("inside", "nonsense", None, "eth0")])
    with pytest.raises(ToolError):
        unbuildable.__enter__()
    for each in (interrupted, unbuildable):
        owner = each["inside"].name.split("-")[1]
        assert not list(NAMED.glob(f"callgate-{owner}-*"))
        assert not (LOCKS / owner).exists()
    assert host_state() == before


def first_packet_arrives(_):
    with (
        Topology(LINKS, ROUTES, routers=["middle"]) as built,
        built["outside"].socket(socket.AF_INET, socket.SOCK_DGRAM) as server,
        built["inside"].socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        server.settimeout(2)
        server.bind(("198.51.100.7", 3478))
        client.sendto(b"first", ("198.51.100.7", 3478))
        try:
            return server.recv(10) == b"first"
        except TimeoutError:
            return False


def test_links_carry_the_first_packet_even_while_others_are_built():
    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(first_packet_arrives, range(90)))

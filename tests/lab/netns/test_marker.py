import os
import socket

import pytest

from callgate.errors import ToolError
from callgate.netns import End, Link, Topology, conntrack, marker
from callgate.netns.marker import Way, one_cpu
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

LINKS = (Link(End("near", ("192.0.2.1/24",)), End("far", ("192.0.2.2/24",))),)
COUNT = """
add table inet t
add counter inet t seen
add chain inet t c { type filter hook input priority 0; policy accept; }
add rule inet t c udp dport 3478 counter name seen drop
"""


@pytest.fixture
def pair():
    require("ip", "nft")
    with Topology(LINKS) as topology:
        yield topology["near"], topology["far"]


def seen(namespace):
    (item,) = namespace.nft_list("counter", "inet", "t", "seen")
    return item["counter"]["packets"]


def test_after_the_marker_all_that_was_sent_has_been_judged(pair):
    near, far = pair
    far.load_nft(COUNT)
    with (
        Way([(near, "eth0", far, "eth0")]) as way,
        one_cpu(),
        near.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        client.connect(("192.0.2.2", 3478))
        for step in range(1, 21):
            for _ in range(200):
                client.send(b"")
            way.flush()
            assert seen(far) == 200 * step
        way.flush(back=True)


def test_a_lost_marker_is_an_error_and_not_an_answer(pair, monkeypatch):
    near, far = pair
    monkeypatch.setattr(marker, "_LOST_AFTER", 0.2)
    far.load_nft(
        "add table netdev t\n"
        "add chain netdev t c { type filter hook ingress device eth0 priority 0; policy drop; }\n"
    )
    with Way([(near, "eth0", far, "eth0")]) as way, pytest.raises(ToolError, match="marker"):
        way.flush()


def test_the_thread_may_use_every_cpu_again_afterwards():
    before = os.sched_getaffinity(0)
    with one_cpu():
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


def test_connections_are_forgotten(pair):
    require("conntrack")
    near, far = pair
    far.load_nft(
        "add table inet t\n"
        "add chain inet t c { type filter hook input priority 0; policy accept; }\n"
        "add rule inet t c ct state new accept\n"
    )
    with (
        near.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
        far.socket(socket.AF_INET, socket.SOCK_DGRAM) as server,
    ):
        server.bind(("192.0.2.2", 3478))
        server.settimeout(5)
        client.sendto(b"hello", ("192.0.2.2", 3478))
        server.recv(10)
    assert "dport=3478" in far.run("conntrack", "-L")
    conntrack.forget(far)
    assert "dport=3478" not in far.run("conntrack", "-L")

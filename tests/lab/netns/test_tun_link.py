"""A real link does, packet by packet, what the model says that it does."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from math import sqrt

import pytest

from callgate.errors import ToolError
from callgate.netns import Namespace, Ownership, clean, congestion
from callgate.netns.commands import run
from callgate.netns.departures import Departures, Drop
from callgate.netns.impairment_text import parse
from callgate.netns.namespaces import NAMED
from callgate.netns.tun_link import Port, TunLink
from tests.lab.host import host_state
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

MS = 10**6
NEAR = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
FAR = {socket.AF_INET: "192.0.2.2", socket.AF_INET6: "2001:db8::2"}
LENGTH = {socket.AF_INET: "/24", socket.AF_INET6: "/64"}
HEADERS = 28  # IPv4 and UDP


@pytest.fixture
def nodes():
    require("ip")
    with Ownership() as owner:
        found = [Namespace(owner.name(role)) for role in ("near", "far")]
        for each in found:
            run("ip", "netns", "add", each.name)
        yield found


def link(nodes, text, families=(socket.AF_INET,)):
    ends = ({family: side[family] + LENGTH[family] for family in families} for side in (NEAR, FAR))
    ports = [
        Port(node, "link0", tuple(end.values())) for node, end in zip(nodes, ends, strict=True)
    ]
    return TunLink(*ports, parse(text))


@contextlib.contextmanager
def datagrams(nodes, family=socket.AF_INET):
    """A connected UDP socket at either end."""
    with (
        nodes[0].socket(family, socket.SOCK_DGRAM) as near,
        nodes[1].socket(family, socket.SOCK_DGRAM) as far,
    ):
        for one, address in ((near, NEAR[family]), (far, FAR[family])):
            one.settimeout(10)
            one.bind((address, 3478))
        near.connect((FAR[family], 3478))
        far.connect((NEAR[family], 3478))
        yield near, far


def quickest(sender, receiver, count=15):
    """The shortest way of several from one socket to another, in ms: a busy machine adds."""
    found = []
    for _ in range(count):
        sender.send(str(time.monotonic_ns()).encode())
        sent = int(receiver.recv(100))
        found.append((time.monotonic_ns() - sent) / MS)
    return min(found)


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_each_direction_has_its_own_delay(nodes, family):
    text = "there delay 30ms; back delay 5ms"
    with link(nodes, text, [family]), datagrams(nodes, family) as (near, far):
        assert 30 <= quickest(near, far) < 40
        assert 5 <= quickest(far, near) < 15


def test_a_change_holds_as_soon_as_it_is_answered(nodes):
    with link(nodes, "none") as built, datagrams(nodes) as (near, far):
        assert quickest(near, far) < 10
        built.change(parse("delay 40ms"))
        assert 40 <= quickest(near, far, 5) < 50
        built.change(parse("there loss 100%; back none"))
        near.send(b"never")
        far.send(b"back")
        assert near.recv(10) == b"back"
        counts = built.settle()
        assert (counts.there.lost, counts.back.lost, counts.missed) == (1, 0, 0)


@pytest.mark.parametrize("text", ["loss 3% seed 5", "delay 2ms jitter 1ms loss 5% burst 3 seed 6"])
def test_exactly_the_packets_that_the_model_loses_are_lost(nodes, text):
    count, group = 4000, 100
    with link(nodes, text) as built, datagrams(nodes) as (near, far):
        model = Departures(parse(text).there, "there")
        kept = []
        for first in range(0, count, group):
            for number in range(first, first + group):
                near.send(str(number).encode())
                if model.decide(0, HEADERS + 4) is not Drop.LOSS:
                    kept.append(number)
            wanted = [number for number in kept if number >= first]
            assert [int(far.recv(100)) for _ in wanted] == wanted
        counts = built.settle()
    assert counts.missed == 0
    assert (counts.there.sent, counts.there.lost) == (len(kept), count - len(kept))
    share, burst = parse(text).there.loss / 100, parse(text).there.burst or 1
    spread = sqrt(2 * burst * share * (1 - share) / count)
    assert abs(counts.there.lost / count - share) < 4 * spread


def test_a_rate_holds_and_its_queue_overflows(nodes):
    size, count = 1000, 60
    with (
        link(nodes, "there rate 2mbit queue 100ms; back none") as built,
        datagrams(nodes) as (near, _),
    ):
        for _ in range(count):
            near.send(bytes(size - HEADERS))
        counts = built.settle()
        assert counts.there.sent + counts.there.overflowed == count
        # 4 ms each: the one on its way and 25 that wait; more if we were slow to send.
        assert 26 <= counts.there.sent < count
        built.change(parse("there rate 2mbit; back none"))
        begin = time.monotonic()
        for _ in range(count):
            near.send(bytes(size - HEADERS))
        built.settle()
        assert 0.24 <= time.monotonic() - begin < 1


def test_packets_overtake_only_if_asked_to(nodes):
    with link(nodes, "delay 30ms jitter 9ms") as built, datagrams(nodes) as (near, far):
        for overtaking, text in ((False, None), (True, "delay 30ms reorder 20% seed 1")):
            if text:
                built.change(parse(text))
            for number in range(50):
                near.send(bytes([number]))
            arrived = [far.recv(1)[0] for _ in range(50)]
            assert sorted(arrived) == list(range(50))
            assert (arrived != sorted(arrived)) is overtaking


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
@pytest.mark.parametrize("algorithm", ["cubic", "reno"])
def test_congestion_control_is_pinned_at_both_ends(nodes, family, algorithm):
    with link(nodes, "none", [family]):
        for node in nodes:
            congestion.pin(node, algorithm)
        with nodes[1].socket(family, socket.SOCK_STREAM) as listener:
            listener.bind((FAR[family], 3478))
            listener.listen()
            listener.settimeout(10)
            with nodes[0].socket(family, socket.SOCK_STREAM) as client:
                client.settimeout(10)
                client.connect((FAR[family], 3478))
                server, _ = listener.accept()
                with server:
                    for one in (client, server):
                        name = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
                        assert name.rstrip(b"\0").decode() == algorithm


def test_an_unknown_algorithm_is_an_error(nodes):
    with link(nodes, "none"), pytest.raises(ToolError, match="congestion algorithm"):
        congestion.pin(nodes[0], "no-such")


def interfaces(node):
    return run("ip", "-netns", node.name, "-brief", "link")


def ended(pidfd):
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    found = bool(poller.poll(5000))
    os.close(pidfd)
    return found


def test_the_kernel_has_nothing_to_say_on_a_link_without_ipv6(nodes):
    for families, silent in (([socket.AF_INET], True), ([*NEAR], False)):
        with link(nodes, "none", families):
            for node in nodes:
                # Not even the route for multicast, by which neighbours would be told of us.
                shown = node.run("ip", "-6", "route", "show", "table", "all", "dev", "link0")
                assert (shown == "") is silent


def test_the_link_and_its_process_end_with_the_body(nodes):
    before = host_state()
    with link(nodes, "none") as built:
        process = os.pidfd_open(built.pid)
        assert all("link0" in interfaces(node) for node in nodes)
        assert host_state() == before
    assert ended(process)
    assert not any("link0" in interfaces(node) for node in nodes)
    with pytest.raises(ToolError, match="no longer"):
        built.counts()


def test_a_dead_process_behind_the_link_is_an_error_and_not_a_hang(nodes):
    with link(nodes, "none") as built:
        process = os.pidfd_open(built.pid)
        os.kill(built.pid, signal.SIGKILL)
        assert ended(process)
        with pytest.raises(ToolError, match="gone"):
            built.counts()


def test_a_name_that_is_taken_is_an_error_and_leaves_nothing(nodes):
    with link(nodes, "none"), pytest.raises(ToolError, match="busy"):
        link(nodes, "none").__enter__()
    assert not any("link0" in interfaces(node) for node in nodes)


HOLDER = """
import signal
from callgate.netns import End, Link, Topology
from callgate.netns.impairment_text import parse
from callgate.netns.tun_link import Port, TunLink
links = [Link(End("a1", ("192.0.2.1/24",)), End("b1", ("192.0.2.2/24",)))]
with Topology(links) as topology:
    ports = [Port(topology[each], "link0", ("198.51.100.1/24",)) for each in ("a1", "b1")]
    with TunLink(*ports, parse("delay 20ms")) as built:
        print(topology["a1"].name, built.pid, flush=True)
        signal.pause()
"""


def test_after_sigkill_of_the_owner_nothing_is_left():
    require("ip")
    before = host_state()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with holder:
        name, pid = holder.stdout.readline().split()
        process = os.pidfd_open(int(pid))
        holder.kill()
    assert ended(process), "it must not need a cleaner to end"
    assert name in clean()
    assert not list(NAMED.glob(f"{name.rpartition('-')[0]}-*"))
    assert host_state() == before

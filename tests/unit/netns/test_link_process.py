"""One direction of a link, between two sockets."""

import socket

import pytest

from callgate.netns import link_process
from callgate.netns.departures import Departures
from callgate.netns.impairment import Impairment
from callgate.netns.link_process import LATE, Direction


@pytest.mark.parametrize(("behind", "late"), [(0, 0), (LATE, 0), (LATE + 1, 1)])
def test_a_packet_that_leaves_late_is_counted_and_sent(monkeypatch, behind, late):
    clock = [1_000_000]
    monkeypatch.setattr(link_process.time, "monotonic_ns", lambda: clock[0])
    delay = 20_000_000
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2)]
    (near, source), (target, far) = pairs
    source.setblocking(False)
    try:
        departures = Departures(Impairment(delay=delay), "there")
        direction = Direction(source.fileno(), target.fileno(), departures)
        near.send(b"packet")
        direction.take()
        clock[0] += delay - 1
        direction.deliver()
        assert (direction.counts.waiting, direction.counts.sent) == (1, 0)
        clock[0] += 1 + behind
        direction.deliver()
        assert far.recv(64) == b"packet"
        counts = direction.counts
        assert (counts.waiting, counts.sent, counts.late) == (0, 1, late)
    finally:
        for one, other in pairs:
            one.close()
            other.close()

"""Send a lane's first packets and answer those that arrive.

Both ends use raw sockets, so what they send and receive passes their own hooks like any
program's packets. Packets go in batches that fit a default receive buffer; after each, a
marker frame tells that all of it has been judged, so nothing is overrun and nothing has to
be guessed from silence.
"""

import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Final

from callgate.flows import Family, IntervalSet
from callgate.flows.prefixes import address_of
from callgate.lab.arena import Arena
from callgate.lab.lanes import Lane
from callgate.lab.sinks import MARK
from callgate.netns import Namespace, conntrack
from callgate.netns.packets import Template, answer, ip_header
from callgate.policy.model import Direction

#: Packets in flight; a default receive buffer (212,992 bytes) holds about 270.
_BATCH: Final = 128
_DOMAIN: Final = {Family.V4: socket.AF_INET, Family.V6: socket.AF_INET6}
_SO_MARK: Final = 36  # asm-generic/socket.h; the module socket does not name it


class Exchange:
    """The sockets of one lane, open for the length of a ``with`` body."""

    def __init__(self, arena: Arena, lane: Lane) -> None:
        self._arena, self._lane = arena, lane
        sender, receiver = arena.sender(lane.direction), arena.receiver(lane.direction)
        self._out = self._speaker(sender, lane.destination)
        self._back = self._speaker(receiver, lane.source)
        self._in = receiver.socket(_DOMAIN[lane.family], socket.SOCK_RAW, lane.protocol)
        self._in.bind(self._end(lane.destination))
        # Not connected: a connected socket reports the ICMP errors of a firewall that
        # rejects our answers, and those are no failure of ours.
        self._in.setblocking(False)

    def close(self) -> None:
        """Close the sockets."""
        for each in (self._out, self._back, self._in):
            each.close()

    def send(self, ports: IntervalSet) -> int:
        """Send a first packet to each port and have it answered; returns how many."""
        lane = self._lane
        template = Template.of(
            lane.family, lane.protocol, lane.source, lane.destination, lane.source_port
        )
        for batch in _batches(ports):
            for port in batch:
                _try(self._out, template.to(port))
            self._arena.flush(lane.direction)
            if self._answer_all():
                self._arena.flush(_opposite(lane.direction))
        return ports.size

    def _answer_all(self) -> int:
        """Answer what has arrived; returns how many."""
        lane, count = self._lane, 0
        header = b""
        for segment in self._arrived():
            reply = answer(lane.protocol, segment)
            header = header or ip_header(
                lane.family, lane.protocol, lane.destination, lane.source, len(reply)
            )
            _try(self._back, header + reply)
            count += 1
        return count

    def _arrived(self) -> Iterator[bytes]:
        while True:
            try:
                data = self._in.recv(2048)
            except BlockingIOError:
                return
            # A raw IPv4 socket shows the IP header, an IPv6 one does not.
            yield data[(data[0] & 15) * 4 :] if self._lane.family is Family.V4 else data

    def _speaker(self, namespace: Namespace, peer: int) -> socket.socket:
        speaker = namespace.socket(_DOMAIN[self._lane.family], socket.SOCK_RAW, socket.IPPROTO_RAW)
        speaker.setsockopt(socket.SOL_SOCKET, _SO_MARK, MARK)
        speaker.connect(self._end(peer))
        return speaker

    def _end(self, address: int) -> tuple[str, int]:
        return str(address_of(address, self._lane.family)), 0


def exchange(arena: Arena, lane: Lane, ports: IntervalSet) -> int:
    """Send one lane's packets, then make the judge forget the connections."""
    with closing(Exchange(arena, lane)) as talk:
        sent = talk.send(ports)
    # A full table of connections would drop packets that no rule forbids.
    conntrack.forget(arena.judge)
    return sent


def _try(speaker: socket.socket, packet: bytes) -> None:
    """Send, unless the host's own ruleset refuses: that is a judgement too."""
    with suppress(PermissionError):
        speaker.send(packet)


def _batches(ports: IntervalSet) -> Iterator[list[int]]:
    every = [port for low, high in ports for port in range(low, high + 1)]
    for start in range(0, len(every), _BATCH):
        yield every[start : start + _BATCH]


def _opposite(direction: Direction) -> Direction:
    return Direction.IN if direction is Direction.OUT else Direction.OUT

"""The program behind a link: moves packets between two TUN devices, each when it is due.

Started by :mod:`callgate.netns.tun_link` with the path of a namespace and the name of an
interface for either end. Its standard input is one end of a socket of whole messages
(SOCK_SEQPACKET): the text of an impairment changes the link and ``counts`` asks what
happened; each is answered. When the owner's end closes, however the owner ended, the program
ends, and with it both devices.
"""

import heapq
import json
import select
import socket
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from os import dup, read, write
from pathlib import Path
from typing import Final

from callgate.netns.departures import Departures, Drop
from callgate.netns.impairment import LinkImpairment
from callgate.netns.impairment_text import parse
from callgate.netns.tun import open_tun

MESSAGE: Final = 4096
#: Packets that the kernel keeps for us while we are busy; beyond, it drops them.
KERNEL_QUEUE: Final = 10_000
#: Nanoseconds after which a packet that is due counts as late.
LATE: Final = 5_000_000
_LARGEST: Final = 65536
#: Packets read from a device before we look at the others and at what is due.
_AT_ONCE: Final = 64


@dataclass(slots=True)
class Counts:
    """Packets of one direction since the link exists.

    ``sent`` left the link, ``lost`` and ``overflowed`` (the queue of a slow link) did not,
    ``refused`` were not taken by the far end's kernel, ``waiting`` are on the way. ``late``
    of those sent left more than :data:`LATE` after they were due: the machine was busy.
    """

    sent: int = 0
    lost: int = 0
    overflowed: int = 0
    refused: int = 0
    waiting: int = 0
    late: int = 0


@dataclass(slots=True)
class Direction:
    """Packets from one device to the other, those on the way in order of departure."""

    source: int
    target: int
    departures: Departures
    counts: Counts = field(default_factory=Counts)
    _heap: list[tuple[int, int, bytes]] = field(default_factory=list)
    _number: int = 0

    def take(self, most: int = _AT_ONCE) -> None:
        """Decide about the packets that wait in the source device."""
        for _ in range(most):
            try:
                packet = read(self.source, _LARGEST)
            except BlockingIOError:
                return
            decision = self.departures.decide(time.monotonic_ns(), len(packet))
            if decision is Drop.LOSS:
                self.counts.lost += 1
            elif decision is Drop.QUEUE:
                self.counts.overflowed += 1
            else:
                self._number += 1
                heapq.heappush(self._heap, (decision, self._number, packet))
                self.counts.waiting += 1

    def deliver(self) -> None:
        """Hand over the packets that are due."""
        while self._heap and self._heap[0][0] <= (now := time.monotonic_ns()):
            due, _, packet = heapq.heappop(self._heap)
            self.counts.waiting -= 1
            self.counts.late += now - due > LATE
            try:
                write(self.target, packet)
            except OSError:
                # The interface is down, or the packet is none: as on a real wire.
                self.counts.refused += 1
            else:
                self.counts.sent += 1

    def due(self) -> int | None:
        """When the next packet departs (ns), if one is on the way."""
        return self._heap[0][0] if self._heap else None


class LinkProcess:
    """Both directions and the conversation with the owner."""

    def __init__(self, control: socket.socket, one: int, other: int) -> None:
        ideal = LinkImpairment()
        self._control = control
        self._there = Direction(one, other, Departures(ideal.there, "there"))
        self._back = Direction(other, one, Departures(ideal.back, "back"))
        self._directions = {one: self._there, other: self._back}

    def run(self) -> None:
        """Until the owner's end of the conversation is closed."""
        talk = self._control.fileno()
        sources = [talk, *self._directions]
        while True:
            ready = select.select(sources, [], [], self._patience())[0]
            if talk in ready and not self._answer():
                return
            for descriptor in ready:
                if descriptor in self._directions:
                    self._directions[descriptor].take()
            for direction in self._directions.values():
                direction.deliver()

    def _patience(self) -> float | None:
        due = [each for one in self._directions.values() if (each := one.due()) is not None]
        return max(0, min(due) - time.monotonic_ns()) / 1e9 if due else None

    def _answer(self) -> bool:
        message = self._control.recv(MESSAGE).decode()
        if not message:
            return False
        if message == "counts":
            answer = self._count()
        else:
            impairment = parse(message)
            self._there.departures.change(impairment.there)
            self._back.departures.change(impairment.back)
            answer = "changed"
        self._control.send(answer.encode())
        return True

    def _count(self) -> str:
        """The counts, with all packets that were sent before the question."""
        for direction in self._directions.values():
            direction.take(KERNEL_QUEUE)
            direction.deliver()
        return json.dumps([asdict(each.counts) for each in self._directions.values()])


def main(one: str, one_name: str, other: str, other_name: str) -> None:
    """Open both devices, say so, and run."""
    # A descriptor of its own: standard input is closed with the interpreter's file.
    control = socket.socket(fileno=dup(0))
    try:
        ends = [open_tun(Path(one), one_name), open_tun(Path(other), other_name)]
    except OSError as error:
        control.send(f"error {error.strerror}".encode())
        return
    # An owner that dies in the middle of a conversation has nothing to be told.
    with suppress(ConnectionError):
        control.send(b"ready")
        LinkProcess(control, *ends).run()


if __name__ == "__main__":
    main(*sys.argv[1:])

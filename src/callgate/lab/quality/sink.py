"""The media server, a program: ``python -m callgate.lab.quality.sink`` notes what arrives.

Standard input is a line of JSON: ``listen`` (address, port). It prints ``ready``. Each further
line is a call's number: once nothing has come for a moment, it prints the arrivals of that
call as JSON, for each stream a list of sequence number and delay in microseconds, and
forgets them.

A packet has arrived when the kernel received it, however late this program reads it.
"""

import json
import select
import socket
import struct
import sys
import time
from typing import Final

from callgate.lab.quality.traffic import SECOND, STREAMS, unpacked

#: Seconds without a packet after which all have come that the relay has sent on.
_QUIET: Final = 0.1
_SO_TIMESTAMPNS: Final = 35  # asm-generic/socket.h; the module socket does not name it
_TIMESPEC: Final = struct.Struct("=qq")
_ROOM: Final = 4 << 20
#: Nanoseconds within which two clocks were read at once.
_AT_ONCE: Final = 100_000

Arrivals = list[list[tuple[int, int]]]


class Sink:
    """Arrivals by call, stream and sequence number."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.bind(address)
        self._calls: dict[int, Arrivals] = {}

    def serve(self) -> None:
        """Until standard input ends."""
        while True:
            ready = select.select([self._socket, sys.stdin], [], [])[0]
            if self._socket in ready:
                self._take()
            elif line := sys.stdin.readline():
                while select.select([self._socket], [], [], _QUIET)[0]:
                    self._take()
                _say(json.dumps(self._calls.pop(int(line), [[] for _ in STREAMS])))
            else:
                return

    def _take(self) -> None:
        data, ancillary, _, _ = self._socket.recvmsg(2048, 64)
        now, wall = both_clocks()
        packet = unpacked(data)
        if packet is None:
            return
        arrived = now - _waited(ancillary, wall)
        call = self._calls.setdefault(packet.call, [[] for _ in STREAMS])
        call[packet.stream].append((packet.number, (arrived - packet.sent) // 1000))


def both_clocks() -> tuple[int, int]:
    """The monotonic clock and the wall clock (ns), read at the same moment.

    Another process may run between the two, and its time would count as time that the packet
    has waited. Then they are read again.
    """
    while True:
        before, wall, after = time.monotonic_ns(), time.time_ns(), time.monotonic_ns()
        if after - before < _AT_ONCE:
            return before, wall


def _waited(ancillary: list[tuple[int, int, bytes]], wall: int) -> int:
    """Nanoseconds since the kernel received the packet, by its own time stamp."""
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
            seconds, nanoseconds = map(int, _TIMESPEC.unpack(data))
            return max(0, wall - seconds * SECOND - nanoseconds)
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Listen where the first line says."""
    address, port = json.loads(sys.stdin.readline())["listen"]
    sink = Sink((address, port))
    _say("ready")
    sink.serve()


if __name__ == "__main__":
    main()

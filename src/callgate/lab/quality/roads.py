"""The way from the client to the relay: datagrams, or a stream that holds one packet back.

Media is sent as WebRTC does it. Datagrams go at once. A stream has Nagle's algorithm off; a
packet that the socket takes only in part is finished first, and what comes in the meantime
is dropped by the sender: live media is not worth queueing twice.
"""

import fcntl
import select
import socket
import struct
import termios
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from callgate.lab.quality.tls_stream import Plain, Tls
from callgate.stun import ChannelData, encode_channel
from callgate.stun.framing import Framer, Unit, decode_unit

_TCP_CONGESTION: Final = 13  # linux/tcp.h; the module socket names it since 3.14 only
_BETWEEN_LOOKS: Final = 0.005
_READ: Final = 65536


class Road(Protocol):
    """How bytes get to the relay."""

    def ask(self, wire: bytes) -> Unit:
        """Send a request and wait for what comes back; OSError when nothing does."""
        ...

    def send(self, packet: ChannelData) -> bool:
        """Send media now; False when it was dropped here."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass, and finish meanwhile what was begun."""
        ...

    def drain(self, within: float) -> bool:
        """Wait until the relay's kernel has all; False when it took longer (seconds)."""
        ...

    @property
    def congestion(self) -> str:
        """TCP's congestion control; empty for datagrams."""
        ...

    def close(self) -> None:
        """Give the socket back."""
        ...


class Datagrams:
    """UDP."""

    congestion = ""

    def __init__(self, server: tuple[str, int], patience: float) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(patience)
        self._socket.connect(server)

    def ask(self, wire: bytes) -> Unit:
        """As the protocol says."""
        self._socket.send(wire)
        return decode_unit(self._socket.recv(_READ))

    def send(self, packet: ChannelData) -> bool:
        """As the protocol says; the socket's buffer holds far more than we send at once."""
        self._socket.send(encode_channel(packet, stream=False))
        return True

    def wait(self, seconds: float) -> None:
        """As the protocol says."""
        time.sleep(max(0.0, seconds))

    def drain(self, within: float) -> bool:
        """As the protocol says."""
        return True

    def close(self) -> None:
        """As the protocol says."""
        self._socket.close()


class Stream:
    """TCP; or TLS over it, by the server's name and a PEM file of whom to trust."""

    def __init__(
        self, server: tuple[str, int], patience: float, tls: tuple[str, Path] | None
    ) -> None:
        self._socket = socket.create_connection(server, patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._layer = Plain() if tls is None else Tls(self._socket, *tls)
        except BaseException:
            self._socket.close()
            raise
        self._socket.setblocking(False)
        self._patience = patience
        self._framer = Framer()
        self._rest = b""

    def ask(self, wire: bytes) -> Unit:
        """As the protocol says; only before media is sent, which must not block."""
        self._socket.settimeout(self._patience)
        self._socket.sendall(self._layer.seal(wire))
        while True:
            data = self._socket.recv(_READ)
            if not data:
                raise ConnectionError("the relay closed the connection")
            units = self._framer.feed(self._layer.open(data))
            if units:
                self._socket.setblocking(False)
                return units[0]

    def send(self, packet: ChannelData) -> bool:
        """As the protocol says."""
        self._push()
        if self._rest:
            return False
        self._rest = self._layer.seal(encode_channel(packet, stream=True))
        self._push()
        return True

    def wait(self, seconds: float) -> None:
        """As the protocol says."""
        until = time.monotonic() + seconds
        while self._rest and (left := until - time.monotonic()) > 0:
            if select.select([], [self._socket], [], left)[1]:
                self._push()
        time.sleep(max(0.0, until - time.monotonic()))

    def drain(self, within: float) -> bool:
        """As the protocol says: nothing is unsent, and nothing unacknowledged."""
        until = time.monotonic() + within
        while self._rest or self._in_flight():
            if time.monotonic() > until:
                return False
            # The kernel has no event for an empty queue.
            self.wait(_BETWEEN_LOOKS)
        return True

    @property
    def congestion(self) -> str:
        """As the protocol says, by the kernel's own word."""
        name = self._socket.getsockopt(socket.IPPROTO_TCP, _TCP_CONGESTION, 16)
        return name.rstrip(b"\0").decode("ascii")

    def close(self) -> None:
        """As the protocol says."""
        self._socket.close()

    def _push(self) -> None:
        if self._rest:
            with suppress(BlockingIOError):
                self._rest = self._rest[self._socket.send(self._rest) :]

    def _in_flight(self) -> int:
        """Bytes in the socket's queue that the other side has not acknowledged (tcp(7))."""
        answer = fcntl.ioctl(self._socket, termios.TIOCOUTQ, bytes(4))
        return int(struct.unpack("=i", answer)[0])

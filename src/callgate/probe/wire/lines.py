"""Ways to a STUN or TURN server: one socket, units in and out."""

import asyncio
import ssl
from typing import Final, Protocol

from callgate.probe.events import Icmp, NoRoute
from callgate.probe.wire.datagrams import Datagrams
from callgate.stun import ChannelData, Framer, ProtocolError, Received, decode_unit

_READ: Final = 16384
#: What one server may send in one run before it is taken for something else, in bytes.
_ENDLESS: Final = 512 << 10

Unit = Received | ChannelData


class Ended(Exception):  # noqa: N818 - the end of a line is no error of ours
    """The other side, or somebody on the way, ended it: ``reset``, ``closed`` or ``protocol``."""

    def __init__(self, how: str, text: str = "") -> None:
        super().__init__(how)
        self.how, self.text = how, text


class Prevented(Exception):  # noqa: N818
    """An ICMP error, or our own machine, stopped a datagram."""

    def __init__(self, fact: Icmp | NoRoute) -> None:
        super().__init__(str(fact))
        self.fact = fact


class Line(Protocol):
    """What the TURN client needs of a transport."""

    datagrams: bool

    def send(self, data: bytes) -> None:
        """Send a whole unit."""

    async def receive(self) -> Unit:
        """The next unit; Ended or Prevented when there will be none."""

    def bind(self, channel: int) -> None:
        """Take data of this channel from now on."""

    def close(self) -> None:
        """Give the socket back."""


class DatagramLine:
    """UDP: each datagram is a unit, and what is none is ignored: anybody may send to us."""

    datagrams = True

    def __init__(self, socket: Datagrams) -> None:
        self._socket = socket
        self.strangers: list[bytes] = []

    def send(self, data: bytes) -> None:
        """Send a whole unit."""
        self._socket.send(data)

    async def receive(self) -> Unit:
        """The next unit; Prevented for an ICMP error."""
        while True:
            arrival = await self._socket.receive()
            if not isinstance(arrival, bytes):
                raise Prevented(arrival)
            try:
                return decode_unit(arrival)
            except ProtocolError:
                if len(self.strangers) < 8:
                    self.strangers.append(arrival)

    def bind(self, channel: int) -> None:
        """Nothing: a datagram cannot be mistaken for another's data."""

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()


class StreamLine:
    """TCP or TLS: units in a stream, and what is none ends it."""

    datagrams = False

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._framer = Framer()
        self._units: list[Unit] = []
        self._left = _ENDLESS

    def send(self, data: bytes) -> None:
        """Send a whole unit."""
        self._writer.write(data)

    async def receive(self) -> Unit:
        """The next unit; Ended when the stream is no longer one of STUN."""
        while not self._units:
            try:
                data = await self._reader.read(_READ)
            except (ConnectionError, ssl.SSLError):
                raise Ended("reset") from None
            if not data:
                raise Ended("closed")
            self._left -= len(data)
            if self._left < 0:
                raise Ended("protocol", "an endless stream")
            try:
                self._units += self._framer.feed(data)
            except ProtocolError as error:
                raise Ended("protocol", shown(data) or error.message) from None
        return self._units.pop(0)

    def bind(self, channel: int) -> None:
        """Take data of this channel from now on."""
        self._framer.bind(channel)

    def close(self) -> None:
        """Send what is left and give the socket back, without waiting for the other side."""
        self._writer.close()


def shown(data: bytes) -> str:
    """The beginning of what came, if it is text."""
    head = data[:120].split(b"\r\n", 1)[0]
    text = head.decode("ascii", errors="replace")
    return text if text.isprintable() and "\ufffd" not in text else ""

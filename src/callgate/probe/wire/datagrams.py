"""A UDP socket to one address, with the ICMP errors about what it sent."""

import asyncio
import socket
from types import TracebackType
from typing import Self

from callgate.probe.events import Icmp, NoRoute
from callgate.probe.wire.icmp import FROM_AFAR, facts, symbol, watch
from callgate.probe.wire.recorder import Log
from callgate.stun.values import Address

_SIZE = 65536
#: What is held at most while nobody reads.
_HELD_MAX = 512

Arrival = bytes | Icmp | NoRoute


class Datagrams:
    """A context manager. OSError when this machine has no way to the address at all."""

    def __init__(self, address: Address, log: Log) -> None:
        self._log = log
        self.address = address
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
        self._arrivals: asyncio.Queue[Arrival] = asyncio.Queue(_HELD_MAX)
        self._sent_at = log.now()
        try:
            self._socket.setblocking(False)
            watch(self._socket)
            self._socket.connect((address.host, address.port))
            asyncio.get_running_loop().add_reader(self._socket, self._read)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the socket back."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()

    @property
    def local(self) -> Address:
        """Our own end."""
        host, port = self._socket.getsockname()[:2]
        return Address(host, port)

    def send(self, data: bytes) -> None:
        """Send one datagram. An error left from an earlier one is kept as an arrival."""
        self._sent_at = self._log.now()
        try:
            self._socket.send(data)
        except BlockingIOError:
            return  # a full buffer loses the packet, as any router may
        except OSError as error:
            if not self._failed(error):
                raise

    async def receive(self) -> Arrival:
        """The next datagram or ICMP error."""
        return await self._arrivals.get()

    def _read(self) -> None:
        while True:
            try:
                data = self._socket.recv(_SIZE)
            except BlockingIOError:
                self._failed(None)
                return
            except OSError as error:
                if not self._failed(error):
                    return
            else:
                self._put(data)

    def _failed(self, error: OSError | None) -> bool:
        """Take the reports that wait; whether they, or the errno, are news from afar."""
        seconds = self._log.now() - self._sent_at
        found = facts(self._socket, self.address, seconds)
        if not found and error is not None and error.errno in FROM_AFAR:
            found = [Icmp(self.address, 0, 0, "", seconds, symbol(error))]
        for each in found:
            self._put(each)
        return bool(found)

    def _put(self, arrival: Arrival) -> None:
        if not self._arrivals.full():
            self._arrivals.put_nowait(arrival)

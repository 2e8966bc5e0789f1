"""The lab's DNS server, a program: ``python -m callgate.lab.nameserver`` (UDP and TCP).

Standard input is one line of JSON: ``listen`` (addresses), ``hosts``, ``patterns`` and
``below`` as in :class:`callgate.lab.zone.Zone`. It prints ``ready`` once it listens at port 53.
At :data:`MISLED_PORT` it answers the same, until another line says how it misbehaves there:
``trouble`` (as in :class:`callgate.lab.misleading.Misleading`, null for not at all) and
``name``. It prints ``ready`` again when that is in force.
"""

import asyncio
import json
import struct
import sys
from typing import Any, Protocol, cast

import dns.exception
import dns.message

from callgate.lab.faults.changes import MISLED_PORT, Trouble
from callgate.lab.misleading import Misleading
from callgate.lab.zone import Zone
from callgate.names import DomainPattern

_PORT = 53


class Answers(Protocol):
    """Something that answers queries, or does not."""

    def answer(self, query: dns.message.Message) -> dns.message.Message | None:
        """The response to a query."""


class Server:
    """What is answered at one port; it may change while the server runs."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.delay = 0.0

    async def respond(self, data: bytes) -> bytes | None:
        """The response to a query in wire format; None for what is no query."""
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return None
        response = self.answers.answer(query) if query.question else None
        await asyncio.sleep(self.delay)
        return None if response is None else response.to_wire()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: Server) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None
        self._answering: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Before Python 3.12 it is no subclass of what it behaves like.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        task = asyncio.create_task(self._answer(data, addr))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, data: bytes, address: tuple[str | Any, int]) -> None:
        response = await self._server.respond(data)
        if response is not None and self._transport is not None:
            self._transport.sendto(response, address)


async def _stream(
    server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Queries over TCP, each after its length (RFC 1035 section 4.2.2)."""
    try:
        while True:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            response = await server.respond(await reader.readexactly(length))
            if response is None:
                return
            writer.write(struct.pack("!H", len(response)) + response)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


async def _listen(addresses: list[str], port: int, server: Server) -> None:
    loop = asyncio.get_running_loop()
    for address in addresses:
        await loop.create_datagram_endpoint(lambda: _Datagrams(server), local_addr=(address, port))
        await asyncio.start_server(lambda r, w: _stream(server, r, w), address, port)


async def serve(listen: list[str], zone: Zone) -> None:
    """Answer at all these addresses until the program is killed."""
    misled = Server(zone)
    await _listen(listen, _PORT, Server(zone))
    await _listen(listen, MISLED_PORT, misled)
    _ready()
    while line := await asyncio.to_thread(sys.stdin.readline):
        told = json.loads(line)
        misled.answers, misled.delay = zone, 0.0
        if told["trouble"] is not None:
            misleading = Misleading(zone, Trouble(told["trouble"]), told["name"])
            misled.answers, misled.delay = misleading, misleading.delay
        _ready()
    await asyncio.get_running_loop().create_future()


def _ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    settings = json.loads(sys.stdin.readline())
    patterns = tuple(DomainPattern.parse(each) for each in settings["patterns"])
    asyncio.run(serve(settings["listen"], Zone(settings["hosts"], patterns, settings["below"])))

"""The lab's DNS server, a program: ``python -m callgate.lab.nameserver`` (UDP and TCP).

Standard input is one line of JSON: ``listen`` (addresses), ``hosts``, ``patterns`` and
``below`` as in :class:`callgate.lab.zone.Zone`. It prints ``ready`` once it listens.
"""

import asyncio
import json
import struct
import sys
from typing import Any, cast

import dns.exception
import dns.message

from callgate.lab.zone import Zone
from callgate.names import DomainPattern

_PORT = 53


def respond(zone: Zone, data: bytes) -> bytes | None:
    """The response to a query in wire format; None for what is no query."""
    try:
        query = dns.message.from_wire(data)
    except dns.exception.DNSException:
        return None
    return zone.answer(query).to_wire() if query.question else None


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Before Python 3.12 it is no subclass of what it behaves like.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        response = respond(self._zone, data)
        if response is not None and self._transport is not None:
            self._transport.sendto(response, addr)


async def _stream(zone: Zone, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Queries over TCP, each after its length (RFC 1035 section 4.2.2)."""
    try:
        while True:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            response = respond(zone, await reader.readexactly(length))
            if response is None:
                return
            writer.write(struct.pack("!H", len(response)) + response)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


async def serve(listen: list[str], zone: Zone) -> None:
    """Answer at all these addresses until the program is killed."""
    loop = asyncio.get_running_loop()
    for address in listen:
        await loop.create_datagram_endpoint(lambda: _Datagrams(zone), local_addr=(address, _PORT))
        await asyncio.start_server(lambda r, w: _stream(zone, r, w), address, _PORT)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await loop.create_future()


if __name__ == "__main__":
    settings = json.loads(sys.stdin.readline())
    patterns = tuple(DomainPattern.parse(each) for each in settings["patterns"])
    asyncio.run(serve(settings["listen"], Zone(settings["hosts"], patterns, settings["below"])))

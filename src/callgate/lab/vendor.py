"""The vendor, a program: ``python -m callgate.lab.vendor`` (HTTPS signalling, UDP media).

Standard input is one line of JSON: ``listen`` (addresses), ``certificate``, ``key``. It
prints ``ready`` once it listens. A client posts its ICE description and gets the media
server's; the media server then sends back whatever arrives. Each path that a client tries
is an ICE session of its own, so none can be renominated into another.
"""

import asyncio
import json
import ssl
import sys
from contextlib import suppress
from typing import Any

from aioice import Candidate, Connection

_PORT = 443
_BODY_MAX = 65536
#: Seconds that a client has to get through.
_PATIENCE = 20.0


async def describe(connection: Connection) -> dict[str, Any]:
    """What the other side must know: credentials and candidates."""
    await connection.gather_candidates()
    return {
        "username": connection.local_username,
        "password": connection.local_password,
        "candidates": [each.to_sdp() for each in connection.local_candidates],
    }


async def accept(connection: Connection, description: dict[str, Any]) -> None:
    """Take the other side's description, which is complete."""
    connection.remote_username = description["username"]
    connection.remote_password = description["password"]
    for text in description["candidates"]:
        await connection.add_remote_candidate(Candidate.from_sdp(text))
    await connection.add_remote_candidate(None)


class Vendor:
    """Answers calls; holds on to their sessions."""

    def __init__(self) -> None:
        self._sessions: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One HTTP request: the description of a call."""
        with suppress(OSError, asyncio.IncompleteReadError, ValueError):
            answer = await self._call(await _body(reader))
            data = json.dumps(answer).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + data)
            await writer.drain()
        writer.close()

    async def _call(self, offer: dict[str, Any]) -> dict[str, Any]:
        connection = Connection(ice_controlling=False)
        answer = await describe(connection)
        await accept(connection, offer)
        session = asyncio.create_task(_echo(connection))
        self._sessions.add(session)
        session.add_done_callback(self._sessions.discard)
        return answer


async def _echo(connection: Connection) -> None:
    try:
        # Whatever ends a session ends only this one: the client gives most of them up.
        with suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(connection.connect(), _PATIENCE)
            while True:
                await connection.send(await connection.recv())
    finally:
        await connection.close()


async def _body(reader: asyncio.StreamReader) -> dict[str, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    (length,) = (
        int(line.partition(":")[2])
        for line in head.split("\r\n")
        if line.startswith("content-length:")
    )
    found: dict[str, Any] = json.loads(await reader.readexactly(min(length, _BODY_MAX)))
    return found


async def main(settings: dict[str, Any]) -> None:
    """Serve at all these addresses until the program is killed."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(settings["certificate"], settings["key"])
    vendor = Vendor()
    await asyncio.start_server(vendor.serve, settings["listen"], _PORT, ssl=tls)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))

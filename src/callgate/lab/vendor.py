"""The vendor, a program: ``python -m callgate.lab.vendor`` (HTTPS and WSS, UDP media).

Standard input is one line of JSON: ``listen`` (addresses), ``certificate``, ``key``. It
prints ``ready`` once it listens. A client upgrades to a WebSocket, sends its description of
a call and gets the media server's; the media server then sends back whatever arrives.
"""

import asyncio
import json
import ssl
import sys
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from callgate.lab.echo import Echoes
from callgate.lab.signalling import LIGHT

_PORT = 443


class Vendor:
    """Answers requests and calls."""

    def __init__(self) -> None:
        self._echoes = Echoes()

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """What an HTTP request gets; None goes on to the WebSocket."""
        if request.path == LIGHT:
            return None
        return connection.respond(HTTPStatus.NOT_FOUND, f"nothing at {request.path}\n")

    async def call(self, connection: ServerConnection) -> None:
        """One WebSocket: a description of a call, and the answer to it."""
        with suppress(ConnectionClosed):
            answer = await self._echoes.answer(json.loads(await connection.recv()))
            await connection.send(json.dumps(answer))
            await connection.wait_closed()


async def main(settings: dict[str, Any]) -> None:
    """Serve at all these addresses until the program is killed."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(settings["certificate"], settings["key"])
    vendor = Vendor()
    async with serve(
        vendor.call, settings["listen"], _PORT, ssl=tls, process_request=vendor.admit
    ) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))

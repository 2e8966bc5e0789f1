"""The vendor, a program: ``python -m callgate.lab.vendor`` (HTTPS and WSS, UDP media).

Standard input is one line of JSON: ``listen`` (addresses), ``certificate``, ``key``,
``browser`` (whether browsers may call, too), ``status`` (of every answer, unless it is 200)
and ``ahead`` (days by which its clock is). It prints ``ready`` once it listens. A client
upgrades to a WebSocket, sends its description of a call and gets the media server's; the
media server then sends back whatever arrives.
"""

import asyncio
import importlib
import json
import ssl
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from importlib import resources
from typing import Any, Final

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from callgate.lab.echo import Echoes
from callgate.lab.signalling import BROWSER, LIGHT, PAGE, SCRIPT

_PORT = 443
#: What is served by plain HTTPS: file and media type.
_FILES: Final = {PAGE: ("page.html", "text/html"), SCRIPT: ("page.js", "text/javascript")}


class Vendor:
    """Answers requests and calls."""

    def __init__(self, status: HTTPStatus, ahead: int, *, browser: bool) -> None:
        self._echoes = Echoes()
        self._status = status
        self._ahead = timedelta(days=ahead)
        # aiortc takes a second to load, and no other client needs it.
        self._peer = importlib.import_module("callgate.lab.peer") if browser else None

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """What an HTTP request gets; None goes on to the WebSocket."""
        if self._status is not HTTPStatus.OK:
            return connection.respond(self._status, f"{self._status.phrase}\n")
        if request.path == LIGHT or (request.path == BROWSER and self._peer):
            return None
        if request.path in _FILES:
            return _file(connection, *_FILES[request.path])
        return connection.respond(HTTPStatus.NOT_FOUND, f"nothing at {request.path}\n")

    def date(self, _: ServerConnection, __: Request, response: Response) -> None:
        """Every response carries the time of this server's clock (RFC 9110 section 6.6.1)."""
        del response.headers["Date"]
        response.headers["Date"] = format_datetime(datetime.now(UTC) + self._ahead, usegmt=True)

    async def call(self, connection: ServerConnection) -> None:
        """One WebSocket: a description of a call, and the answer to it."""
        with suppress(ConnectionClosed):
            if self._peer and connection.request and connection.request.path == BROWSER:
                await self._peer.answer(connection)
            else:
                answer = await self._echoes.answer(json.loads(await connection.recv()))
                await connection.send(json.dumps(answer))
                await connection.wait_closed()


def _file(connection: ServerConnection, name: str, kind: str) -> Response:
    text = resources.files("callgate.lab").joinpath(name).read_text(encoding="utf-8")
    response = connection.respond(HTTPStatus.OK, text)
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    return response


async def main(settings: dict[str, Any]) -> None:
    """Serve at all these addresses until the program is killed."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(settings["certificate"], settings["key"])
    vendor = Vendor(HTTPStatus(settings["status"]), settings["ahead"], browser=settings["browser"])
    async with serve(
        vendor.call,
        settings["listen"],
        _PORT,
        ssl=tls,
        process_request=vendor.admit,
        process_response=vendor.date,
    ) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))

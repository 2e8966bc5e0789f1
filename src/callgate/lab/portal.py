"""A captive portal's web server, a program: ``python -m callgate.lab.portal``.

Standard input is one line of JSON: ``certificate`` and ``key``. It prints ``ready`` once it
listens. Every request, by HTTP or HTTPS and for whatever name, is sent on to the page where
one signs in (status 302), as a portal does for clients that it does not know yet.
"""

import asyncio
import json
import ssl
import sys
from contextlib import suppress
from typing import Any, Final

from callgate.lab.faults.changes import PORTAL_HTTP_PORT, PORTAL_TLS_PORT

#: The portal's own name, for which its certificate is.
NAME: Final = "portal.lab.test"
_ANSWER: Final = (
    f"HTTP/1.1 302 Found\r\nLocation: http://{NAME}/\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n"
).encode()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(_ANSWER)
        await writer.drain()
    writer.close()


async def main(settings: dict[str, Any]) -> None:
    """Serve until the program is killed."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(settings["certificate"], settings["key"])
    await asyncio.start_server(_serve, ["0.0.0.0", "::"], PORTAL_HTTP_PORT)  # noqa: S104
    await asyncio.start_server(_serve, ["0.0.0.0", "::"], PORTAL_TLS_PORT, ssl=tls)  # noqa: S104
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))

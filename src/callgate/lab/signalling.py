"""The client's half of the signalling: one question and its answer by WebSocket over TLS.

The app signals by WebSocket (RFC 6455), so a proxy that lets HTTPS pass and takes the
upgrade away breaks the call, here as there.
"""

import json
import ssl
from typing import Any, Final

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from callgate.lab.streams import Target

#: What the vendor's server answers at: its page with a script, and a call of either client.
PAGE, SCRIPT, LIGHT, BROWSER = "/", "/page.js", "/call/light", "/call/browser"
#: Seconds after which a side that does not say goodbye is left.
_GOODBYE: Final = 0.5


async def ask(
    target: Target,
    proxy: tuple[str, int] | None,
    tls: ssl.SSLContext,
    question: dict[str, Any],
) -> dict[str, Any]:
    """Send an ICE description, get the other side's; OSError says why there is none."""
    near: dict[str, Any] = {} if proxy else {"host": target.address, "port": target.port}
    try:
        async with connect(
            f"wss://{target.host}:{target.port}{LIGHT}",
            ssl=tls,
            proxy=None if proxy is None else f"http://{_bracketed(proxy[0])}:{proxy[1]}",
            open_timeout=None,  # whoever asks has a deadline of his own
            close_timeout=_GOODBYE,
            **near,
        ) as socket:
            await socket.send(json.dumps(question))
            answer: dict[str, Any] = json.loads(await socket.recv())
            return answer
    except WebSocketException as error:
        raise ConnectionError(f"WebSocket: {error}") from None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host

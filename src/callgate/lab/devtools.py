"""Drive a browser by its DevTools protocol, https://chromedevtools.github.io/devtools-protocol/.

Only what the lab needs: commands and their results, in one page. The WebSocket is on the
loopback of the namespace that the browser runs in.
"""

import json
from itertools import count
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect

from callgate.errors import ToolError


class Page:
    """A page of a running browser; a context manager."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)
        self._session: str | None = None

    async def __aenter__(self) -> Self:
        self._socket: ClientConnection = await connect(
            self._url, proxy=None, max_size=None, ping_interval=None
        )
        target = await self.send("Target.createTarget", url="about:blank")
        attached = await self.send(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._session = attached["sessionId"]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.close()

    async def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command and wait for its result; ToolError when the browser refuses it."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            command["sessionId"] = self._session
        await self._socket.send(json.dumps(command))
        while True:
            message = json.loads(await self._socket.recv())
            if message.get("id") != number:
                continue  # an event
            if "error" in message:
                raise ToolError(f"the browser refuses {method}: {message['error']['message']}")
            result: dict[str, Any] = message["result"]
            return result

    async def open(self, url: str) -> str | None:
        """Load a page and wait until its scripts can be called; else the error's name."""
        loading = await self.send("Page.navigate", url=url)
        if "errorText" in loading:
            return str(loading["errorText"])
        await self.run(
            "new Promise((done) => document.readyState === 'complete'"
            " ? done() : addEventListener('load', () => done()))"
        )
        return None

    async def run(self, expression: str) -> dict[str, Any] | None:
        """The value that a promise in the page resolves to; ToolError when it rejects."""
        done = await self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in done:
            details = done["exceptionDetails"]
            said = details.get("exception", {}).get("description") or details["text"]
            raise ToolError(f"the page failed: {said}")
        value: dict[str, Any] | None = done["result"].get("value")
        return value

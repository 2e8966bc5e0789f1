"""The way of a TCP path: addresses, connection, CONNECT, TLS, request; begun three times.

Each beginning is an attempt of its own, and each ends by itself or with the run. The third
asks for small segments. If it alone gets through, a last attempt with large ones must fail,
too, before that is believed.
"""

import asyncio
import socket
from dataclasses import dataclass

from callgate.probe.events import Secured, Silent, Step, Trust
from callgate.probe.hedging import CHAINS
from callgate.probe.targets import Probe, Way
from callgate.probe.wire.connections import connect
from callgate.probe.wire.lines import StreamLine
from callgate.probe.wire.recorder import Log
from callgate.probe.wire.secure import Stream, secure
from callgate.probe.wire.tools import Tools
from callgate.probe.wire.tunnels import ask_proxy, open_tunnel
from callgate.probe.wire.web import ask_web

#: How long the last attempt gets to refute the one with small segments, in seconds.
_REFUTE = 1.8
#: How long somebody who opens a tunnel gets to show himself, in seconds.
_INSIDE = 1.5
_SMALL = len(CHAINS.starts) - 1


class Chains:
    """One probe over TCP; :meth:`run` ends when it is decided, or when time is up."""

    def __init__(self, probe: Probe, tools: Tools) -> None:
        self._probe, self._tools = probe, tools
        self._tasks: dict[int, asyncio.Task[bool]] = {}
        self._foreign = False  # somebody else's certificate was presented

    async def run(self) -> None:
        """Begin the attempts one after the other until one of them decides."""
        hop = self._probe.first_hop
        families = (self._probe.family,) if self._probe.family else self._tools.families
        addresses = await self._tools.book.addresses(hop.host, families)
        if not addresses:
            return
        began = self._now()
        try:
            for number, start in enumerate(CHAINS.starts):
                if await self._decided_by(began + start):
                    break
                self._begin(number, addresses)
            await self._decided_by(began + CHAINS.deadline)
            if self._decisions() == {_SMALL}:
                self._begin(_SMALL + 1, addresses)
                await self._decided_by(self._now() + _REFUTE, but=_SMALL)
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _now(self) -> float:
        return self._tools.recorder.now()

    def _begin(self, number: int, addresses: list[str]) -> None:
        self._tasks[number] = asyncio.create_task(self._attempt(number, addresses))

    def _decisions(self, but: int | None = None) -> set[int]:
        """The attempts that ended in evidence."""
        return {
            number
            for number, task in self._tasks.items()
            if number != but and task.done() and not task.cancelled() and task.result()
        }

    async def _decided_by(self, deadline: float, but: int | None = None) -> bool:
        """Wait until an attempt decides, or until a time of the run."""
        while not self._decisions(but) and (left := deadline - self._now()) > 0:
            waiting = {task for task in self._tasks.values() if not task.done()}
            if waiting:
                await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            elif self._tasks and len(self._tasks) >= len(CHAINS.starts):
                break
            else:
                await asyncio.sleep(left)
        return bool(self._decisions(but))

    async def _attempt(self, number: int, addresses: list[str]) -> bool:
        """One way through; whether it ended in evidence of either kind."""
        log = Log(self._tools.recorder, self._probe.id, number)
        port = self._probe.first_hop.port
        found = await connect(log, addresses, port, small=number == _SMALL)
        if found is None:
            return not log.silent
        # From here on silence is about what was asked for, not about the connection.
        waiting = _Waiting(addresses)
        try:
            return await self._go(log, waiting, found)
        except asyncio.CancelledError:
            log.note(Silent(waiting.at))
            raise
        finally:
            if not waiting.handed_over:
                found.close()

    async def _go(self, log: Log, waiting: "_Waiting", sock: socket.socket) -> bool:
        probe = self._probe
        if probe.way is Way.PROXY:
            await ask_proxy(log, sock, probe.server)
            return True
        if probe.proxy is not None:
            credentials = self._tools.proxy_credentials
            if not await open_tunnel(log, sock, probe.server, credentials):
                return True
        waiting.at = Step.HANDSHAKE if probe.way.tls else Step.REQUEST
        waiting.handed_over = True  # a transport closes its socket itself
        if probe.way.tls:
            alpn = "http/1.1" if probe.way is Way.WEB else None
            secured = await secure(log, sock, probe.server.host, self._tools.judge, alpn)
            if secured is None:
                return True
            stream, fact = secured
        else:
            stream, fact = await asyncio.open_connection(sock=sock), None
        waiting.at = Step.REQUEST
        await self._request(log, stream, fact)
        if probe.proxy is not None and probe.way is Way.TURN_TCP and log.broken:
            await self._look_inside(log, waiting.addresses)
        return True

    async def _look_inside(self, log: Log, addresses: list[str]) -> None:
        """A tunnel that does not take TURN may be one that is opened: see who opens it."""
        probe = self._probe
        sock = await connect(log, addresses, probe.first_hop.port)
        if sock is None:
            return
        tools, server = self._tools, probe.server
        handed_over = False
        try:
            if not await open_tunnel(log, sock, server, tools.proxy_credentials):
                return
            handed_over = True
            async with asyncio.timeout(_INSIDE):
                secured = await secure(log, sock, server.host, tools.judge, "http/1.1")
                if secured is not None:
                    try:
                        await ask_web(log, *secured[0], server, upgrade=False)
                    finally:
                        secured[0][1].transport.abort()
        except TimeoutError:
            return
        finally:
            if not handed_over:
                sock.close()

    async def _request(self, log: Log, stream: Stream, secured: Secured | None) -> None:
        """What the way is for; a forged session that swallows TURN is asked for HTTP."""
        kept, hung = False, self._foreign
        self._foreign = secured is not None and secured.trust is not Trust.VENDOR
        try:
            if self._probe.way is Way.WEB:
                await ask_web(log, *stream, self._probe.server, self._tools.websocket)
            elif hung:
                await ask_web(log, *stream, self._probe.server, upgrade=False)
            else:
                kept = await self._tools.relays.allocate(log, StreamLine(*stream), self._probe)
        finally:
            if not kept:
                stream[1].transport.abort()


@dataclass
class _Waiting:
    """The step that an attempt is waiting at, and whether its socket is still its own."""

    addresses: list[str]
    at: Step = Step.ASK
    handed_over: bool = False

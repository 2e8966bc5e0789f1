"""Plain HTTP, to see whether a captive portal answers it.

Only when no path came to an answer, and only at addresses of servers that were tried anyway.
A portal is made to be met by a browser that asks for any page (RFC 8952).
"""

import asyncio
import socket
from contextlib import suppress
from typing import Final

import h11

from callgate.probe.events import Event, Page
from callgate.probe.hedging import BURST_WITHIN
from callgate.probe.run import Run, sinkhole
from callgate.probe.targets import Plan, Server
from callgate.probe.wire.recorder import Log, Recorder
from callgate.probe.wire.tunnels import ask
from callgate.stun.values import Address

_HTTP: Final = 80
_MANY: Final = 8


async def look_for_portal(plan: Plan, recorder: Recorder) -> None:
    """Ask every known address for a page, if nothing else led anywhere."""
    asked = hosts(plan, tuple(recorder.events))
    logs = [(Log(recorder, f"portal {host}"), Address(host, _HTTP)) for host in asked]
    await asyncio.gather(*(_ask(log, address) for log, address in logs))


def hosts(plan: Plan, log: tuple[Event, ...]) -> tuple[str, ...]:
    """The addresses to ask; none when any path came to an answer."""
    run = Run(plan, log)
    if any(each.answer is not None for each in run.trails.values()):
        return ()
    found = dict.fromkeys(host for each in plan.probes for host in _known(run, each.first_hop))
    return tuple(found)[:_MANY]


def _known(run: Run, server: Server) -> list[str]:
    """The addresses of a server: as it was named, or as resolvers tell, if that can be."""
    if server.literal is not None:
        return [server.host]
    return [host for host in sorted(run.addresses(server)) if not sinkhole([host])]


async def _ask(log: Log, address: Address) -> None:
    began = log.now()
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    host = f"[{address.host}]" if ":" in address.host else address.host
    headers = [("Host", host), ("User-Agent", "callgate"), ("Connection", "close")]
    with (
        suppress(OSError, h11.RemoteProtocolError),
        socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as sock,
    ):
        sock.setblocking(False)
        async with asyncio.timeout(BURST_WITHIN):
            await asyncio.get_running_loop().sock_connect(sock, (address.host, address.port))
            answer = await ask(sock, "GET", "/", headers)
        if answer is not None:
            seconds, location = log.now() - began, answer.header("location")
            log.note(Page(address, answer.status, answer.reason, seconds, location))

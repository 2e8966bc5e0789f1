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
from callgate.probe.targets import Plan
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
    known = (sorted(run.addresses(each.first_hop)) for each in plan.probes)
    found = dict.fromkeys(host for each in known for host in each if not sinkhole([host]))
    return tuple(found)[:_MANY]


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

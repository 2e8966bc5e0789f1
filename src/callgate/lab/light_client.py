"""The light client, a program: ``python -m callgate.lab.light_client`` places one call.

Standard input is a line of JSON: ``family`` (4 or 6), ``vendor`` and ``turn`` (host
names), ``user`` and ``password`` for TURN, ``authority`` (PEM file), ``proxy`` (null, or
host and port), ``packets`` (to be sent), ``patience`` (seconds that a way may take). Every way is
tried at once, each as an ICE session of its own. The best that works is used once all better
ones have failed or had their time; the others are torn down. It prints a line of JSON when
media is about to start, waits for a line, and prints another with what it measured.
"""

import asyncio
import json
import socket
import ssl
import sys
import time
from dataclasses import asdict
from typing import Any

from aioice import Connection, TransportPolicy

from callgate.lab import audio
from callgate.lab.echo import accept, describe
from callgate.lab.ladder import RUNGS, Rung, named
from callgate.lab.signalling import ask
from callgate.lab.streams import Bridge, Target, open_stream

#: Seconds that better ways get once a way works.
_GRACE = 1.5
#: Seconds in which a way that is given up can be ended in order, without losses.
_GOODBYE = 0.2
#: How long after the last packet its echo counts, as a share of the call.
_LINGER = 0.3


class Caller:
    """One call: what it was told, and what became of each way."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._told = settings
        self._proxy: tuple[str, int] | None = tuple(settings["proxy"] or ()) or None
        self._tls = ssl.create_default_context(cafile=settings["authority"])
        self._troubles: dict[str, str] = {}
        self._sessions: dict[Rung, Connection] = {}
        self._bridges: dict[Rung, Bridge] = {}
        self._began = time.monotonic()

    async def place(self) -> tuple[Connection | None, dict[str, Any]]:
        """Try every way; the best session, and the report so far."""
        tasks = [asyncio.create_task(self._try(rung)) for rung in RUNGS]
        best = await self._best(tasks)
        setup = time.monotonic() - self._began
        losers = [task for task in tasks if not task.done()]
        for task in losers:
            task.cancel()
        # Each loser writes down how far it came.
        await asyncio.gather(*losers, return_exceptions=True)
        await self._close_all_but(None if best is None else RUNGS[best])
        names = [named(rung, proxied=self._proxy is not None) for rung in RUNGS]
        report = {
            "chosen": None if best is None else names[best],
            "setup_ms": None if best is None else round(setup * 1000),
            # Ways worse than the chosen one were given up, and may well work.
            "troubles": {name: self._troubles[name] for name in names[:best]},
        }
        return (None if best is None else tasks[best].result()), report

    async def _best(self, tasks: list[asyncio.Task[Connection | None]]) -> int | None:
        """The index of the first way that works, waiting a while for better ones."""
        deadline = self._began + self._told["patience"]
        while True:
            working = [index for index, task in enumerate(tasks) if task.done() and task.result()]
            better = tasks[: working[0]] if working else tasks
            if working:
                deadline = min(deadline, time.monotonic() + _GRACE)
            waiting = [task for task in better if not task.done()]
            left = deadline - time.monotonic()
            if not waiting or left <= 0:
                return working[0] if working else None
            done, _ = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                return working[0] if working else None

    async def _try(self, rung: Rung) -> Connection | None:
        """A session by one way; None when there is none, and then the reason is kept."""
        path = named(rung, proxied=self._proxy is not None)
        step = "TURN"
        try:
            connection = await self._session(rung)
            offer = await describe(connection)
            if not offer["candidates"]:
                raise ConnectionError("the server does not answer")
            step = "signalling"
            await accept(connection, await self._signal(offer))
            step = "media"
            await connection.connect()
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError, ValueError) as error:
            self._troubles[path] = f"{step}: {error}"
            return None
        except asyncio.CancelledError:
            self._troubles[path] = f"{step}: no answer in time"
            raise
        return connection

    async def _session(self, rung: Rung) -> Connection:
        family = self._told["family"]
        if rung.port is None:
            found = Connection(ice_controlling=True, use_ipv4=family == 4, use_ipv6=family == 6)
        else:
            server = await self._turn(rung, rung.port)
            found = Connection(
                ice_controlling=True,
                turn_server=server,
                turn_username=self._told["user"],
                turn_password=self._told["password"],
                turn_transport=rung.protocol,
                transport_policy=TransportPolicy.RELAY,
            )
        self._sessions[rung] = found
        return found

    async def _close_all_but(self, used: Rung | None) -> None:
        """End the other sessions: what they still had to send would count as media."""
        for rung, bridge in self._bridges.items():
            if rung is not used:
                bridge.close()
        others = [session for rung, session in self._sessions.items() if rung is not used]
        endings = [asyncio.create_task(session.close()) for session in others]
        if endings:
            await asyncio.wait(endings, timeout=_GOODBYE)

    async def _turn(self, rung: Rung, port: int) -> tuple[str, int]:
        target = await self._target(self._told["turn"], port, proxied=rung.protocol == "tcp")
        if rung.protocol == "udp":
            return target.address, port
        # Before anything is asked of the server: a lost SYN takes a second, and each answer
        # has only so much time.
        far = await open_stream(target, self._proxy, self._tls if rung.tls else None)
        self._bridges[rung] = Bridge(far)
        return await self._bridges[rung].listen()

    async def _target(self, host: str, port: int, *, proxied: bool = True) -> Target:
        """A host and its address; with a proxy, names are the proxy's business."""
        if proxied and self._proxy is not None:
            return Target(host, "", port)
        family = socket.AF_INET if self._told["family"] == 4 else socket.AF_INET6
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        return Target(host, str(found[0][4][0]), port)

    async def _signal(self, offer: dict[str, Any]) -> dict[str, Any]:
        """Send an ICE description, get the other side's."""
        target = await self._target(self._told["vendor"], 443)
        return await ask(target, self._proxy, self._tls, offer)


async def measure(connection: Connection, packets: int) -> audio.Quality | None:
    """Send packets at the pace of speech and time their echo."""
    sent: dict[int, float] = {}
    echoes: dict[int, audio.Echo] = {}

    async def listen() -> None:
        while len(echoes) < packets:
            data = await connection.recv()
            number = audio.number_of(data)
            if number is not None:
                echoes.setdefault(number, audio.Echo(audio.stamp_of(data), time.monotonic()))

    listener = asyncio.create_task(listen())
    start = time.monotonic()
    for number in range(packets):
        await asyncio.sleep(start + number * audio.INTERVAL - time.monotonic())
        sent[number] = time.monotonic()
        await connection.send(audio.packet(number))
    await asyncio.wait([listener], timeout=_LINGER * packets * audio.INTERVAL)
    listener.cancel()
    return audio.quality(sent, echoes)


async def main(settings: dict[str, Any]) -> None:
    """Place the call and report."""
    connection, report = await Caller(settings).place()
    _say(report)
    if connection is not None:
        await asyncio.to_thread(sys.stdin.readline)
        found = await measure(connection, settings["packets"])
        _say(asdict(found) if found else {})


def _say(report: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))

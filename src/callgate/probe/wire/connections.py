"""TCP connections, hedged: the kernel itself repeats a lost SYN only after a second.

Sockets are made with IPPROTO_TCP, because asyncio turns Nagle's algorithm off for those only.
"""

import asyncio
import errno
import socket
from collections.abc import Sequence
from contextlib import suppress

from callgate.probe.events import Icmp, NoRoute, Opened, Refused, Silent, Step
from callgate.probe.hedging import CONNECTIONS, SMALL_SEGMENTS
from callgate.probe.wire.icmp import FROM_AFAR, HAS_QUEUE, facts, symbol, watch
from callgate.probe.wire.recorder import Log
from callgate.stun.values import Address

_Failure = Refused | Icmp | NoRoute


async def connect(
    log: Log, addresses: Sequence[str], port: int, *, small: bool = False
) -> socket.socket | None:
    """The first connection that stands; None when every address fails, or time is up.

    The attempts go round the addresses; a refusal ends the tries at its address. What
    happened is in the log. ``small`` asks the other side for small segments.
    """
    dead: dict[str, _Failure] = {}
    tries = [
        asyncio.create_task(_try(log, addresses, port, number, dead, small=small))
        for number in range(max(len(CONNECTIONS.starts), len(addresses)))
    ]
    winner = None
    try:
        async with asyncio.timeout(CONNECTIONS.deadline):
            for future in asyncio.as_completed(tries):
                winner = await future
                if winner is not None:
                    return winner
                if len(dead) == len(set(addresses)):
                    break
    except TimeoutError:
        dead.clear()
    finally:
        _drop(tries, winner)
    for failure in dead.values():
        log.note(failure)
    if not dead:
        log.note(Silent(Step.REACH))
    return None


def _drop(
    tries: Sequence[asyncio.Task[socket.socket | None]], winner: socket.socket | None
) -> None:
    """Close the connections that lost the race."""

    def close(task: asyncio.Task[socket.socket | None]) -> None:
        if not task.cancelled() and task.exception() is None:
            found = task.result()
            if found is not None and found is not winner:
                found.close()

    for task in tries:
        task.add_done_callback(close)
        task.cancel()


async def _try(
    log: Log,
    addresses: Sequence[str],
    port: int,
    number: int,
    dead: dict[str, _Failure],
    *,
    small: bool,
) -> socket.socket | None:
    starts = CONNECTIONS.starts
    await asyncio.sleep(starts[min(number, len(starts) - 1)])
    host = addresses[number % len(addresses)]
    if host in dead:
        return None
    address = Address(host, port)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    began = log.now()
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        _prepare(sock, small=small)
        await asyncio.get_running_loop().sock_connect(sock, (host, port))
    except OSError as error:
        dead.setdefault(host, _failure(sock, error, address, log.now() - began))
        sock.close()
        return None
    except BaseException:
        sock.close()
        raise
    log.note(Opened(address, log.now() - began, number, small))
    return sock


def _prepare(sock: socket.socket, *, small: bool) -> None:
    sock.setblocking(False)
    watch(sock)
    if small:
        # Where it cannot be set, the control is missing and nothing else.
        with suppress(OSError, AttributeError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALL_SEGMENTS)


def _failure(sock: socket.socket, error: OSError, address: Address, seconds: float) -> _Failure:
    """What an error of connect(2) means; the error queue tells an ICMP error from a reset."""
    told = facts(sock, address, seconds)
    if told:
        return told[0]
    if error.errno == errno.ECONNREFUSED:
        return Refused(address, seconds)
    if not HAS_QUEUE and error.errno in FROM_AFAR:
        return Icmp(address, 0, 0, "", seconds, symbol(error))
    return NoRoute(address.host, symbol(error))

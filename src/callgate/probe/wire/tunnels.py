"""CONNECT through an HTTP proxy (RFC 9110 section 9.3.6), on h11.

Who refuses is told by the answer's headers, so they are kept.
"""

import asyncio
import base64
import socket
from dataclasses import dataclass

import h11

from callgate.probe.events import Broken, ProxyAnswered, Step, Tunnel, plain
from callgate.probe.targets import Server
from callgate.probe.wire.recorder import Log
from callgate.stun.credentials import Credentials

_READ = 16384
#: Header bytes of one answer; more is not a proxy's answer.
_HEADERS_MAX = 65536


@dataclass(frozen=True, slots=True)
class Answer:
    """A status line and headers; ``rest`` is what came behind them."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    rest: bytes

    def header(self, name: str) -> str:
        """The first header of this name; empty without."""
        return next((value for key, value in self.headers if key == name), "")


async def open_tunnel(
    log: Log, sock: socket.socket, server: Server, credentials: Credentials | None
) -> bool:
    """Ask for a tunnel; whether it was granted. The log has the answer."""
    began = log.now()
    headers = [("Host", str(server)), ("User-Agent", "callgate")]
    if credentials is not None:
        pair = f"{credentials.user}:{credentials.password}".encode()
        headers.append(("Proxy-Authorization", "Basic " + base64.b64encode(pair).decode()))
    try:
        answer = await ask(sock, "CONNECT", str(server), headers)
    except ConnectionError:
        log.note(Broken(Step.ASK, "reset", log.now() - began))
        return False
    except h11.RemoteProtocolError as error:
        log.note(Broken(Step.ASK, "protocol", log.now() - began, plain(str(error))))
        return False
    if answer is None:
        log.note(Broken(Step.ASK, "closed", log.now() - began))
        return False
    log.note(
        Tunnel(
            answer.status,
            answer.reason,
            log.now() - began,
            via=answer.header("via"),
            server=answer.header("server"),
            schemes=tuple(
                plain(value.split(" ", 1)[0], 40)
                for key, value in answer.headers
                if key == "proxy-authenticate"
            ),
            error=answer.header("x-squid-error"),
        )
    )
    if answer.rest and 200 <= answer.status < 300:
        log.note(Broken(Step.ASK, "protocol", log.now() - began, "bytes before we said anything"))
        return False
    return 200 <= answer.status < 300


async def ask_proxy(log: Log, sock: socket.socket, proxy: Server) -> None:
    """Ask something that a proxy must answer itself (RFC 9110 section 7.6.2)."""
    began = log.now()
    headers = [("Host", str(proxy)), ("Max-Forwards", "0"), ("User-Agent", "callgate")]
    try:
        answer = await ask(sock, "OPTIONS", "*", headers)
    except (ConnectionError, h11.RemoteProtocolError):
        answer = None
    if answer is None:
        log.note(Broken(Step.ASK, "closed", log.now() - began))
    else:
        log.note(ProxyAnswered(f"{answer.status} {answer.reason}", log.now() - began))


async def ask(
    sock: socket.socket, method: str, target: str, headers: list[tuple[str, str]]
) -> Answer | None:
    """Send a request and read the answer's head; None when the other side closes first."""
    loop = asyncio.get_running_loop()
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEADERS_MAX)
    request = h11.Request(method=method, target=target, headers=headers)
    await loop.sock_sendall(sock, (connection.send(request) or b""))
    await loop.sock_sendall(sock, connection.send(h11.EndOfMessage()) or b"")
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Response):
            return read_answer(event, connection.trailing_data[0])
        if event is h11.NEED_DATA:
            data = await loop.sock_recv(sock, _READ)
            connection.receive_data(data)
        elif isinstance(event, h11.ConnectionClosed):
            return None


def read_answer(event: h11.Response | h11.InformationalResponse, rest: bytes) -> Answer:
    """What we keep of an answer, fit to be printed."""
    return Answer(
        event.status_code,
        plain(event.reason.decode("latin-1"), 80),
        tuple(
            (key.decode("latin-1").lower(), plain(value.decode("latin-1")))
            for key, value in event.headers
        ),
        rest,
    )

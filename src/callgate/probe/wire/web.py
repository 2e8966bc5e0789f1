"""HTTP inside TLS: a request for a WebSocket, which any server answers somehow (RFC 6455)."""

import asyncio
import base64
import hashlib
import secrets
import ssl
import time
from email.utils import parsedate_to_datetime

import h11

from callgate.probe.events import Broken, Http, Step, plain
from callgate.probe.targets import Server
from callgate.probe.wire.recorder import Log
from callgate.probe.wire.tunnels import Answer, read_answer

_READ = 16384
_HEADERS_MAX = 65536
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
_SWITCHED = 101


async def ask_web(
    log: Log,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    server: Server,
    path: str = "/",
    *,
    upgrade: bool = True,
) -> None:
    """Ask for a WebSocket (or, without ``upgrade``, for the page), and log the answer."""
    began = log.now()
    key = base64.b64encode(secrets.token_bytes(16))
    host = server.host if server.port == 443 else str(server)
    headers = [("Host", host), ("User-Agent", "callgate")]
    if upgrade:
        headers += [
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", key.decode()),
        ]
    try:
        answer = await _ask(reader, writer, path, headers)
    except (ConnectionError, ssl.SSLError):
        log.note(Broken(Step.REQUEST, "reset", log.now() - began))
        return
    except h11.RemoteProtocolError as error:
        log.note(Broken(Step.REQUEST, "protocol", log.now() - began, plain(str(error))))
        return
    if answer is None:
        log.note(Broken(Step.REQUEST, "closed", log.now() - began))
        return
    if answer.status == _SWITCHED and not _accepts(answer, key):
        log.note(Broken(Step.REQUEST, "protocol", log.now() - began, "101 with a wrong key"))
        return
    log.note(
        Http(
            answer.status,
            answer.reason,
            log.now() - began,
            via=answer.header("via"),
            server=answer.header("server"),
            location=answer.header("location"),
            skew=_skew(answer.header("date")),
            asked_plain=not upgrade,
        )
    )


async def _ask(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    path: str,
    headers: list[tuple[str, str]],
) -> Answer | None:
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEADERS_MAX)
    request = h11.Request(method="GET", target=path, headers=headers)
    writer.write(connection.send(request) or b"")
    writer.write(connection.send(h11.EndOfMessage()) or b"")
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Response) or (
            isinstance(event, h11.InformationalResponse) and event.status_code == _SWITCHED
        ):
            return read_answer(event, b"")
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_READ))
        elif isinstance(event, h11.ConnectionClosed):
            return None


def _accepts(answer: Answer, key: bytes) -> bool:
    """Whether the 101 is an answer to our key, and not somebody's cached one."""
    digest = hashlib.sha1(key + _MAGIC, usedforsecurity=False).digest()
    return answer.header("sec-websocket-accept") == base64.b64encode(digest).decode()


def _skew(date: str) -> float | None:
    """How far the server's clock is ahead of ours, in seconds; None without a Date."""
    try:
        return parsedate_to_datetime(date).timestamp() - time.time() if date else None
    except (ValueError, OverflowError):
        return None

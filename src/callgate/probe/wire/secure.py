"""TLS over a connected socket, without judging; the judgement goes to the log."""

import asyncio
import socket
import ssl
import time
from datetime import UTC, datetime

from callgate.probe.events import Broken, Secured, Step, plain
from callgate.probe.wire.recorder import Log
from callgate.probe.wire.trust import Judge, presented

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def context(alpn: str | None) -> ssl.SSLContext:
    """TLS 1.2 or 1.3, taking any certificate: it is judged afterwards."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if alpn is not None:
        made.set_alpn_protocols([alpn])
    return made


async def secure(
    log: Log, sock: socket.socket, host: str, judge: Judge, alpn: str | None
) -> tuple[Stream, Secured] | None:
    """The stream after the handshake; None, with the reason in the log, when it fails."""
    began = log.now()
    try:
        stream = await asyncio.open_connection(sock=sock, ssl=context(alpn), server_hostname=host)
    except (ssl.SSLError, OSError) as error:
        log.note(_broken(error, log.now() - began))
        return None
    seconds = log.now() - began
    tls = stream[1].get_extra_info("ssl_object")
    wall = time.time()
    judged = judge.judge(presented(tls), host, datetime.fromtimestamp(wall, UTC))
    fact = Secured(
        str(tls.version()), judged.chain, judged.trust, judged.trouble, seconds, checked_at=wall
    )
    log.note(fact)
    return stream, fact


def _broken(error: OSError, seconds: float) -> Broken:
    """How a handshake ended: by a TLS alert, by something else's bytes, or from below."""
    if isinstance(error, ssl.SSLEOFError):
        return Broken(Step.HANDSHAKE, "closed", seconds)
    if isinstance(error, ssl.SSLError):
        word = (error.reason or "").lower().replace("_", " ")
        how = "alert" if "alert" in word else "protocol"
        return Broken(Step.HANDSHAKE, how, seconds, plain(word))
    closed = isinstance(error, ConnectionResetError) and error.errno is None
    return Broken(Step.HANDSHAKE, "closed" if closed else "reset", seconds)

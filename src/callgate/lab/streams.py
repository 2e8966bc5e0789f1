"""Open a TCP stream as the app does: directly or by the proxy's CONNECT, plain or TLS."""

import asyncio
import socket
import ssl
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

#: What is read of a proxy's answer at most.
_HEADER_MAX = 16384
#: socket(7): linger, for no time.
_AT_ONCE: Final = struct.pack("ii", 1, 0)

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a stream ends. ``address`` is used without a proxy, ``host`` with one and for TLS."""

    host: str
    address: str
    port: int


async def open_stream(
    target: Target, proxy: tuple[str, int] | None, tls: ssl.SSLContext | None
) -> Stream:
    """A stream to a target; OSError (also for a proxy that refuses) says why there is none."""
    host, port = proxy or (target.address, target.port)
    reader, writer = await asyncio.open_connection(host, port)
    try:
        if proxy is not None:
            await _connect(reader, writer, f"{target.host}:{target.port}")
        if tls is not None:
            await writer.start_tls(tls, server_hostname=target.host)
    except BaseException:
        _reset(writer)
        raise
    return reader, writer


async def _connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: str) -> None:
    """Ask a proxy for a tunnel (RFC 9110 section 9.3.6)."""
    writer.write(f"CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n".encode())
    try:
        answer = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        raise ConnectionError("the proxy closed the connection") from None
    status = answer[:_HEADER_MAX].split(b"\r\n", 1)[0].decode("latin-1")
    words = status.split()
    if len(words) < 2 or words[1] != "200":
        raise ConnectionError(f"the proxy answers {status!r} to CONNECT {to}")


class Bridge:
    """A port of the loopback that leads to an open stream; for a library that opens none so."""

    def __init__(self, far: Stream) -> None:
        self._far = far
        self._server: asyncio.Server | None = None
        self._near: list[asyncio.StreamWriter] = []
        self._pumps: set[asyncio.Task[None]] = set()

    async def listen(self) -> tuple[str, int]:
        """Start; returns the address and port to connect to."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return host, port

    def close(self) -> None:
        """Tear it down: nothing that was on its way is sent (again) after this."""
        if self._server is not None:
            self._server.close()
        for writer in (self._far[1], *self._near):
            _reset(writer)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._near.append(writer)
        far_reader, far_writer = self._far
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            pump = asyncio.create_task(_pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close a connection by a TCP reset, so that the kernel forgets what it holds."""
    if writer.is_closing():
        return  # it ended in order
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    writer.transport.abort()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()

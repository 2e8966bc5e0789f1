"""Streams over loopback: through a proxy that refuses, and a bridge to one that is open."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from callgate.lab.streams import Bridge, Target, open_stream

NOWHERE = Target("turn.example", "127.0.0.1", 9)


@asynccontextmanager
async def serving(handle):
    """A server of loopback; the address and port of it."""
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()


async def echo(reader, writer):
    while data := await reader.read(100):
        writer.write(data)
    writer.close()


def answering(text):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(text)
        await writer.drain()
        writer.close()

    return answer


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "403 Forbidden.* to CONNECT turn.example:9"),
        (b"nonsense\r\n\r\n", "nonsense"),
        (b"", "the proxy closed the connection"),
    ],
)
def test_a_proxy_that_refuses_is_quoted(text, said):
    async def ask():
        async with serving(answering(text)) as proxy:
            with pytest.raises(ConnectionError, match=said):
                await open_stream(NOWHERE, proxy, None)

    asyncio.run(ask())


@asynccontextmanager
async def bridged(handle):
    """A bridge to a server, and its near end."""
    async with serving(handle) as (host, port):
        bridge = Bridge(await open_stream(Target("", host, port), None, None))
        try:
            yield bridge, *await asyncio.open_connection(*await bridge.listen())
        finally:
            bridge.close()


def test_a_bridge_carries_both_directions():
    async def talk():
        async with bridged(echo) as (_, reader, writer):
            writer.write(b"there and back")
            found = await reader.readexactly(14)
            writer.close()
            return found

    assert asyncio.run(talk()) == b"there and back"


def test_a_bridge_that_is_closed_resets_both_ends():
    async def hang_up():
        loop = asyncio.get_running_loop()
        arrived, ended = loop.create_future(), loop.create_future()

        async def listen(reader, writer):
            arrived.set_result(await reader.read(10))
            try:
                await reader.read()
            except OSError as error:
                ended.set_result(error)
            writer.close()

        async with bridged(listen) as (bridge, reader, writer):
            writer.write(b"on its way")
            await arrived
            bridge.close()
            with pytest.raises(ConnectionResetError):
                await reader.read()
            assert isinstance(await ended, ConnectionResetError)
            writer.close()

    asyncio.run(asyncio.wait_for(hang_up(), 10))

"""Servers that mean us harm: whatever they send, the run ends in time with a finding."""

import asyncio
import struct
import tracemalloc

import pytest

from callgate.probe.events import Broken, Http, Silent, Step, Stun, Tunnel
from callgate.probe.hedging import RUN_DEADLINE
from callgate.probe.targets import Way
from tests.support.loopback import Authority, probe, see, serving

WITHIN = RUN_DEADLINE + 0.6
CHUNK = bytes(1 << 16)


async def endless(_reader, writer):
    while True:
        writer.write(CHUNK)
        await writer.drain()


async def endless_messages(_reader, writer):
    """Valid STUN that is never an answer."""
    message = struct.pack("!HHI", 0x0101, 0, 0x2112A442) + bytes(12)
    while True:
        writer.write(message * 1000)
        await writer.drain()


async def large_attribute(_reader, writer):
    """One message that says it is as long as can be, and then goes on for 10 MB."""
    writer.write(struct.pack("!HHI", 0x0113, 0xFFFC, 0x2112A442) + bytes(12))
    writer.write(struct.pack("!HH", 0x0015, 0xFFF8))
    for _ in range(160):
        writer.write(b"\xff" * (1 << 16))
        await writer.drain()


async def slow(_reader, writer):
    """A byte now and then."""
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.2)


async def endless_header(_reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Fill: " + b"x" * 8000 + b"\r\n")
        await writer.drain()


async def garbage(reader, writer):
    await reader.read(1)
    writer.write(b"\xde\xad\xbe\xef" * 8)
    await writer.drain()


async def mute(reader, _writer):
    while await reader.read(65536):
        pass


async def slam(reader, _writer):
    await reader.read(1)


STREAMS = {
    "an endless stream": (endless, Broken),
    "endless messages": (endless_messages, Broken),
    "an attribute of 10 MB": (large_attribute, Broken),
    "bytes that drip": (slow, Broken),
    "garbage": (garbage, Broken),
    "a closed connection": (slam, Broken),
    "nothing": (mute, Silent),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_turn_server(name):
    talk, expected = STREAMS[name]

    async def go():
        async with serving(talk) as port:
            return await see(probe(Way.TURN_TCP, port))

    seen = asyncio.run(go())
    assert seen.seconds < WITHIN
    assert seen.first(expected) is not None
    assert seen.first(Stun) is None


def test_ten_megabytes_are_not_held():
    async def go():
        async with serving(large_attribute) as port:
            return await see(probe(Way.TURN_TCP, port))

    tracemalloc.start()
    asyncio.run(go())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 << 20


PROXIES = {
    "an endless header": (endless_header, Broken),
    "an endless stream": (endless, Broken),
    "bytes that drip": (slow, Silent),
    "garbage": (garbage, Broken),
    "nothing": (mute, Silent),
    "a closed connection": (slam, Broken),
}


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy(name):
    talk, expected = PROXIES[name]

    async def go():
        async with serving(talk) as port:
            return await see(probe(Way.TURN_TCP, 3478, proxy=port))

    seen = asyncio.run(go())
    assert seen.seconds < WITHIN
    assert seen.first(expected) is not None
    assert seen.first(Tunnel) is None
    assert seen.trail.step is Step.ASK


@pytest.mark.parametrize("name", PROXIES)
def test_a_web_server(name, tmp_path):
    talk, expected = PROXIES[name]
    authority = Authority(tmp_path)

    async def go():
        async with serving(talk, authority.context()) as port:
            return await see(probe(Way.WEB, port), authorities=authority.file)

    seen = asyncio.run(go())
    assert seen.seconds < WITHIN
    assert seen.first(expected) is not None
    assert seen.first(Http) is None


def test_what_is_shown_of_others_is_one_harmless_line():
    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        evil = "\x1b[2J<script>" + "y" * 5000
        writer.write(f"HTTP/1.1 403 {evil}\r\nVia: {evil}\r\n\r\n".encode())
        await writer.drain()

    async def go():
        async with serving(talk) as port:
            return await see(probe(Way.TURN_TCP, 3478, proxy=port))

    seen = asyncio.run(go())
    tunnel, broken = seen.first(Tunnel), seen.first(Broken)
    texts = [tunnel.reason, tunnel.via] if tunnel else [broken.text]
    assert all(text.isprintable() and len(text) <= 200 for text in texts)

"""Packets at the pace of speech over the paths that work, one path after the other.

With credentials they go to our own relay and back, and between two allocations. Without, STUN
requests stand in for them, at a slower pace, because a server is not ours to load.
"""

import asyncio
import struct
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from callgate.flows import Family
from callgate.probe.events import Echoes, OneWay, Stun
from callgate.probe.targets import Plan, Probe, Way
from callgate.probe.wire.datagrams import Datagrams
from callgate.probe.wire.lines import DatagramLine, Ended, Prevented
from callgate.probe.wire.recorder import Log
from callgate.probe.wire.relays import Session
from callgate.probe.wire.tools import Tools
from callgate.probe.wire.turn import NO_TRANSACTION, new_transaction
from callgate.stun import ChannelData, ProtocolError, Received, Succeeded, encode, encode_channel
from callgate.stun.requests import binding, channel_bind
from callgate.stun.values import Address

#: Seconds of sending, and of waiting for the last packet.
_SECONDS, _LINGER = 5.0, 1.0
#: Packets a second and their bytes: G.711 in frames of 20 ms.
_PACE, _BYTES = 50, 160
#: Requests a second to a server that gave us no credentials.
_POLITE: Final = 20
_SELF, _OTHER = 0x4000, 0x4001
_NUMBER = struct.Struct("!4sI")
_MARK = b"cgqm"

Send = Callable[[int], None]
Hear = Callable[[], Awaitable[int | None]]


async def measure(plan: Plan, tools: Tools) -> None:
    """Measure each path once, then the two directions of UDP."""
    sessions = _one_for_each_path(plan, tools.relays.sessions)
    for session in sessions:
        await _guarded(_echoes(Log(tools.recorder, session.probe.id), session))
    await _guarded(_directions(tools))
    if not tools.relays.able:
        for probe in _answered(plan, tools):
            await _guarded(_requests(probe, tools))


def _one_for_each_path(plan: Plan, sessions: Iterable[Session]) -> list[Session]:
    found: dict[str, Session] = {}
    for each in sessions:
        found.setdefault(each.probe.path, each)
    return [found[path] for path in plan.ladder if path in found]


async def _guarded(what: Awaitable[None]) -> None:
    """A path that breaks while it is measured is not measured."""
    try:
        await what
    except (OSError, Ended, Prevented, ProtocolError, TimeoutError):
        return


async def _echoes(log: Log, session: Session) -> None:
    """Packets through a channel that leads to our own relay address."""
    await _bind(session, _SELF, session.relayed)
    round_trips = await _pump(log, _PACE, _sender(session, _SELF), _hearer(session, _SELF))
    log.note(Echoes("to our own relay and back", float(_PACE), round_trips))


async def _directions(tools: Tools) -> None:
    """Up by UDP and down by TCP, and the other way round."""
    pair = _pair(tools.relays.sessions)
    if pair is None:
        return
    up, down = pair
    await _bind(up, _OTHER, down.relayed)
    await _bind(down, _OTHER, up.relayed)
    log = Log(tools.recorder, up.probe.id)
    for name, source, sink in (("up", up, down), ("down", down, up)):
        came = await _pump(log, _PACE, _sender(source, _OTHER), _hearer(sink, _OTHER))
        log.note(OneWay(name, len(came), sum(each is not None for each in came)))


def _pair(sessions: Iterable[Session]) -> tuple[Session, Session] | None:
    """An allocation by UDP and one by TCP whose relays can send to each other."""
    all_of_them = list(sessions)
    by_udp = [each for each in all_of_them if each.turn.line.datagrams]
    by_tcp = [each for each in all_of_them if not each.turn.line.datagrams]
    pairs = (
        (one, other)
        for one in by_udp
        for other in by_tcp
        if (":" in one.relayed.host) is (":" in other.relayed.host)
    )
    return next(pairs, None)


async def _bind(session: Session, channel: int, peer: Address) -> None:
    async with asyncio.timeout(3.0):
        reply = await session.turn.ask(channel_bind(NO_TRANSACTION, channel, peer))
    if not isinstance(reply.step, Succeeded):
        raise Ended("protocol", "the server binds no channel to a relay of its own")
    session.turn.line.bind(channel)


def _sender(session: Session, channel: int) -> Send:
    line = session.turn.line

    def send(number: int) -> None:
        packet = ChannelData(channel, _NUMBER.pack(_MARK, number).ljust(_BYTES, b"\0"))
        line.send(encode_channel(packet, stream=not line.datagrams))

    return send


def _hearer(session: Session, channel: int) -> Hear:
    async def hear() -> int | None:
        unit = await session.turn.receive()
        if not isinstance(unit, ChannelData) or unit.channel != channel:
            return None
        if len(unit.data) < _NUMBER.size:
            return None
        mark, number = _NUMBER.unpack_from(unit.data)
        return int(number) if mark == _MARK else None

    return hear


async def _pump(log: Log, pace: int, send: Send, hear: Hear) -> tuple[float | None, ...]:
    """Send at a pace and time what comes back, in ms; None for what does not."""
    count = int(_SECONDS * pace)
    sent: dict[int, float] = {}
    came: dict[int, float] = {}

    async def listen() -> None:
        while len(came) < count:
            number = await hear()
            if number is not None and number in sent:
                came.setdefault(number, (log.now() - sent[number]) * 1000)

    listener = asyncio.create_task(listen())
    start = log.now()
    try:
        for number in range(count):
            await asyncio.sleep(max(0.0, start + number / pace - log.now()))
            sent[number] = log.now()
            send(number)
        await asyncio.wait([listener], timeout=_LINGER)
    finally:
        listener.cancel()
        ends = await asyncio.gather(listener, return_exceptions=True)
    if isinstance(ends[0], Exception):
        raise ends[0]
    return tuple(came.get(number) for number in range(count))


def _answered(plan: Plan, tools: Tools) -> list[Probe]:
    """The UDP relays that answered, one for each path."""
    good = {event.probe for event in tools.recorder.events if _is_answer(event.fact)}
    found: dict[str, Probe] = {}
    for probe in plan.probes:
        if probe.way is Way.TURN_UDP and probe.id in good:
            found.setdefault(probe.path, probe)
    return list(found.values())


def _is_answer(fact: object) -> bool:
    return isinstance(fact, Stun) and not fact.classic


async def _requests(probe: Probe, tools: Tools) -> None:
    """Requests for our own address, each with an id of its own."""
    log = Log(tools.recorder, probe.id)
    addresses = await tools.book.addresses(probe.server.host, [probe.family or Family.V4])
    if not addresses:
        return
    with Datagrams(Address(addresses[0], probe.server.port), log) as socket:
        line = DatagramLine(socket)
        numbers: dict[bytes, int] = {}

        def send(number: int) -> None:
            transaction = new_transaction()
            numbers[transaction] = number
            line.send(encode(binding(transaction)))

        async def hear() -> int | None:
            unit = await line.receive()
            return numbers.get(unit.message.transaction) if isinstance(unit, Received) else None

        round_trips = await _pump(log, _POLITE, send, hear)
        log.note(Echoes("STUN requests and their answers", float(_POLITE), round_trips))

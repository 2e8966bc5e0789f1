"""Packets at the pace of speech over the paths that work, one path after the other.

At the end come as many as a picture takes, by UDP and by TCP, to see whether the link is thin.
With credentials they go to our own relay and back, and between two allocations. Without, STUN
requests stand in for them, at a slower pace, because a server is not ours to load.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Final

from callgate.flows import Family
from callgate.probe.events import Echoes, Idle, Load, OneWay, Passed, Stun
from callgate.probe.targets import Plan, Probe, Way
from callgate.probe.wire.datagrams import Datagrams
from callgate.probe.wire.lines import DatagramLine, Ended, Prevented
from callgate.probe.wire.pumping import (
    OTHER,
    SELF,
    SPEECH,
    VIDEO,
    bind_channel,
    hearer,
    pump,
    sender,
)
from callgate.probe.wire.recorder import Log
from callgate.probe.wire.relays import Session
from callgate.probe.wire.tools import Tools
from callgate.probe.wire.turn import NO_TRANSACTION, new_transaction
from callgate.stun import (
    Kind,
    Message,
    Method,
    ProtocolError,
    Received,
    encode,
)
from callgate.stun.attributes import DATA, XOR_PEER_ADDRESS
from callgate.stun.requests import binding, create_permission
from callgate.stun.values import Address

#: Seconds of sending.
_SECONDS = 5.0
#: Seconds of sending as much as a picture takes.
_LOADED = 2.0
_PACE = SPEECH.pace
#: Requests a second to a server that gave us no credentials.
_POLITE: Final = 20
#: The first number around a pause: late ones count in no measurement that starts at zero.
_APART = 1_000_000
#: Seconds without a packet, after which some knock from outside: so many, so far apart.
_IDLE, _KNOCKS, _KNOCK = 3.0, 5, 0.4


async def measure(plan: Plan, tools: Tools) -> None:
    """Measure each path once, then the two directions of UDP."""
    sessions = _one_for_each_path(plan, tools.relays.sessions)
    for session in sessions:
        await _guarded(_echoes(Log(tools.recorder, session.probe.id), session))
    for probe in _direct(plan, tools):
        await _guarded(_there_and_back(probe, plan, tools))
    for family in tools.families:
        pair = _pair(tools.relays.sessions, family)
        if pair is not None:
            await _guarded(_pause(tools, *pair))
    await _guarded(_directions(tools))
    for session in _by_both(tools):
        await _guarded(_load(Log(tools.recorder, session.probe.id), session))
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
    await bind_channel(session, SELF, session.relayed)
    round_trips = await pump(log, _PACE, _SECONDS, sender(session, SELF), hearer(session, SELF))
    log.note(Echoes("to our own relay and back", float(_PACE), round_trips))


async def _directions(tools: Tools) -> None:
    """Up by UDP and down by TCP, and the other way round."""
    pairs = (_pair(tools.relays.sessions, family) for family in tools.families)
    pair = next((each for each in pairs if each is not None), None)
    if pair is None:
        return
    up, down = pair
    await bind_channel(up, OTHER, down.relayed)
    await bind_channel(down, OTHER, up.relayed)
    log = Log(tools.recorder, up.probe.id)
    for name, source, sink in (("up", up, down), ("down", down, up)):
        came = await pump(log, _PACE, _SECONDS, sender(source, OTHER), hearer(sink, OTHER))
        log.note(OneWay(name, len(came), sum(each is not None for each in came)))


def _pair(sessions: Iterable[Session], family: Family) -> tuple[Session, Session] | None:
    """An allocation by UDP and one by TCP whose relays can send to each other."""
    alike = [each for each in sessions if (":" in each.relayed.host) is (family is Family.V6)]
    by_udp = [each for each in alike if each.turn.line.datagrams]
    by_tcp = [each for each in alike if not each.turn.line.datagrams]
    return (by_udp[0], by_tcp[0]) if by_udp and by_tcp else None


def _by_both(tools: Tools) -> tuple[Session, ...]:
    """An allocation by UDP and one by TCP that go the same way out."""
    direct = [each for each in tools.relays.sessions if each.probe.proxy is None]
    pairs = (_pair(direct, family) for family in tools.families)
    return next((each for each in pairs if each is not None), ())


async def _load(log: Log, session: Session) -> None:
    """What a small picture takes, to our own relay and back."""
    await bind_channel(session, SELF, session.relayed)
    ways = sender(session, SELF, VIDEO), hearer(session, SELF, VIDEO)
    round_trips = await pump(log, VIDEO.pace, _LOADED, *ways)
    log.note(Load(VIDEO.pace * VIDEO.size * 8 // 1000, round_trips))


async def _pause(tools: Tools, by_udp: Session, by_tcp: Session) -> None:
    """Say nothing by UDP for a while; then let a packet come from outside."""
    await bind_channel(by_udp, OTHER, by_tcp.relayed)
    await bind_channel(by_tcp, OTHER, by_udp.relayed)
    send, hear = sender(by_tcp, OTHER), hearer(by_udp, OTHER)
    # A stream first: a NAT may give the first packets of a flow less time.
    for number in range(_APART, _APART + _PACE):
        sender(by_udp, OTHER)(number)
        await asyncio.sleep(1 / _PACE)
    await asyncio.sleep(_IDLE)
    alive = False
    for number in range(_APART, _APART + _KNOCKS):
        send(number)
        try:
            async with asyncio.timeout(_KNOCK):
                while await hear() is None:
                    continue
                alive = True
                break
        except TimeoutError:
            continue
    Log(tools.recorder, by_udp.probe.id).note(Idle(_IDLE, alive))


def _direct(plan: Plan, tools: Tools) -> list[Probe]:
    """The first probe of direct UDP by which a packet came back."""
    good = {
        event.probe
        for event in tools.recorder.events
        if isinstance(event.fact, Passed) and event.fact.back
    }
    return [each for each in plan.probes if each.way is Way.SELF and each.id in good][:1]


async def _there_and_back(probe: Probe, plan: Plan, tools: Tools) -> None:
    """Direct UDP to our own relay; its owner, reached by TCP, sends every packet back."""
    family = probe.family or Family.V4
    sessions = [
        each
        for each in tools.relays.sessions
        if not each.turn.line.datagrams and (":" in each.relayed.host) is (family is Family.V6)
    ]
    inside = (
        s for s in sessions for low, high in plan.media_ports if low <= s.relayed.port <= high
    )
    session = next(inside, None)
    if session is None:
        return
    log = Log(tools.recorder, probe.id)
    with Datagrams(session.relayed, log) as socket:
        for peer in {session.mapped, socket.local} - {None}:
            if peer is not None and (":" in peer.host) is (family is Family.V6):
                await session.turn.ask(create_permission(NO_TRANSACTION, peer))
        returning = asyncio.create_task(_return_all(session))

        async def hear() -> int | None:
            arrival = await socket.receive()
            return SPEECH.number(arrival) if isinstance(arrival, bytes) else None

        def send(number: int) -> None:
            socket.send(SPEECH.pack(number))

        try:
            round_trips = await pump(log, _PACE, _SECONDS, send, hear)
        finally:
            returning.cancel()
            await asyncio.gather(returning, return_exceptions=True)
    log.note(Echoes("to our own relay, sent back by way of TCP", float(_PACE), round_trips))


async def _return_all(session: Session) -> None:
    """At the relay: send back whatever comes."""
    while True:
        unit = await session.turn.receive()
        if not isinstance(unit, Received) or unit.message.kind is not Kind.INDICATION:
            continue
        data, peer = unit.message.get(DATA), unit.message.get(XOR_PEER_ADDRESS)
        if data is not None and peer is not None:
            fields = (XOR_PEER_ADDRESS(peer), DATA(data))
            back = Message(Method.SEND, Kind.INDICATION, new_transaction(), fields)
            session.turn.line.send(encode(back))


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

        round_trips = await pump(log, _POLITE, _SECONDS, send, hear)
        log.note(Echoes("STUN requests and their answers", float(_POLITE), round_trips))

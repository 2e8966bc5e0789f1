"""Probes over UDP: a TURN server, a media server, and direct UDP to our own relay."""

import asyncio
import secrets

from callgate.flows import Family
from callgate.probe.events import NoRoute, NotPossible, Passed, Silent, Step, Stun
from callgate.probe.hedging import DATAGRAMS
from callgate.probe.targets import Probe, Way
from callgate.probe.wire.datagrams import Datagrams
from callgate.probe.wire.icmp import symbol
from callgate.probe.wire.lines import DatagramLine, Ended, Prevented
from callgate.probe.wire.recorder import Log
from callgate.probe.wire.relays import Session, bind
from callgate.probe.wire.tools import Tools
from callgate.probe.wire.turn import NO_TRANSACTION, new_transaction
from callgate.stun import Address, Kind, Message, Method, ProtocolError, Received, Succeeded, encode
from callgate.stun.attributes import DATA, XOR_PEER_ADDRESS
from callgate.stun.classic import CLASSIC_ID_BYTES, answers_classic, classic_binding
from callgate.stun.requests import binding, create_permission

#: When the control without magic cookie is sent, in seconds after the first request.
_CLASSIC = (1.3, 1.9, 2.3)
#: RTP's version bits, so that nobody takes it for STUN or DTLS (RFC 7983).
_PLAIN_FIRST = b"\x80\x60"
#: How long the relay that proves direct UDP is waited for, in seconds.
_RELAY_WITHIN = 2.2


async def probe_datagrams(probe: Probe, tools: Tools) -> None:
    """A TURN server or a media server by UDP."""
    log = Log(tools.recorder, probe.id)
    addresses = await tools.book.addresses(probe.server.host, [probe.family or Family.V4])
    if not addresses:
        return
    try:
        socket = Datagrams(Address(addresses[0], probe.server.port), log)
    except OSError as error:
        log.note(NoRoute(addresses[0], symbol(error)))
        return
    line, kept = DatagramLine(socket), False
    classic = secrets.token_bytes(CLASSIC_ID_BYTES)
    control = asyncio.create_task(_classic(socket, classic))
    try:
        async with asyncio.timeout(DATAGRAMS.deadline):
            if probe.way is Way.MEDIA:
                await bind(log, line)
            else:
                kept = await tools.relays.allocate(log, line, probe)
    except Prevented as error:
        log.note(error.fact)
    except (TimeoutError, asyncio.CancelledError) as error:
        if any(answers_classic(each, classic) for each in line.strangers):
            log.note(Stun("Binding", 0, "", 0.0, classic=True))
        log.note(Silent(Step.REACH))
        if isinstance(error, asyncio.CancelledError):
            raise
    finally:
        control.cancel()
        if not kept:
            socket.close()


async def _classic(socket: Datagrams, transaction: bytes) -> None:
    """Ask without magic cookie, late enough that nobody who answers sees it."""
    past = 0.0
    for at in _CLASSIC:
        await asyncio.sleep(at - past)
        past = at
        try:
            socket.send(classic_binding(transaction))
        except OSError:
            return


async def probe_self(probe: Probe, tools: Tools, ports: tuple[tuple[int, int], ...]) -> None:
    """Send to our own relay from a fresh socket, and let the relay send back."""
    log = Log(tools.recorder, probe.id)
    family = probe.family or Family.V4
    try:
        async with asyncio.timeout(_RELAY_WITHIN):
            session = await tools.relays.find(family, ports)
    except TimeoutError:
        log.note(NotPossible(_no_relay(tools, family, ports)))
        return
    await _try_self(log, session)


def _no_relay(tools: Tools, family: Family, ports: tuple[tuple[int, int], ...]) -> str:
    wanted = ", ".join(f"{low}-{high}" for low, high in ports)
    others = [
        str(each.relayed)
        for each in tools.relays.sessions
        if (":" in each.relayed.host) is (family is Family.V6)
    ]
    if others:
        return f"the relays that we got ({', '.join(others)}) are not at {wanted}"
    return f"no TURN server gave us an {family} relay"


async def _try_self(log: Log, session: Session) -> None:
    try:
        socket = Datagrams(session.relayed, log)
    except OSError as error:
        log.note(NoRoute(session.relayed.host, symbol(error)))
        return
    with socket:
        seen = {session.mapped, socket.local}
        peers = [each for each in seen if each is not None and _same_family(each, session.relayed)]
        try:
            async with asyncio.timeout(DATAGRAMS.deadline):
                if not await _permit(log, session, peers):
                    return
                await _exchange(log, session, socket)
        except (Prevented, Ended) as error:
            if isinstance(error, Prevented):
                log.note(error.fact)
            else:
                log.note(NotPossible("the connection to the relay ended meanwhile"))
        except ProtocolError as error:
            log.note(NotPossible(f"the relay breaks the protocol: {error.message}"))
        except (TimeoutError, asyncio.CancelledError) as error:
            log.note(Silent(Step.REACH))
            if isinstance(error, asyncio.CancelledError):
                raise


async def _permit(log: Log, session: Session, peers: list[Address]) -> bool:
    """Let the relay take packets from us; from each address that we may be seen with."""
    granted = False
    for peer in peers:
        reply = await session.turn.ask(create_permission(NO_TRANSACTION, peer))
        granted = granted or isinstance(reply.step, Succeeded)
    if not granted:
        log.note(NotPossible("the relay does not permit packets from our own address"))
    return granted


async def _exchange(log: Log, session: Session, socket: Datagrams) -> None:
    """Hedged packets out; the relay answers each that arrives."""
    probe = encode(binding(new_transaction()))
    plain = _PLAIN_FIRST + secrets.token_bytes(18)
    began = log.now()
    tasks = [
        asyncio.create_task(_send(socket, probe, plain)),
        asyncio.create_task(_answer(log, session, probe, plain, began)),
        asyncio.create_task(_hear(log, session, socket, probe, began)),
    ]
    try:
        done, _ = await asyncio.wait(tasks[1:], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        # A line can be read by one at a time, and it is needed once more.
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(socket: Datagrams, probe: bytes, plain: bytes) -> None:
    past = 0.0
    for at in DATAGRAMS.starts:
        await asyncio.sleep(at - past)
        past = at
        try:
            socket.send(probe)
            if at >= 0.9:  # the control: if this passes and STUN does not, STUN is looked for
                socket.send(plain)
        except OSError:
            return


async def _answer(log: Log, session: Session, probe: bytes, plain: bytes, began: float) -> None:
    """At the relay: what of ours arrived, and send something back."""
    told: set[bytes] = set()
    while True:
        unit = await session.turn.receive()
        if not isinstance(unit, Received):
            continue
        data, peer = unit.message.get(DATA), unit.message.get(XOR_PEER_ADDRESS)
        if unit.message.kind is not Kind.INDICATION or data not in {probe, plain} or peer is None:
            continue
        if data not in told:
            told.add(data)
            log.note(Passed(session.relayed, False, log.now() - began, data == plain))
        if data == probe:
            fields = (XOR_PEER_ADDRESS(peer), DATA(probe))
            back = Message(Method.SEND, Kind.INDICATION, new_transaction(), fields)
            session.turn.line.send(encode(back))


async def _hear(log: Log, session: Session, socket: Datagrams, probe: bytes, began: float) -> None:
    """At the fresh socket: what came back."""
    while True:
        arrival = await socket.receive()
        if not isinstance(arrival, bytes):
            raise Prevented(arrival)
        if arrival == probe:
            log.note(Passed(session.relayed, True, log.now() - began))
            return


def _same_family(one: Address, other: Address) -> bool:
    return (":" in one.host) is (":" in other.host)

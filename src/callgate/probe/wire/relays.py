"""Allocations at TURN servers: the proof that a relay is reached, and what is held of them.

Without credentials a 401 is the proof. With credentials the allocation is kept until the run
ends, so that our own relay can be asked for packets.
"""

import asyncio
from dataclasses import dataclass

from callgate.flows import Family
from callgate.probe.events import Broken, Step, Stun, plain
from callgate.probe.targets import Probe
from callgate.probe.wire.lines import Ended, Line
from callgate.probe.wire.recorder import Log
from callgate.probe.wire.turn import NO_TRANSACTION, Reply, Turn
from callgate.stun import Credentials, Message, ProtocolError, Redirected, Refused, Succeeded
from callgate.stun import attributes as at
from callgate.stun.requests import allocate, binding, refresh
from callgate.stun.values import Address

#: What an allocation is asked to live, in seconds; it is given back anyway.
_LIFETIME = 120


@dataclass(frozen=True, slots=True)
class Session:
    """An allocation that stands."""

    probe: Probe
    turn: Turn
    relayed: Address
    mapped: Address | None


class Relays:
    """All allocations of a run."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials
        self._changed = asyncio.Condition()
        self.sessions: list[Session] = []

    @property
    def able(self) -> bool:
        """Whether allocations can be made at all."""
        return self._credentials is not None

    async def allocate(self, log: Log, line: Line, probe: Probe) -> bool:
        """Ask for an allocation and log the answer; whether the line is kept for it."""
        turn = Turn(line, log.now, self._credentials)
        family = probe.family or Family.V4
        reply = await _ask(log, turn, allocate(NO_TRANSACTION, family, self._lifetime))
        if reply is None or not isinstance(reply.step, Succeeded):
            return False
        relayed = reply.message.get(at.XOR_RELAYED_ADDRESS)
        if relayed is None:
            return False
        session = Session(probe, turn, relayed, reply.message.get(at.XOR_MAPPED_ADDRESS))
        async with self._changed:
            self.sessions.append(session)
            self._changed.notify_all()
        return True

    async def find(self, family: Family, ports: tuple[tuple[int, int], ...]) -> Session:
        """The first allocation of a family with a relay in these ports, once there is one."""
        async with self._changed:
            while True:
                for each in self.sessions:
                    same = (":" in each.relayed.host) is (family is Family.V6)
                    if same and any(low <= each.relayed.port <= high for low, high in ports):
                        return each
                await self._changed.wait()

    def close(self) -> None:
        """Give every allocation back and close its line."""
        for each in self.sessions:
            release(each)
        self.sessions.clear()

    @property
    def _lifetime(self) -> int | None:
        return _LIFETIME if self.able else None


def release(session: Session) -> None:
    """Give an allocation back and close its line. Nobody waits for the answer: an allocation
    that is not given back ends by itself.
    """  # noqa: D205 - one sentence
    session.turn.tell(refresh(NO_TRANSACTION, 0))
    session.turn.line.close()


async def bind(log: Log, line: Line) -> None:
    """Ask a server who we are, and log the answer."""
    await _ask(log, Turn(line, log.now, None), binding(NO_TRANSACTION))


async def _ask(log: Log, turn: Turn, request: Message) -> Reply | None:
    began = log.now()
    try:
        reply = await turn.ask(request)
    except Ended as error:
        log.note(Broken(Step.REQUEST, error.how, log.now() - began, plain(error.text)))
        return None
    except ProtocolError as error:
        log.note(Broken(Step.REQUEST, "protocol", log.now() - began, plain(error.message)))
        return None
    log.note(_fact(str(request.method), reply))
    return reply


def _fact(method: str, reply: Reply) -> Stun:
    code, reason = 0, ""
    if isinstance(reply.step, Refused):
        code, reason = reply.step.error.code, plain(reply.step.error.reason, 80)
    elif isinstance(reply.step, Redirected):
        code, reason = 300, f"try {reply.step.server}"
    return Stun(
        method,
        code,
        reason,
        reply.seconds,
        mapped=reply.message.get(at.XOR_MAPPED_ADDRESS),
        relayed=reply.message.get(at.XOR_RELAYED_ADDRESS),
        number=reply.number,
        software=plain(reply.message.get(at.SOFTWARE) or "", 60),
    )

"""A client of one TURN server over one line: requests, and what the relay brings."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from callgate.probe.hedging import DATAGRAMS
from callgate.probe.wire.lines import Ended, Line, Unit
from callgate.stun import (
    Again,
    Challenge,
    ChannelData,
    Credentials,
    Exchange,
    Kind,
    Message,
    Received,
    Redirected,
    Refused,
    Succeeded,
)
from callgate.stun.header import TRANSACTION_BYTES

_HELD_MAX = 512
#: Units that are taken in while one answer is awaited.
_STRANGERS_MAX = 1000


#: In requests that are made before their transaction id is: an exchange draws one for each try.
NO_TRANSACTION = bytes(TRANSACTION_BYTES)


def new_transaction() -> bytes:
    """A fresh transaction id; unguessable, as it is all that tells an answer over UDP."""
    return secrets.token_bytes(TRANSACTION_BYTES)


@dataclass(frozen=True, slots=True)
class Reply:
    """The end of an exchange; ``number`` is the try that was answered, from 0."""

    step: Succeeded | Refused | Redirected
    message: Message
    seconds: float
    number: int


class Turn:
    """Asks one thing after the other; what belongs to nobody is kept in ``arrivals``."""

    def __init__(
        self, line: Line, now: Callable[[], float], credentials: Credentials | None
    ) -> None:
        self.line = line
        self._now = now
        self._credentials = credentials
        self._challenge: Challenge | None = None
        self.arrivals: deque[Unit] = deque(maxlen=_HELD_MAX)

    async def ask(self, request: Message) -> Reply:
        """Send a request until it is answered; over UDP hedged, over a stream once.

        Ended, Prevented or ProtocolError when it cannot be; time is the caller's business.
        """
        exchange = Exchange(request, self._credentials, self._challenge)
        while True:
            sent: dict[bytes, tuple[float, int]] = {}
            sender = asyncio.create_task(self._send(exchange, sent))
            try:
                received, step = await self._await(exchange)
            finally:
                sender.cancel()
            self._challenge = exchange.known
            if not isinstance(step, Again):
                at, number = sent[received.message.transaction]
                return Reply(step, received.message, self._now() - at, number)

    def tell(self, request: Message) -> None:
        """Send a request once, whatever becomes of it."""
        exchange = Exchange(request, self._credentials, self._challenge)
        with suppress(OSError):
            self.line.send(exchange.wire(new_transaction()))

    async def receive(self) -> Unit:
        """The next unit that is no answer."""
        return self.arrivals.popleft() if self.arrivals else await self.line.receive()

    async def _send(self, exchange: Exchange, sent: dict[bytes, tuple[float, int]]) -> None:
        start = self._now()
        starts = DATAGRAMS.starts if self.line.datagrams else (0.0,)
        for number, pause in enumerate(starts):
            await asyncio.sleep(max(0.0, start + pause - self._now()))
            transaction = new_transaction()
            sent[transaction] = (self._now(), number)
            try:
                self.line.send(exchange.wire(transaction))
            except OSError:
                return  # our own machine is cut off; the silence will tell

    async def _await(
        self, exchange: Exchange
    ) -> tuple[Received, Succeeded | Refused | Redirected | Again]:
        for _ in range(_STRANGERS_MAX):
            unit = await self.line.receive()
            if isinstance(unit, ChannelData) or unit.message.kind is Kind.INDICATION:
                self.arrivals.append(unit)
                continue
            step = exchange.receive(unit)
            if step is not None:
                return unit, step
        raise Ended("protocol", "endless messages that answer nothing")

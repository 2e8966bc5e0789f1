"""Get an allocation at the relay and a channel through it (RFC 8656 sections 7 and 12)."""

import secrets
from collections.abc import Callable
from typing import Final

from callgate.lab.quality.roads import Road
from callgate.stun import Address, Credentials, Exchange, Message, Received, Succeeded
from callgate.stun.requests import allocate, channel_bind

#: The channel that media goes by.
CHANNEL: Final = 0x4000
#: A challenge and a stale nonce at most; the relay is ours.
_TRIES: Final = 4
_NO_ID: Final = bytes(12)


def open_channel(road: Road, user: Credentials, peer: Address) -> None:
    """Bind :data:`CHANNEL` to a peer; ConnectionError when the relay refuses."""
    known = None
    requests: tuple[Callable[[], Message], ...] = (
        lambda: allocate(_NO_ID),
        lambda: channel_bind(_NO_ID, CHANNEL, peer),
    )
    for request in requests:
        exchange = Exchange(request(), user, known)
        _granted(road, exchange)
        known = exchange.known


def _granted(road: Road, exchange: Exchange) -> None:
    for _ in range(_TRIES):
        answer = road.ask(exchange.wire(secrets.token_bytes(12)))
        step = exchange.receive(answer) if isinstance(answer, Received) else None
        if isinstance(step, Succeeded):
            return
    raise ConnectionError(f"the relay does not grant it: {step}")

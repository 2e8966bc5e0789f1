"""The requests that a probe sends, as messages without credentials."""

from typing import Final

from callgate.stun.attributes import (
    CHANNEL_NUMBER,
    LIFETIME,
    REQUESTED_ADDRESS_FAMILY,
    REQUESTED_TRANSPORT,
    XOR_PEER_ADDRESS,
    Field,
)
from callgate.stun.header import Kind, Method
from callgate.stun.message import Message
from callgate.stun.values import Address

_UDP: Final = 17  # the IP protocol that a relay carries (RFC 8656 section 18.7)
_FAMILIES: Final = {4: 1, 6: 2}


def binding(transaction: bytes) -> Message:
    """Ask for our own address as the server sees it."""
    return _request(Method.BINDING, transaction)


def allocate(transaction: bytes, family: int = 4, lifetime: int | None = None) -> Message:
    """Ask for a relay address of family 4 or 6; IPv4 is the default and is not named.

    ``lifetime`` in seconds.
    """
    fields = [REQUESTED_TRANSPORT(_UDP)]
    if family != 4:
        fields.append(REQUESTED_ADDRESS_FAMILY(_FAMILIES[family]))
    if lifetime is not None:
        fields.append(LIFETIME(lifetime))
    return _request(Method.ALLOCATE, transaction, *fields)


def refresh(transaction: bytes, lifetime: int) -> Message:
    """Keep an allocation for so many seconds; 0 gives it back."""
    return _request(Method.REFRESH, transaction, LIFETIME(lifetime))


def create_permission(transaction: bytes, *peers: Address) -> Message:
    """Let these peers send to our relay address; their ports do not count."""
    return _request(Method.CREATE_PERMISSION, transaction, *map(XOR_PEER_ADDRESS, peers))


def channel_bind(transaction: bytes, channel: int, peer: Address) -> Message:
    """Bind a channel to a peer, which permits it too."""
    fields = (CHANNEL_NUMBER(channel), XOR_PEER_ADDRESS(peer))
    return _request(Method.CHANNEL_BIND, transaction, *fields)


def _request(method: Method, transaction: bytes, *fields: Field) -> Message:
    return Message(method, Kind.REQUEST, transaction, fields)

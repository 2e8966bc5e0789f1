"""A Binding request from before the magic cookie (RFC 3489), as a control (pure).

Many servers still answer it (RFC 5389 section 12.2). Where it is answered and STUN of today
is not, somebody on the way looks for the cookie.
"""

import struct

CLASSIC_ID_BYTES = 16
_REQUEST, _SUCCESS = 0x0001, 0x0101


def classic_binding(transaction: bytes) -> bytes:
    """The request; the transaction id has 16 bytes here, none of which is a cookie."""
    return struct.pack("!HH", _REQUEST, 0) + transaction


def answers_classic(wire: bytes, transaction: bytes) -> bool:
    """Whether a datagram is the answer to it; its contents do not matter."""
    return wire[:2] == struct.pack("!H", _SUCCESS) and wire[4:20] == transaction

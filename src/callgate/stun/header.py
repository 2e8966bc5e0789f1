"""The 20 bytes that every STUN message begins with (RFC 8489 section 5)."""

import struct
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from callgate.stun.faults import ProtocolError

MAGIC_COOKIE: Final = 0x2112A442
HEADER_BYTES: Final = 20
TRANSACTION_BYTES: Final = 12
#: The length field has 16 bits, and the last two are zero.
BODY_MAX: Final = 0xFFFC

_FORM = struct.Struct("!HHI12s")


class Method(IntEnum):
    """What is asked for (RFC 8489 section 18.2, RFC 8656 section 17)."""

    BINDING = 0x001
    ALLOCATE = 0x003
    REFRESH = 0x004
    SEND = 0x006
    DATA = 0x007
    CREATE_PERMISSION = 0x008
    CHANNEL_BIND = 0x009

    def __str__(self) -> str:
        return self.name.replace("_", " ").title().replace(" ", "")


class Kind(Enum):
    """The class of a message; the value is its two bits C1 C0."""

    REQUEST = 0b00
    INDICATION = 0b01
    SUCCESS = 0b10
    ERROR = 0b11

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Header:
    """``length`` is that of the attributes, in bytes."""

    method: Method
    kind: Kind
    length: int
    transaction: bytes

    def pack(self) -> bytes:
        """The 20 bytes."""
        return _FORM.pack(
            _type(self.method, self.kind), self.length, MAGIC_COOKIE, self.transaction
        )


def unpack_header(data: bytes) -> Header:
    """Read 20 bytes or more; ProtocolError for what is no STUN of this version."""
    if len(data) < HEADER_BYTES:
        raise ProtocolError(f"{len(data)} bytes are less than a header")
    number, length, cookie, transaction = _FORM.unpack_from(data)
    if number & 0xC000:
        raise ProtocolError("the first two bits are not zero")
    if cookie != MAGIC_COOKIE:
        raise ProtocolError(f"no magic cookie but {cookie:#010x}")
    if length % 4:
        raise ProtocolError(f"the length {length} is no multiple of four")
    try:
        method = Method(number & 0x000F | (number & 0x00E0) >> 1 | (number & 0x3E00) >> 2)
    except ValueError:
        raise ProtocolError(f"unknown method in message type {number:#06x}") from None
    kind = Kind((number & 0x0100) >> 7 | (number & 0x0010) >> 4)
    return Header(method, kind, length, transaction)


def _type(method: Method, kind: Kind) -> int:
    """Twelve bits of method with the two of the class between them (RFC 8489 figure 3)."""
    spread = method & 0x00F | (method & 0x070) << 1 | (method & 0xF80) << 2
    return spread | (kind.value & 0b10) << 7 | (kind.value & 0b01) << 4

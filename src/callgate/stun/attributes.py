"""The attributes that we know, as a table: number, name and form of the value.

Numbers below 0x8000 must be understood, those above may be skipped (RFC 8489 section 14).
"""

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from callgate.stun.values import (
    ADDRESS_ERROR,
    ALGORITHM,
    ALGORITHMS,
    ERROR,
    FLAG,
    ICMP_ERROR,
    NUMBERS,
    PLAIN_ADDRESS,
    XOR_ADDRESS,
    Codec,
    number,
    opaque,
    text,
)

Value = TypeVar("Value")

#: From here on an attribute may be skipped.
OPTIONAL_FROM: Final = 0x8000
#: 128 characters of UTF-8 at most, in the RFC's own count of bytes.
_SHORT: Final = 763


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute with its value; the value of an unknown attribute is its bytes."""

    number: int
    value: object

    @property
    def name(self) -> str:
        """The name in the RFCs, or the number."""
        known = BY_NUMBER.get(self.number)
        return known.name if known else f"{self.number:#06x}"


@dataclass(frozen=True, slots=True)
class Attribute(Generic[Value]):
    """One row of the table."""

    number: int
    name: str
    codec: Codec[Value]

    def __call__(self, value: Value) -> Field:
        """The attribute with a value, to be put into a message."""
        return Field(self.number, value)


MAPPED_ADDRESS: Final = Attribute(0x0001, "MAPPED-ADDRESS", PLAIN_ADDRESS)
USERNAME: Final = Attribute(0x0006, "USERNAME", text(508))
MESSAGE_INTEGRITY: Final = Attribute(0x0008, "MESSAGE-INTEGRITY", opaque(20))
ERROR_CODE: Final = Attribute(0x0009, "ERROR-CODE", ERROR)
UNKNOWN_ATTRIBUTES: Final = Attribute(0x000A, "UNKNOWN-ATTRIBUTES", NUMBERS)
REALM: Final = Attribute(0x0014, "REALM", text(_SHORT))
NONCE: Final = Attribute(0x0015, "NONCE", opaque(limit=_SHORT))
# Full length only: TURN does not ask for truncation (RFC 8489 section 14.6).
MESSAGE_INTEGRITY_SHA256: Final = Attribute(0x001C, "MESSAGE-INTEGRITY-SHA256", opaque(32))
PASSWORD_ALGORITHM: Final = Attribute(0x001D, "PASSWORD-ALGORITHM", ALGORITHM)
USERHASH: Final = Attribute(0x001E, "USERHASH", opaque(32))
XOR_MAPPED_ADDRESS: Final = Attribute(0x0020, "XOR-MAPPED-ADDRESS", XOR_ADDRESS)
PASSWORD_ALGORITHMS: Final = Attribute(0x8002, "PASSWORD-ALGORITHMS", ALGORITHMS)
ALTERNATE_DOMAIN: Final = Attribute(0x8003, "ALTERNATE-DOMAIN", text(255))
SOFTWARE: Final = Attribute(0x8022, "SOFTWARE", text(_SHORT))
ALTERNATE_SERVER: Final = Attribute(0x8023, "ALTERNATE-SERVER", PLAIN_ADDRESS)
FINGERPRINT: Final = Attribute(0x8028, "FINGERPRINT", number(4))
# RFC 8656 section 18.
CHANNEL_NUMBER: Final = Attribute(0x000C, "CHANNEL-NUMBER", number(2, spare=2))
LIFETIME: Final = Attribute(0x000D, "LIFETIME", number(4))
XOR_PEER_ADDRESS: Final = Attribute(0x0012, "XOR-PEER-ADDRESS", XOR_ADDRESS)
DATA: Final = Attribute(0x0013, "DATA", opaque())
XOR_RELAYED_ADDRESS: Final = Attribute(0x0016, "XOR-RELAYED-ADDRESS", XOR_ADDRESS)
REQUESTED_ADDRESS_FAMILY: Final = Attribute(0x0017, "REQUESTED-ADDRESS-FAMILY", number(1, spare=3))
EVEN_PORT: Final = Attribute(0x0018, "EVEN-PORT", number(1))
REQUESTED_TRANSPORT: Final = Attribute(0x0019, "REQUESTED-TRANSPORT", number(1, spare=3))
DONT_FRAGMENT: Final = Attribute(0x001A, "DONT-FRAGMENT", FLAG)
RESERVATION_TOKEN: Final = Attribute(0x0022, "RESERVATION-TOKEN", opaque(8))
ADDITIONAL_ADDRESS_FAMILY: Final = Attribute(
    0x8000, "ADDITIONAL-ADDRESS-FAMILY", number(1, spare=3)
)
ADDRESS_ERROR_CODE: Final = Attribute(0x8001, "ADDRESS-ERROR-CODE", ADDRESS_ERROR)
ICMP: Final = Attribute(0x8004, "ICMP", ICMP_ERROR)
# ICE, RFC 8445 section 16.1.
PRIORITY: Final = Attribute(0x0024, "PRIORITY", number(4))
USE_CANDIDATE: Final = Attribute(0x0025, "USE-CANDIDATE", FLAG)
ICE_CONTROLLED: Final = Attribute(0x8029, "ICE-CONTROLLED", number(8))
ICE_CONTROLLING: Final = Attribute(0x802A, "ICE-CONTROLLING", number(8))
# NAT behaviour, RFC 5780 section 7.
CHANGE_REQUEST: Final = Attribute(0x0003, "CHANGE-REQUEST", number(4))
RESPONSE_ORIGIN: Final = Attribute(0x802B, "RESPONSE-ORIGIN", PLAIN_ADDRESS)
OTHER_ADDRESS: Final = Attribute(0x802C, "OTHER-ADDRESS", PLAIN_ADDRESS)

#: The three that protect a message; encode and decode deal with them.
SEALS: Final = (MESSAGE_INTEGRITY, MESSAGE_INTEGRITY_SHA256, FINGERPRINT)
#: Every attribute.
KNOWN: Final[tuple[Attribute[Any], ...]] = (
    MAPPED_ADDRESS,
    USERNAME,
    MESSAGE_INTEGRITY,
    ERROR_CODE,
    UNKNOWN_ATTRIBUTES,
    REALM,
    NONCE,
    MESSAGE_INTEGRITY_SHA256,
    PASSWORD_ALGORITHM,
    USERHASH,
    XOR_MAPPED_ADDRESS,
    PASSWORD_ALGORITHMS,
    ALTERNATE_DOMAIN,
    SOFTWARE,
    ALTERNATE_SERVER,
    FINGERPRINT,
    CHANNEL_NUMBER,
    LIFETIME,
    XOR_PEER_ADDRESS,
    DATA,
    XOR_RELAYED_ADDRESS,
    REQUESTED_ADDRESS_FAMILY,
    EVEN_PORT,
    REQUESTED_TRANSPORT,
    DONT_FRAGMENT,
    RESERVATION_TOKEN,
    ADDITIONAL_ADDRESS_FAMILY,
    ADDRESS_ERROR_CODE,
    ICMP,
    PRIORITY,
    USE_CANDIDATE,
    ICE_CONTROLLED,
    ICE_CONTROLLING,
    CHANGE_REQUEST,
    RESPONSE_ORIGIN,
    OTHER_ADDRESS,
)
BY_NUMBER: Final = {each.number: each for each in KNOWN}

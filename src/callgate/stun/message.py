"""STUN messages: from values to bytes and back.

Theory of operation
-------------------

:func:`decode` is strict: it gives a :class:`Received` or raises :class:`ProtocolError`, and
never anything else. What it checks: the two zero bits, the magic cookie, the length (that
of the buffer, to the byte), the method, every attribute's length and form, UTF-8, and the
FINGERPRINT if there is one, which must be last. It keeps what it does not know as bytes:
:attr:`Message.incomprehensible` names the attributes that a receiver would have to know.

Padding bytes have no meaning and may be anything (RFC 8489 section 14). Attributes behind
MESSAGE-INTEGRITY are not protected by it, so they are left out, as section 14.5 demands.

Whether a message is genuine is asked separately, with :meth:`Received.genuine`, because the
key depends on what stands in the message.
"""

import hmac
import struct
from dataclasses import dataclass
from typing import TypeVar

from callgate.stun.attributes import (
    BY_NUMBER,
    FINGERPRINT,
    MESSAGE_INTEGRITY,
    MESSAGE_INTEGRITY_SHA256,
    OPTIONAL_FROM,
    SEALS,
    Attribute,
    Field,
)
from callgate.stun.faults import ProtocolError
from callgate.stun.header import BODY_MAX, HEADER_BYTES, Header, Kind, Method, unpack_header
from callgate.stun.integrity import fingerprint, integrity
from callgate.stun.values import pad, padded

Value = TypeVar("Value")

#: Bytes that integrity and fingerprint add at most.
_SEALS_MAX = 36 + 8
_SEAL_NUMBERS = {each.number for each in SEALS}


@dataclass(frozen=True, slots=True)
class Message:
    """``transaction`` has 12 bytes. ``fields`` holds everything but the SEALS, in order."""

    method: Method
    kind: Kind
    transaction: bytes
    fields: tuple[Field, ...] = ()

    def get(self, attribute: Attribute[Value]) -> Value | None:
        """The value of the first attribute of this kind: later ones do not count."""
        return next(iter(self.all(attribute)), None)

    def all(self, attribute: Attribute[Value]) -> list[Value]:
        """The values of every attribute of this kind."""
        return [each.value for each in self.fields if each.number == attribute.number]  # type: ignore[misc]

    @property
    def incomprehensible(self) -> tuple[int, ...]:
        """The numbers of unknown attributes that must not be skipped."""
        return tuple(
            each.number
            for each in self.fields
            if each.number not in BY_NUMBER and each.number < OPTIONAL_FROM
        )

    def __str__(self) -> str:
        return f"{self.method} {self.kind}"


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came. The positions are those of the seals, None where there is none."""

    message: Message
    wire: bytes
    integrity_at: int | None = None
    sha256_at: int | None = None
    fingerprint_at: int | None = None

    def genuine(self, key: bytes, *, sha256: bool = False) -> bool:
        """Whether the sender knows the key; False when that kind of integrity is not there."""
        at = self.sha256_at if sha256 else self.integrity_at
        if at is None:
            return False
        expected = integrity(self.wire[:at], key, sha256=sha256)
        return hmac.compare_digest(expected, self.wire[at + 4 : at + 4 + len(expected)])


@dataclass(frozen=True, slots=True)
class Sealing:
    """How a message is to be protected; without a key there is no integrity."""

    key: bytes | None = None
    sha256: bool = False
    fingerprint: bool = True


_PLAIN = Sealing()


def encode(message: Message, sealing: Sealing = _PLAIN) -> bytes:
    """The message as bytes; ValueError when it is too long."""
    data = b"".join(_packed(each, message.transaction) for each in message.fields)
    if len(data) + _SEALS_MAX > BODY_MAX:
        raise ValueError(f"{len(data)} bytes of attributes are more than a message can hold")
    wire = Header(message.method, message.kind, 0, message.transaction).pack() + data
    if sealing.key is not None:
        which = MESSAGE_INTEGRITY_SHA256 if sealing.sha256 else MESSAGE_INTEGRITY
        value = integrity(wire, sealing.key, sha256=sealing.sha256)
        wire += _packed(which(value), message.transaction)
    if sealing.fingerprint:
        wire += _packed(FINGERPRINT(fingerprint(wire)), message.transaction)
    return wire[:2] + struct.pack("!H", len(wire) - HEADER_BYTES) + wire[4:]


def decode(wire: bytes) -> Received:
    """Read exactly one message; ProtocolError for everything else."""
    header = unpack_header(wire)
    if len(wire) != HEADER_BYTES + header.length:
        raise ProtocolError(
            f"{len(wire) - HEADER_BYTES} bytes of attributes where the header says {header.length}"
        )
    seals: dict[int, int] = {}
    fields: list[Field] = []
    at = HEADER_BYTES
    while at < len(wire):
        if FINGERPRINT.number in seals:
            raise ProtocolError("an attribute behind the fingerprint")
        field, size = _unpacked(wire, at, header.transaction)
        if field.number in _SEAL_NUMBERS:
            _note_seal(field, at, seals)
        elif not seals:
            fields.append(field)
        at += size
    _check_fingerprint(wire, seals.get(FINGERPRINT.number))
    return Received(
        Message(header.method, header.kind, header.transaction, tuple(fields)),
        wire,
        seals.get(MESSAGE_INTEGRITY.number),
        seals.get(MESSAGE_INTEGRITY_SHA256.number),
        seals.get(FINGERPRINT.number),
    )


def _packed(field: Field, transaction: bytes) -> bytes:
    known = BY_NUMBER.get(field.number)
    data = known.codec.encode(field.value, transaction) if known else field.value
    if not isinstance(data, bytes):
        raise TypeError(f"the value of unknown attribute {field.name} must be bytes")
    return struct.pack("!HH", field.number, len(data)) + pad(data)


def _unpacked(wire: bytes, at: int, transaction: bytes) -> tuple[Field, int]:
    """One attribute and the bytes that it takes; the body is a multiple of four bytes."""
    number, size = struct.unpack_from("!HH", wire, at)
    end = at + 4 + size
    if end > len(wire):
        raise ProtocolError(f"attribute {Field(number, b'').name} is longer than its message")
    data = wire[at + 4 : end]
    known = BY_NUMBER.get(number)
    try:
        value = known.codec.decode(data, transaction) if known else data
    except ProtocolError as error:
        raise ProtocolError(f"{Field(number, b'').name}: {error.message}") from None
    return Field(number, value), 4 + padded(size)


def _note_seal(field: Field, at: int, seals: dict[int, int]) -> None:
    if field.number in seals:
        raise ProtocolError(f"two of {field.name}")
    seals[field.number] = at


def _check_fingerprint(wire: bytes, at: int | None) -> None:
    if at is None:
        return
    found = int.from_bytes(wire[at + 4 : at + 8], "big")
    if found != fingerprint(wire[:at]):
        raise ProtocolError("the fingerprint does not fit the message")

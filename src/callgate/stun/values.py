"""How the values of attributes are written: one :class:`Codec` for each form.

Every ``decode`` gives a value or raises :class:`ProtocolError`; every ``encode`` of a value
that ``decode`` gave is read back as the same value. Both get the transaction id, because
XOR addresses depend on it.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final, Generic, TypeVar

from callgate.stun.faults import ProtocolError
from callgate.stun.header import MAGIC_COOKIE

Value = TypeVar("Value")

_FAMILIES: Final = {1: 4, 2: 16}
_COOKIE: Final = MAGIC_COOKIE.to_bytes(4, "big")


@dataclass(frozen=True, slots=True)
class Codec(Generic[Value]):
    """The two directions of one form; the second argument is the transaction id."""

    encode: Callable[[Value, bytes], bytes]
    decode: Callable[[bytes, bytes], Value]


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """A transport address."""

    host: str  # in canonical form
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def packed(self) -> bytes:
        """The address in network order, 4 or 16 bytes."""
        return (IPv6Address if ":" in self.host else IPv4Address)(self.host).packed


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """``code`` 300 to 699 (RFC 8489 section 14.8)."""

    code: int
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.reason}".rstrip()


@dataclass(frozen=True, slots=True)
class AddressError:
    """Why one of two families was not allocated (RFC 8656 section 18.9); 1 is IPv4, 2 IPv6."""

    family: int
    error: ErrorCode


@dataclass(frozen=True, slots=True)
class IcmpError:
    """An ICMP error that the relay got (RFC 8656 section 18.13)."""

    kind: int
    code: int
    data: bytes = b"\0\0\0\0"


@dataclass(frozen=True, slots=True)
class PasswordAlgorithm:
    """1 is MD5, 2 is SHA-256 (RFC 8489 section 18.5)."""

    number: int
    parameters: bytes = b""


def exactly(data: bytes, size: int) -> bytes:
    """The data, which must have this size."""
    if len(data) != size:
        raise ProtocolError(f"{len(data)} bytes where {size} belong")
    return data


def _address(data: bytes) -> tuple[int, bytes]:
    if len(data) < 4 or _FAMILIES.get(data[1]) is None:
        raise ProtocolError("an address of unknown family")
    exactly(data, 4 + _FAMILIES[data[1]])
    return int.from_bytes(data[2:4], "big"), data[4:]


def _host(packed: bytes) -> str:
    return str(IPv4Address(packed) if len(packed) == 4 else IPv6Address(packed))


def _read_plain(data: bytes, _transaction: bytes) -> Address:
    port, packed = _address(data)
    return Address(_host(packed), port)


def _write_plain(value: Address, _transaction: bytes) -> bytes:
    family = 1 if len(value.packed) == 4 else 2
    return struct.pack("!BBH", 0, family, value.port) + value.packed


def _crossed(address: Address, transaction: bytes) -> Address:
    mask = _COOKIE + transaction
    packed = bytes(a ^ b for a, b in zip(address.packed, mask, strict=False))
    return Address(_host(packed), address.port ^ MAGIC_COOKIE >> 16)


def _read_error(data: bytes, _transaction: bytes) -> ErrorCode:
    if len(data) < 4:
        raise ProtocolError("an error code without a number")
    hundreds, rest = data[2] & 0x07, data[3]
    if not 3 <= hundreds <= 6 or rest > 99:
        raise ProtocolError(f"not an error code: {hundreds} and {rest}")
    return ErrorCode(hundreds * 100 + rest, _decoded(data[4:], 763))


def _write_error(value: ErrorCode, _transaction: bytes) -> bytes:
    return bytes((0, 0, *divmod(value.code, 100))) + value.reason.encode()


def _read_address_error(data: bytes, transaction: bytes) -> AddressError:
    if len(data) < 4 or data[0] not in _FAMILIES:
        raise ProtocolError("an address error of unknown family")
    return AddressError(data[0], _read_error(data, transaction))


def _read_icmp(data: bytes, _transaction: bytes) -> IcmpError:
    exactly(data, 8)
    # 16 reserved bits, a type of 7, a code of 9 (RFC 8656 figure 15).
    pair = int.from_bytes(data[2:4], "big")
    return IcmpError(pair >> 9, pair & 0x1FF, data[4:])


def _read_numbers(data: bytes, _transaction: bytes) -> tuple[int, ...]:
    if len(data) % 2:
        raise ProtocolError("half an attribute number")
    return struct.unpack(f"!{len(data) // 2}H", data)


def _read_algorithms(data: bytes, _transaction: bytes) -> tuple[PasswordAlgorithm, ...]:
    found, at = [], 0
    while at < len(data):
        if at + 4 > len(data):
            raise ProtocolError("half a password algorithm")
        number, size = struct.unpack_from("!HH", data, at)
        if at + 4 + size > len(data):
            raise ProtocolError("a password algorithm longer than its attribute")
        found.append(PasswordAlgorithm(number, data[at + 4 : at + 4 + size]))
        at += 4 + padded(size)
    return tuple(found)


def _write_algorithms(values: tuple[PasswordAlgorithm, ...], _transaction: bytes) -> bytes:
    return b"".join(
        struct.pack("!HH", each.number, len(each.parameters)) + pad(each.parameters)
        for each in values
    )


def _read_algorithm(data: bytes, transaction: bytes) -> PasswordAlgorithm:
    found = _read_algorithms(data, transaction)
    if len(found) != 1:
        raise ProtocolError(f"{len(found)} password algorithms where one belongs")
    return found[0]


def _decoded(data: bytes, limit: int) -> str:
    if len(data) > limit:
        raise ProtocolError(f"a text of {len(data)} bytes where {limit} may be")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ProtocolError("a text that is not UTF-8") from None


def padded(size: int) -> int:
    """The next multiple of four."""
    return (size + 3) & ~3


def pad(data: bytes) -> bytes:
    """The data, filled with zeros to a multiple of four bytes."""
    return data.ljust(padded(len(data)), b"\0")


def text(limit: int) -> Codec[str]:
    """UTF-8 of at most ``limit`` bytes."""
    return Codec(lambda value, _: value.encode(), lambda data, _: _decoded(data, limit))


def opaque(size: int | None = None, limit: int = 0xFFFF) -> Codec[bytes]:
    """Bytes that mean nothing here: exactly ``size``, or at most ``limit`` of them."""

    def decode(data: bytes, _transaction: bytes) -> bytes:
        if size is None and len(data) > limit:
            raise ProtocolError(f"{len(data)} bytes where {limit} may be")
        return data if size is None else exactly(data, size)

    return Codec(lambda value, _: value, decode)


def number(size: int, spare: int = 0) -> Codec[int]:
    """An unsigned integer of ``size`` bytes, and ``spare`` reserved ones behind it."""
    return Codec(
        lambda value, _: value.to_bytes(size, "big") + bytes(spare),
        lambda data, _: int.from_bytes(exactly(data, size + spare)[:size], "big"),
    )


def _read_flag(data: bytes, _transaction: bytes) -> bool:
    exactly(data, 0)
    return True


PLAIN_ADDRESS: Final = Codec(_write_plain, _read_plain)
XOR_ADDRESS: Final[Codec[Address]] = Codec(
    lambda value, transaction: _write_plain(_crossed(value, transaction), transaction),
    lambda data, transaction: _crossed(_read_plain(data, transaction), transaction),
)
ERROR: Final = Codec(_write_error, _read_error)
ADDRESS_ERROR: Final[Codec[AddressError]] = Codec(
    lambda value, _: bytes((value.family,)) + _write_error(value.error, b"")[1:],
    _read_address_error,
)
ICMP_ERROR: Final[Codec[IcmpError]] = Codec(
    lambda value, _: struct.pack("!HH", 0, value.kind << 9 | value.code) + value.data, _read_icmp
)
NUMBERS: Final[Codec[tuple[int, ...]]] = Codec(
    lambda values, _: struct.pack(f"!{len(values)}H", *values), _read_numbers
)
ALGORITHMS: Final = Codec(_write_algorithms, _read_algorithms)
ALGORITHM: Final[Codec[PasswordAlgorithm]] = Codec(
    lambda value, _: _write_algorithms((value,), b""), _read_algorithm
)
FLAG: Final[Codec[bool]] = Codec(lambda _value, _: b"", _read_flag)

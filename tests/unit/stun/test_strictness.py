"""What is not a message is refused, with the reason."""

import struct

import pytest

from callgate.stun import ProtocolError, Sealing, decode, encode
from callgate.stun.attributes import (
    CHANNEL_NUMBER,
    ERROR_CODE,
    LIFETIME,
    PASSWORD_ALGORITHM,
    REQUESTED_TRANSPORT,
    SOFTWARE,
    USE_CANDIDATE,
    USERNAME,
    XOR_MAPPED_ADDRESS,
    Field,
)
from callgate.stun.header import Kind, Method
from callgate.stun.message import Message
from callgate.stun.requests import binding

ID = bytes(range(12))


def raw(*attributes, kind=0x0001, cookie=0x2112A442, length=None):
    body = b"".join(
        struct.pack("!HH", number, len(value)) + value + bytes(-len(value) % 4)
        for number, value in attributes
    )
    return struct.pack("!HHI", kind, len(body) if length is None else length, cookie) + ID + body


WRONG = {
    "nothing": (b"", "less than a header"),
    "half a header": (raw()[:19], "less than a header"),
    "first bits": (raw(kind=0x8001), "first two bits"),
    "cookie": (raw(cookie=0x2112A443), "magic cookie"),
    "length not of four": (raw(length=2), "multiple of four"),
    "length too short": (raw((LIFETIME.number, b"\0\0\0\1"), length=4), "where the header says 4"),
    "length too long": (raw(length=4), "where the header says 4"),
    "bytes behind it": (raw() + b"\0\0\0\0", "where the header says 0"),
    "method": (raw(kind=0x000F), "unknown method"),
    "attribute too long": (raw((SOFTWARE.number, b"abcd"), length=8)[:-6] + b"\0\5abcd", "longer"),
    "no UTF-8": (raw((USERNAME.number, b"\xff")), "USERNAME: a text that is not UTF-8"),
    "long text": (raw((USERNAME.number, b"x" * 509)), "509 bytes where 508 may be"),
    "family": (raw((XOR_MAPPED_ADDRESS.number, b"\0\3\0\0\0\0\0\0")), "unknown family"),
    "short address": (raw((XOR_MAPPED_ADDRESS.number, b"\0\2\0\0\0\0\0\0")), "where 20 belong"),
    "number": (raw((LIFETIME.number, b"\0\0\0")), "3 bytes where 4 belong"),
    "channel": (raw((CHANNEL_NUMBER.number, b"\0\0")), "2 bytes where 4 belong"),
    "transport": (raw((REQUESTED_TRANSPORT.number, b"\x11")), "1 bytes where 4 belong"),
    "error class": (raw((ERROR_CODE.number, b"\0\0\2\0")), "not an error code"),
    "error number": (raw((ERROR_CODE.number, b"\0\0\4\x64")), "not an error code"),
    "short error": (raw((ERROR_CODE.number, b"\0\0\4")), "without a number"),
    "flag with a value": (raw((USE_CANDIDATE.number, b"\0\0\0\0")), "4 bytes where 0 belong"),
    "no algorithm": (raw((PASSWORD_ALGORITHM.number, b"")), "0 password algorithms"),
    "half an algorithm": (raw((PASSWORD_ALGORITHM.number, b"\0\2\0\4")), "longer than its"),
}


@pytest.mark.parametrize("name", WRONG)
def test_it_is_refused_with_the_reason(name):
    wire, reason = WRONG[name]
    with pytest.raises(ProtocolError, match=reason):
        decode(wire)


def test_a_wrong_fingerprint_is_refused_and_a_right_one_is_last():
    wire = encode(binding(ID))
    assert decode(wire).fingerprint_at == 20
    with pytest.raises(ProtocolError, match="fingerprint does not fit"):
        decode(wire[:-1] + bytes([wire[-1] ^ 1]))
    longer = wire[:2] + struct.pack("!H", 16) + wire[4:] + struct.pack("!HHI", 0x8022, 4, 0)
    with pytest.raises(ProtocolError, match="behind the fingerprint"):
        decode(longer)


def test_what_stands_behind_the_integrity_is_left_out():
    sealed = encode(binding(ID), Sealing(b"key", fingerprint=False))
    added = sealed[:2] + struct.pack("!H", 32) + sealed[4:]
    added += struct.pack("!HHI", LIFETIME.number, 4, 7)
    assert decode(added).message.get(LIFETIME) is None
    assert decode(added).genuine(b"key")


def test_two_integrities_are_refused():
    sealed = encode(binding(ID), Sealing(b"key", fingerprint=False))
    twice = sealed[:2] + struct.pack("!H", 48) + sealed[4:] + sealed[20:]
    with pytest.raises(ProtocolError, match="two of MESSAGE-INTEGRITY"):
        decode(twice)


def test_unknown_attributes_are_kept_and_those_that_matter_named():
    message = decode(raw((0x7FFE, b"abc"), (0xFFFE, b"d"))).message
    assert message.fields == (Field(0x7FFE, b"abc"), Field(0xFFFE, b"d"))
    assert message.incomprehensible == (0x7FFE,)
    assert message.fields[0].name == "0x7ffe"


def test_padding_may_be_anything():
    wire = raw((SOFTWARE.number, b"abc"))
    assert decode(wire[:-1] + b"\xff").message.get(SOFTWARE) == "abc"


def test_the_first_of_several_counts():
    message = decode(raw((SOFTWARE.number, b"a"), (SOFTWARE.number, b"b"))).message
    assert message.get(SOFTWARE) == "a"
    assert message.all(SOFTWARE) == ["a", "b"]


@pytest.mark.parametrize(
    ("number", "method", "kind"),
    [  # RFC 8489 section 5 and RFC 8656 section 17
        (0x0001, Method.BINDING, Kind.REQUEST),
        (0x0101, Method.BINDING, Kind.SUCCESS),
        (0x0111, Method.BINDING, Kind.ERROR),
        (0x0011, Method.BINDING, Kind.INDICATION),
        (0x0003, Method.ALLOCATE, Kind.REQUEST),
        (0x0113, Method.ALLOCATE, Kind.ERROR),
        (0x0016, Method.SEND, Kind.INDICATION),
        (0x0109, Method.CHANNEL_BIND, Kind.SUCCESS),
    ],
)
def test_message_types(number, method, kind):
    message = decode(raw(kind=number)).message
    assert (message.method, message.kind) == (method, kind)
    assert encode(message, Sealing(fingerprint=False))[:2] == struct.pack("!H", number)
    assert str(message).startswith(str(method))


def test_a_message_that_is_too_long_is_refused_by_the_writer():
    with pytest.raises(ValueError, match="more than a message can hold"):
        encode(Message(Method.SEND, Kind.INDICATION, ID, tuple([Field(0x8FFF, bytes(0xFFF0))] * 2)))

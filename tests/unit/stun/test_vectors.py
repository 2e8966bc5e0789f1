"""The vectors of RFC 5769 and RFC 8489, read and written byte for byte."""

import pytest

from callgate.stun import Address, Credentials, Kind, Message, Method, Sealing, decode, encode
from callgate.stun.attributes import (
    ICE_CONTROLLED,
    NONCE,
    PASSWORD_ALGORITHM,
    PRIORITY,
    REALM,
    SOFTWARE,
    USERHASH,
    USERNAME,
    XOR_MAPPED_ADDRESS,
)
from callgate.stun.credentials import long_term_key, userhash
from callgate.stun.values import PasswordAlgorithm
from tests.support import stun

CREDENTIALS = Credentials(stun.USER, stun.PASSWORD)


def test_request():
    received = decode(stun.REQUEST)
    assert received.message == Message(
        Method.BINDING,
        Kind.REQUEST,
        bytes.fromhex("b7e7a701bc34d686fa87dfae"),
        (
            SOFTWARE("STUN test client"),
            PRIORITY(0x6E0001FF),
            ICE_CONTROLLED(0x932FF9B151263B36),
            USERNAME("evtj:h6vY"),
        ),
    )
    assert received.genuine(stun.SHORT_TERM)
    assert not received.genuine(stun.SHORT_TERM + b"x")


@pytest.mark.parametrize(
    ("wire", "host"),
    [(stun.RESPONSE_V4, "192.0.2.1"), (stun.RESPONSE_V6, "2001:db8:1234:5678:11:2233:4455:6677")],
)
def test_response(wire, host):
    received = decode(wire)
    assert received.message.kind is Kind.SUCCESS
    assert received.message.get(XOR_MAPPED_ADDRESS) == Address(host, 32853)
    assert received.genuine(stun.SHORT_TERM)


def test_long_term_request_is_written_byte_for_byte():
    message = decode(stun.LONG_TERM).message
    key = long_term_key(CREDENTIALS, stun.REALM)
    assert message.fields == (
        USERNAME(stun.USER),
        NONCE(b"f//499k954d6OL34oL9FSTvy64sA"),
        REALM(stun.REALM),
    )
    assert encode(message, Sealing(key, fingerprint=False)) == stun.LONG_TERM


def test_userhash_request_is_written_byte_for_byte():
    message = decode(stun.USERHASH).message
    key = long_term_key(CREDENTIALS, stun.REALM, sha256=True)
    assert message.get(USERHASH) == userhash(stun.USER, stun.REALM)
    assert message.get(PASSWORD_ALGORITHM) == PasswordAlgorithm(2)
    assert encode(message, Sealing(key, sha256=True, fingerprint=False)) == stun.USERHASH


@pytest.mark.parametrize("wire", [stun.LONG_TERM, stun.USERHASH])
def test_every_changed_byte_before_the_integrity_shows(wire):
    sha256 = wire is stun.USERHASH
    key = long_term_key(CREDENTIALS, stun.REALM, sha256=sha256)
    assert decode(wire).genuine(key, sha256=sha256)
    assert not decode(wire).genuine(key, sha256=not sha256)
    changed = bytearray(wire)
    changed[30] ^= 1
    assert not decode(bytes(changed)).genuine(key, sha256=sha256)

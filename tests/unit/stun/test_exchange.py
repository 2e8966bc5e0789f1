"""Requests that are challenged, refused, redirected, and answers that are not for us."""

import base64

import pytest

from callgate.stun import (
    Address,
    Again,
    Credentials,
    ErrorCode,
    Exchange,
    Kind,
    Message,
    Method,
    ProtocolError,
    Redirected,
    Refused,
    Sealing,
    Succeeded,
    decode,
    encode,
)
from callgate.stun import attributes as at
from callgate.stun.credentials import long_term_key, opaque_string, userhash
from callgate.stun.requests import allocate
from callgate.stun.values import PasswordAlgorithm

CREDENTIALS = Credentials("user", "secret")
IDS = [bytes([number]) * 12 for number in range(9)]
PLAIN = Sealing()
MD5, SHA256 = PasswordAlgorithm(1), PasswordAlgorithm(2)


def nonce(features, rest=b"rest"):
    return b"obMatJos2" + base64.b64encode(features.to_bytes(3, "big")) + rest


def answer(transaction, *fields, kind=Kind.ERROR, method=Method.ALLOCATE, sealing=PLAIN):
    return decode(encode(Message(method, kind, transaction, fields), sealing))


def challenged(transaction, *fields, code=401, value=b"n"):
    return answer(
        transaction, at.ERROR_CODE(ErrorCode(code)), at.REALM("r"), at.NONCE(value), *fields
    )


def test_401_without_credentials_ends_it():
    exchange = Exchange(allocate(IDS[0]))
    exchange.wire(IDS[1])
    assert exchange.receive(challenged(IDS[1])) == Refused(ErrorCode(401))


def test_401_is_answered_once_and_the_answer_signed():
    exchange = Exchange(allocate(IDS[0]), CREDENTIALS)
    assert decode(exchange.wire(IDS[1])).integrity_at is None
    assert exchange.receive(challenged(IDS[1])) == Again()
    sent = decode(exchange.wire(IDS[2]))
    key = long_term_key(CREDENTIALS, "r")
    assert sent.genuine(key)
    assert sent.message.get(at.USERNAME) == "user"
    signed = answer(IDS[2], at.LIFETIME(600), kind=Kind.SUCCESS, sealing=Sealing(key))
    assert exchange.receive(signed) == Succeeded(signed.message)
    assert exchange.receive(challenged(IDS[2])) == Refused(ErrorCode(401))


def test_a_success_that_is_not_signed_is_an_error():
    exchange = Exchange(allocate(IDS[0]), CREDENTIALS)
    exchange.wire(IDS[1])
    exchange.receive(challenged(IDS[1]))
    exchange.wire(IDS[2])
    for sealing in (Sealing(), Sealing(b"other")):
        with pytest.raises(ProtocolError, match="did not sign"):
            exchange.receive(answer(IDS[2], kind=Kind.SUCCESS, sealing=sealing))


def test_late_answers_to_unsigned_tries_are_not_a_second_401():
    exchange = Exchange(allocate(IDS[0]), CREDENTIALS)
    exchange.wire(IDS[1])
    exchange.wire(IDS[2])
    assert exchange.receive(challenged(IDS[2])) == Again()
    exchange.wire(IDS[3])
    assert exchange.receive(challenged(IDS[1])) is None


def test_a_stale_nonce_is_renewed_but_not_for_ever():
    exchange = Exchange(allocate(IDS[0]), CREDENTIALS)
    for number, code in enumerate((401, 438, 438, 438)):
        exchange.wire(IDS[number])
        step = exchange.receive(challenged(IDS[number], code=code, value=b"n%d" % number))
        assert step == Again()
        assert exchange.known.nonce == b"n%d" % number
    exchange.wire(IDS[5])
    assert exchange.receive(challenged(IDS[5], code=438)) == Refused(ErrorCode(438))


def test_another_server():
    exchange = Exchange(allocate(IDS[0]))
    exchange.wire(IDS[1])
    other = Address("2001:db8::1", 3478)
    redirect = answer(
        IDS[1], at.ERROR_CODE(ErrorCode(300)), at.ALTERNATE_SERVER(other), at.ALTERNATE_DOMAIN("x")
    )
    assert exchange.receive(redirect) == Redirected(other, "x")
    with pytest.raises(ProtocolError, match="300 without"):
        exchange.receive(answer(IDS[1], at.ERROR_CODE(ErrorCode(300))))


@pytest.mark.parametrize(
    ("received", "reason"),
    [
        (answer(IDS[1], kind=Kind.REQUEST), "a request with our"),
        (answer(IDS[1], method=Method.REFRESH), "Refresh error to a request for Allocate"),
        (answer(IDS[1]), "without a code"),
        (answer(IDS[1], at.Field(0x7000, b"")), "0x7000"),
        (answer(IDS[1], at.ERROR_CODE(ErrorCode(401))), "without realm or nonce"),
        (challenged(IDS[1], value=nonce(1)), "contradict"),
        (challenged(IDS[1], at.PASSWORD_ALGORITHMS((SHA256,))), "contradict"),
        (challenged(IDS[1], at.PASSWORD_ALGORITHMS((PasswordAlgorithm(9),)), value=nonce(1)),
         "no password algorithm that we know"),
        (challenged(IDS[1], value=b"obMatJos2AA"), "without its features"),
        (challenged(IDS[1], value=b"obMatJos2A!!A"), "without its features"),
    ],
)  # fmt: skip
def test_answers_that_break_the_protocol(received, reason):
    exchange = Exchange(allocate(IDS[0]), CREDENTIALS)
    exchange.wire(IDS[1])
    with pytest.raises(ProtocolError, match=reason):
        exchange.receive(received)


@pytest.mark.parametrize(("offered", "strong"), [((SHA256, MD5), True), ((MD5, SHA256), False)])
def test_the_newer_features_are_used_when_the_nonce_has_them(offered, strong):
    exchange = Exchange(allocate(IDS[0]), CREDENTIALS)
    exchange.wire(IDS[1])
    step = exchange.receive(challenged(IDS[1], at.PASSWORD_ALGORITHMS(offered), value=nonce(1 | 2)))
    assert step == Again()
    sent = decode(exchange.wire(IDS[2]))
    assert sent.message.get(at.USERHASH) == userhash("user", "r")
    assert sent.message.get(at.USERNAME) is None
    assert sent.message.get(at.PASSWORD_ALGORITHM) == offered[0]
    assert sent.genuine(long_term_key(CREDENTIALS, "r", sha256=strong), sha256=True)


def test_answers_to_others_are_not_ours():
    exchange = Exchange(allocate(IDS[0]))
    exchange.wire(IDS[1])
    assert exchange.receive(challenged(IDS[7])) is None


def test_a_password_is_never_shown():
    assert "secret" not in repr(CREDENTIALS)


def test_strings_are_prepared():
    assert opaque_string("a\u00a0b\u0041\u030a") == "a b\u00c5"
    with pytest.raises(ValueError, match="control character"):
        opaque_string("a\nb")


def test_ipv6_is_asked_for_by_name():
    assert allocate(IDS[0]).get(at.REQUESTED_ADDRESS_FAMILY) is None
    assert allocate(IDS[0], 6, 60).get(at.REQUESTED_ADDRESS_FAMILY) == 2
    assert allocate(IDS[0], 6, 60).get(at.LIFETIME) == 60

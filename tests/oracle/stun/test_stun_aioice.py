"""aioice reads what we write, and we read what it writes."""

import secrets

import pytest
from aioice import stun as theirs
from hypothesis import given
from hypothesis import strategies as st

from callgate.stun import Address, Kind, Message, Method, Sealing, decode, encode
from callgate.stun import attributes as at
from tests.support.stun import addresses, errors, transactions, values

#: The attributes that both know, by aioice's name of them.
SHARED = {
    name: attribute
    for name, attribute in {each.name: each for each in at.KNOWN}.items()
    if name in theirs.ATTRIBUTES_BY_NAME and name not in {"MESSAGE-INTEGRITY", "FINGERPRINT"}
}
#: aioice refuses what it cannot print.
PLAIN = st.text(st.characters(codec="ascii", categories=("L", "N")), max_size=30)


def their_value(attribute, value):
    if isinstance(value, Address):
        return (value.host, value.port)
    if attribute is at.ERROR_CODE:
        return (value.code, value.reason)
    if attribute is at.USE_CANDIDATE:
        return None
    if attribute is at.REQUESTED_TRANSPORT:
        return value << 24  # it knows the field as four bytes
    return value


@st.composite
def shared_fields(draw):
    attribute = draw(st.sampled_from(sorted(SHARED.values(), key=lambda each: each.number)))
    if attribute.codec in (at.PLAIN_ADDRESS, at.XOR_ADDRESS):
        return attribute, draw(addresses)
    if attribute is at.ERROR_CODE:
        return attribute, draw(errors)
    return attribute, draw(values(attribute))


@pytest.fixture(scope="module", autouse=True)
def enough_is_shared():
    assert len(SHARED) >= 15


fields = st.lists(shared_fields(), max_size=6, unique_by=lambda pair: pair[0].number)
methods = st.sampled_from([each for each in Method if each.name in theirs.Method.__members__])


@given(methods, st.sampled_from(Kind), transactions, fields)
def test_aioice_reads_what_we_write(method, kind, transaction, pairs):
    message = Message(method, kind, transaction, tuple(a(value) for a, value in pairs))
    key = secrets.token_bytes(16)
    read = theirs.parse_message(encode(message, Sealing(key)))
    read.check_message_integrity(key)
    assert read.transaction_id == transaction
    assert read.message_method == method
    assert {
        name: value
        for name, value in read.attributes.items()
        if name not in {"MESSAGE-INTEGRITY", "FINGERPRINT"}
    } == {a.name: their_value(a, value) for a, value in pairs}


@given(methods, transactions, fields, st.booleans())
def test_we_read_what_aioice_writes(method, transaction, pairs, sealed):
    message = theirs.Message(theirs.Method(method), theirs.Class.REQUEST, transaction)
    for attribute, value in pairs:
        message.attributes[attribute.name] = their_value(attribute, value)
    if sealed:
        message.add_message_integrity(b"key")
        message.add_fingerprint()
    received = decode(bytes(message))
    assert received.message.fields == tuple(a(value) for a, value in pairs)
    assert received.genuine(b"key") is sealed


def test_aioice_accepts_what_we_refuse_knowingly():
    message = Message(Method.BINDING, Kind.REQUEST, bytes(12))
    wire = bytearray(encode(message, Sealing(fingerprint=False)))
    wire[4] ^= 1
    theirs.parse_message(bytes(wire))
    with pytest.raises(Exception, match="magic cookie"):
        decode(bytes(wire))

"""Whatever a message says, its bytes say the same."""

from hypothesis import given
from hypothesis import strategies as st

from callgate.stun import ChannelData, Sealing, decode, decode_channel, encode, encode_channel
from callgate.stun.channels import CHANNELS
from tests.support.stun import contents, messages, values

keys = st.one_of(st.none(), st.binary(min_size=1, max_size=32))


@given(messages, keys, st.booleans(), st.booleans())
def test_a_message_is_read_back_as_it_was_written(message, key, sha256, fingerprint):
    wire = encode(message, Sealing(key, sha256, fingerprint))
    received = decode(wire)
    assert received.message == message
    assert len(wire) % 4 == 0
    assert (received.fingerprint_at is not None) is fingerprint
    if key is not None:
        assert received.genuine(key, sha256=sha256)
        assert not received.genuine(key + b"x", sha256=sha256)
        assert not received.genuine(key, sha256=not sha256)


@given(st.sampled_from(contents).flatmap(lambda each: st.tuples(st.just(each), values(each))))
def test_every_attribute_keeps_its_value(pair):
    attribute, value = pair
    data = attribute.codec.encode(value, bytes(12))
    assert attribute.codec.decode(data, bytes(12)) == value


@given(st.sampled_from(CHANNELS), st.binary(max_size=300), st.booleans())
def test_channel_data_is_read_back(channel, data, stream):
    packet = ChannelData(channel, data)
    assert decode_channel(encode_channel(packet, stream=stream)) == packet

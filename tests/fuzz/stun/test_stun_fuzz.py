"""Whatever comes: units or a protocol error, nothing else; whole and byte at a time."""

import struct

from hypothesis import event, given, settings
from hypothesis import strategies as st

from callgate.stun import ChannelData, Framer, ProtocolError, Sealing, decode, decode_unit, encode
from callgate.stun.attributes import BY_NUMBER
from callgate.stun.channels import CHANNELS
from tests.support.stun import messages

numbers = st.one_of(st.sampled_from(sorted(BY_NUMBER)), st.integers(0, 0xFFFF))
#: Bytes that get past the header: right cookie, right length, any attributes.
loose_attributes = st.lists(
    st.tuples(numbers, st.integers(0, 40), st.binary(max_size=36)), max_size=5
)


@st.composite
def near_messages(draw):
    body = b"".join(
        struct.pack("!HH", number, size) + value for number, size, value in draw(loose_attributes)
    )
    kind = draw(st.sampled_from((0x0001, 0x0101, 0x0111, 0x0113, 0x0103, 0x0017, 0x3FFF)))
    return struct.pack("!HHI", kind, len(body), 0x2112A442) + bytes(12) + body


@st.composite
def damaged(draw):
    wire = bytearray(encode(draw(messages), Sealing(b"key", draw(st.booleans()))))
    for _ in range(draw(st.integers(0, 4))):
        wire[draw(st.integers(0, len(wire) - 1))] = draw(st.integers(0, 255))
    cut = draw(st.integers(0, len(wire)))
    return bytes(wire[: draw(st.sampled_from((cut, len(wire))))])


buffers = st.one_of(st.binary(max_size=80), near_messages(), damaged())
streams = st.lists(buffers, max_size=4).map(b"".join)


@given(buffers)
@settings(max_examples=1500, deadline=None)
def test_a_datagram_is_a_unit_or_a_protocol_error(data):
    try:
        unit = decode_unit(data)
    except ProtocolError as error:
        event(error.message.partition(":")[0][:12])
        return
    event("unit")
    if isinstance(unit, ChannelData):
        return
    # What was understood can be written and is then understood alike.
    again = decode(encode(unit.message, Sealing(fingerprint=False)))
    assert again.message == unit.message
    unit.genuine(b"key")
    unit.genuine(b"key", sha256=True)


def outcome(pieces):
    """The units until the end or the first protocol error, and whether there was one."""
    framer, units = Framer(CHANNELS), []
    for piece in pieces:
        try:
            units += framer.feed(piece)
        except ProtocolError:
            return units, True
    return units, False


@given(streams)
@settings(max_examples=800, deadline=None)
def test_a_stream_means_the_same_byte_at_a_time(data):
    slow, broken = outcome(bytes([byte]) for byte in data)
    whole, whole_broken = outcome([data])
    assert whole_broken is broken
    # A broken stream fed at once gives up its earlier units with it.
    assert whole == ([] if broken else slow)
    event("broken" if broken else f"{min(len(slow), 3)} units")

"""Units in a stream, however it is cut; ChannelData with and without padding."""

import pytest

from callgate.stun import ChannelData, Framer, ProtocolError, decode_channel, encode_channel
from callgate.stun.framing import decode_unit
from tests.support import stun

MEDIA = ChannelData(0x4001, b"hello")
STREAM = stun.REQUEST + encode_channel(MEDIA, stream=True) + stun.RESPONSE_V4


def kinds(units):
    return [type(each).__name__ for each in units]


@pytest.mark.parametrize("step", [1, 3, 4, 50, len(STREAM)])
def test_a_stream_is_cut_at_its_units(step):
    framer = Framer({0x4001})
    units = [u for at in range(0, len(STREAM), step) for u in framer.feed(STREAM[at : at + step])]
    assert kinds(units) == ["Received", "ChannelData", "Received"]
    assert units[1] == MEDIA
    assert framer.pending == b""


def test_what_is_not_whole_is_kept():
    framer = Framer()
    assert framer.feed(stun.REQUEST[:-1]) == []
    assert framer.pending == stun.REQUEST[:-1]


@pytest.mark.parametrize(
    "data",
    [b"HTTP/1.1 400", b"\x80", b"\x16\x03\x01\x00\x05\x01", b"\x00\x01\x00\x00\x21\x13",
     b"\x50\x00\x00\x00", b"\x7f\xff\x00\x00"],
)  # fmt: skip
def test_another_protocol_is_refused_at_once(data):
    with pytest.raises(ProtocolError):
        Framer().feed(data)


def test_an_endless_promise_holds_no_more_than_64_kib():
    framer = Framer()
    framer.bind(0x4000)
    framer.feed(b"\x40\x00\xff\xff" + bytes(0xFFFE))
    assert len(framer.pending) == 0xFFFF + 3
    assert framer.feed(bytes(2)) == [ChannelData(0x4000, bytes(0xFFFF))]


def test_channel_data_by_udp_needs_no_padding_and_may_have_some():
    wire = encode_channel(MEDIA, stream=False)
    assert len(wire) == 9
    assert decode_unit(wire) == decode_unit(wire + b"\0\0\0") == MEDIA


@pytest.mark.parametrize(
    "wire", [b"", b"\x40\0\0", b"\x40\0\0\2a", b"\x40\0\0\0\0\0\0\0", b"\x3f\0\0\0"]
)
def test_bad_channel_data_is_refused(wire):
    with pytest.raises(ProtocolError):
        decode_channel(wire)

"""The client's end of the way to the relay, over the loopback."""

import socket
import ssl
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from callgate.lab.authority import Authority
from callgate.lab.quality.allocation import CHANNEL
from callgate.lab.quality.roads import Datagrams, Stream
from callgate.stun import (
    ChannelData,
    Framer,
    Kind,
    Message,
    Method,
    decode_unit,
    encode,
    encode_channel,
)

AVAILABLE = Path("/proc/sys/net/ipv4/tcp_available_congestion_control")
ANSWER = encode(Message(Method.BINDING, Kind.SUCCESS, bytes(12)))
MEDIA = [ChannelData(CHANNEL, bytes([number]) * 1000) for number in range(200)]


@pytest.fixture
def connected(server):
    with closing(Stream(server.getsockname(), 10, None)) as road:
        stream, _ = server.accept()
        with stream:
            yield road, stream


@pytest.fixture
def server():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        yield listening


def read_all(stream):
    framer, units = Framer([CHANNEL]), []
    while data := stream.recv(65536):
        units += framer.feed(data)
    return units


def test_datagrams_go_at_once():
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as relay:
        relay.bind(("127.0.0.1", 0))
        relay.settimeout(10)
        with closing(Datagrams(relay.getsockname(), 10)) as road:
            assert road.send(MEDIA[1])
            assert decode_unit(relay.recv(2048)) == MEDIA[1]
            assert road.drain(0)
            assert road.congestion == ""


def test_a_stream_carries_whole_packets_and_tells_its_congestion_control(connected):
    road, stream = connected
    assert all(road.send(each) for each in MEDIA[:5])
    assert road.drain(10)
    assert road.congestion in AVAILABLE.read_text().split()
    road.close()
    assert read_all(stream) == MEDIA[:5]


def test_what_a_full_stream_does_not_take_is_dropped_and_nothing_is_torn(connected):
    road, stream = connected
    taken = [each for each in MEDIA * 40 if road.send(each)]
    assert len(taken) < len(MEDIA * 40)
    assert not road.drain(0.05)  # nobody reads
    arrived = []
    reader = threading.Thread(target=lambda: arrived.extend(read_all(stream)), daemon=True)
    reader.start()
    assert road.drain(10)
    assert road.send(MEDIA[7])
    assert road.drain(10)
    road.close()
    reader.join(10)
    assert arrived == [*taken, MEDIA[7]]


def test_waiting_waits_also_when_the_stream_is_full(connected):
    road, _ = connected
    while road.send(MEDIA[0]):
        pass
    start = time.monotonic()
    road.wait(0.05)
    assert 0.05 <= time.monotonic() - start < 5


def test_tls_is_checked_and_carries_the_same(server, tmp_path):
    authority = Authority(tmp_path)
    identity = authority.issue("turn", "turn.lab.test")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(identity.certificate, identity.key)
    echoed = []

    def serve():
        stream, _ = server.accept()
        with context.wrap_socket(stream, server_side=True) as tls:
            framer = Framer([CHANNEL])
            while len(echoed) < 2:
                echoed.extend(framer.feed(tls.recv(65536)))
            tls.sendall(ANSWER)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    trusted = ("turn.lab.test", authority.identity.certificate)
    with closing(Stream(server.getsockname(), 10, trusted)) as road:
        assert road.send(MEDIA[3])
        answer = road.ask(encode_channel(MEDIA[4], stream=True))
    thread.join(10)
    assert echoed == MEDIA[3:5]
    assert answer.message.kind is Kind.SUCCESS


def test_a_relay_that_hangs_up_is_an_error(server):
    with closing(Stream(server.getsockname(), 10, None)) as road:
        server.accept()[0].close()
        with pytest.raises(OSError, match=r"closed|reset|pipe"):
            road.ask(b"anything")


@pytest.mark.parametrize("fault", ["name", "authority"])
def test_tls_with_somebody_else_is_refused(server, tmp_path, fault):
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    ours, theirs = Authority(tmp_path / "ours"), Authority(tmp_path / "theirs")
    signer = theirs if fault == "authority" else ours
    identity = signer.issue("turn", "turn.lab.test" if fault == "authority" else "other.test")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(identity.certificate, identity.key)

    def serve():
        stream, _ = server.accept()
        with pytest.raises((ssl.SSLError, OSError)), context.wrap_socket(stream, server_side=True):
            pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with pytest.raises(ssl.SSLCertVerificationError):
        Stream(server.getsockname(), 10, ("turn.lab.test", ours.identity.certificate))
    thread.join(10)

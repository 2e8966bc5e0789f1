"""coturn understands us and we understand it: UDP, TCP, TLS; IPv4 and IPv6."""

import secrets
import socket
import ssl

import pytest

from callgate.lab.atlas import Atlas
from callgate.lab.stage import Stage
from callgate.lab.turnserver import PASSWORD, REALM, TLS_PORT, TURN_PORT, USER
from callgate.policy.site import Site
from callgate.profiles.loader import find
from callgate.stun import (
    ChannelData,
    Credentials,
    Exchange,
    Framer,
    Refused,
    Succeeded,
    decode_unit,
    encode_channel,
)
from callgate.stun import attributes as at
from callgate.stun.requests import allocate, binding, channel_bind, refresh
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find("goto"), Site())
GOOD, BAD = Credentials(USER, PASSWORD), Credentials(USER, "wrong")
NO_ID = bytes(12)


@pytest.fixture(scope="module")
def stage():
    require("ip", "nft", "conntrack", "turnserver", "squid")
    with Stage(ATLAS) as built:
        yield built


class Wire:
    """A blocking client of one transport; TCP and TLS are read a byte at a time."""

    def __init__(self, stage, transport, version):
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        port = TLS_PORT if transport == "tls" else TURN_PORT
        self.socket = stage["client"].socket(family, kind)
        self.socket.settimeout(5)
        self.socket.connect((ATLAS.turn.of(version), port))
        if transport == "tls":
            context = ssl.create_default_context(cafile=stage.authority.identity.certificate)
            self.socket = context.wrap_socket(self.socket, server_hostname=ATLAS.turn_name)
        self.datagrams = transport == "udp"
        self.framer = Framer({0x4000})

    def send(self, data):
        self.socket.sendall(data)

    def receive(self):
        if self.datagrams:
            return decode_unit(self.socket.recv(65536))
        while not (units := self.framer.feed(self.socket.recv(1))):
            pass
        return units[0]

    def ask(self, request, credentials=None, known=None):
        exchange = Exchange(request, credentials, known)
        for _ in range(3):
            self.send(exchange.wire(secrets.token_bytes(12)))
            step = exchange.receive(self.receive())
            if isinstance(step, Succeeded | Refused):
                return step, exchange.known
        raise AssertionError(step)


transports = pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
versions = pytest.mark.parametrize("version", [4, 6])


@pytest.fixture
def wire(stage, transport, version):
    made = Wire(stage, transport, version)
    yield made
    made.socket.close()


@transports
@versions
def test_binding_tells_the_address_behind_the_nat(wire, version):
    step, _ = wire.ask(binding(NO_ID))
    seen = step.message.get(at.XOR_MAPPED_ADDRESS).host
    assert seen == (ATLAS.outside.v4 if version == 4 else ATLAS.client.v6)


@transports
@versions
def test_without_credentials_401_and_with_wrong_ones_too(wire, version):
    step, _ = wire.ask(allocate(NO_ID, version))
    assert step.error.code == 401
    step, known = wire.ask(allocate(NO_ID, version), BAD)
    assert step.error.code == 401
    assert known.realm == REALM


@transports
@versions
def test_media_goes_through_an_allocation_to_itself(wire, version):
    step, known = wire.ask(allocate(NO_ID, version, lifetime=600), GOOD)
    relayed = step.message.get(at.XOR_RELAYED_ADDRESS)
    assert relayed.host == ATLAS.turn.of(version)
    assert step.message.get(at.LIFETIME) == 600
    step, known = wire.ask(channel_bind(NO_ID, 0x4000, relayed), GOOD, known)
    assert isinstance(step, Succeeded)
    wire.send(encode_channel(ChannelData(0x4000, b"there and back"), stream=not wire.datagrams))
    assert wire.receive() == ChannelData(0x4000, b"there and back")
    step, _ = wire.ask(refresh(NO_ID, 0), GOOD, known)
    assert step.message.get(at.LIFETIME) == 0


@pytest.mark.parametrize(("transport", "version"), [("udp", 4)])
def test_what_coturn_refuses_is_told(wire):
    step, _ = wire.ask(refresh(NO_ID, 600), GOOD)
    assert step.error.code == 437  # there is no allocation to refresh

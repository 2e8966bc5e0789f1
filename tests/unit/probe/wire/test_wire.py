"""Each step against a server on the loopback that behaves, or misbehaves in one known way."""

import asyncio
import base64
import hashlib
import socket
import ssl
from ipaddress import ip_address

import pytest
from cryptography import x509

from callgate.probe.events import (
    Broken,
    Http,
    Icmp,
    Opened,
    ProxyAnswered,
    Refused,
    Secured,
    Stun,
    Trust,
    Tunnel,
)
from callgate.probe.targets import Way
from callgate.stun import Credentials, Kind, Message, decode, encode
from callgate.stun import attributes as at
from callgate.stun.values import ErrorCode
from tests.support.loopback import HOST, Authority, probe, see, serving

OWN = x509.IPAddress(ip_address(HOST))


async def turn(reader, writer):
    """A TURN server that wants credentials."""
    head = await reader.readexactly(20)
    wire = head + await reader.readexactly(int.from_bytes(head[2:4], "big"))
    asked = decode(wire).message
    fields = (at.ERROR_CODE(ErrorCode(401, "Unauthorized")), at.REALM("r"), at.NONCE(b"n"))
    writer.write(encode(Message(asked.method, Kind.ERROR, asked.transaction, fields)))
    await writer.drain()


async def websocket(reader, writer):
    """A server that switches."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    key = head.split("Sec-WebSocket-Key: ")[1].split("\r\n")[0]
    digest = hashlib.sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
    )
    await writer.drain()


def answering(text):
    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(text.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        await writer.drain()

    return talk


def tunnelling(port, heard):
    """A proxy that tunnels every CONNECT to a port, and keeps what was asked."""

    async def pump(source, sink):
        while data := await source.read(65536):
            sink.write(data)
        sink.close()

    async def talk(reader, writer):
        heard.append((await reader.readuntil(b"\r\n\r\n")).decode())
        far_reader, far_writer = await asyncio.open_connection(HOST, port)
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n")
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))

    return talk


def check(way, talk, tls=None, **settings):
    async def go():
        async with serving(talk, tls) as port:
            return await see(probe(way, port), **settings)

    return asyncio.run(go())


def through(way, talk, tls=None, **settings):
    heard = []

    async def go():
        async with serving(talk, tls) as port, serving(tunnelling(port, heard)) as proxy:
            return await see(probe(way, port, proxy=proxy), **settings)

    return asyncio.run(go()), heard


def test_turn_by_tcp():
    seen = check(Way.TURN_TCP, turn)
    assert seen.first(Stun).code == 401
    assert seen.seconds < 2


def test_turn_by_tls(tmp_path):
    authority = Authority(tmp_path)
    seen = check(Way.TURN_TLS, turn, authority.context(OWN), authorities=authority.file)
    assert seen.first(Stun).code == 401
    secured = seen.first(Secured)
    assert (secured.trust, secured.trouble) == (Trust.VENDOR, "")
    assert secured.chain.issuer == "Test CA"


@pytest.mark.parametrize(
    ("names", "days", "trouble"),
    [
        ([x509.DNSName("other.example.com")], (-1, 30), "name"),
        ([OWN], (-30, -1), "expired"),
        ([OWN], (1, 30), "not yet valid"),
        ([], (-1, 30), "name"),
    ],
)
def test_a_genuine_certificate_that_clients_refuse(tmp_path, names, days, trouble):
    authority = Authority(tmp_path)
    tls = authority.context(*names, days=days)
    secured = check(Way.TURN_TLS, turn, tls, authorities=authority.file).first(Secured)
    assert (secured.trust, secured.trouble) == (Trust.VENDOR, trouble)


def test_somebody_elses_certificate(tmp_path):
    vendor, other = Authority(tmp_path), Authority(tmp_path, "Inspector")
    seen = check(Way.TURN_TLS, turn, other.context(OWN), authorities=vendor.file)
    assert seen.first(Secured).trust is Trust.NOBODY
    assert seen.first(Secured).chain.issuer == "Inspector"


def test_somebody_elses_certificate_that_this_machine_trusts(tmp_path, monkeypatch):
    vendor, other = Authority(tmp_path), Authority(tmp_path, "Inspector")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.file))
    seen = check(Way.TURN_TLS, turn, other.context(OWN), authorities=vendor.file)
    assert seen.first(Secured).trust is Trust.LOCAL


def test_a_websocket(tmp_path):
    authority = Authority(tmp_path)
    seen = check(Way.WEB, websocket, authority.context(OWN), authorities=authority.file)
    assert seen.first(Http).status == 101


def test_a_101_that_was_not_for_us(tmp_path):
    authority = Authority(tmp_path)
    text = "HTTP/1.1 101 Switching\nUpgrade: websocket\nConnection: Upgrade"
    seen = check(Way.WEB, answering(text), authority.context(OWN), authorities=authority.file)
    assert seen.first(Broken).text == "101 with a wrong key"


def test_a_page_in_place_of_a_websocket(tmp_path):
    authority = Authority(tmp_path)
    text = (
        "HTTP/1.1 426 Upgrade Required\nVia: 1.1 rp-proxy\nContent-Length: 0\n"
        "Location: https://portal.example.net/\nDate: Thu, 01 Jan 2015 00:00:00 GMT"
    )
    seen = check(Way.WEB, answering(text), authority.context(OWN), authorities=authority.file)
    http = seen.first(Http)
    assert (http.status, http.via, http.location) == (
        426, "1.1 rp-proxy", "https://portal.example.net/",
    )  # fmt: skip
    assert http.skew < -86400 * 365


def test_turn_through_a_proxy():
    seen, heard = through(Way.TURN_TCP, turn)
    assert seen.first(Stun).code == 401
    assert seen.first(Tunnel).via == "1.1 test"
    assert len(heard) == 1
    assert heard[0].startswith(f"CONNECT {HOST}:")
    assert "Authorization" not in heard[0]


def test_turn_by_tls_through_a_proxy(tmp_path):
    authority = Authority(tmp_path)
    seen, _ = through(Way.TURN_TLS, turn, authority.context(OWN), authorities=authority.file)
    assert seen.first(Stun).code == 401
    assert seen.first(Secured).trust is Trust.VENDOR


def test_basic_credentials_go_to_the_proxy_and_nowhere_else():
    secret = Credentials("user", "s3cret-pass")
    seen, heard = through(Way.TURN_TCP, turn, proxy_credentials=secret)
    token = base64.b64encode(b"user:s3cret-pass").decode()
    assert f"Proxy-Authorization: Basic {token}" in heard[0]
    assert "s3cret-pass" not in repr(seen.log)
    assert token not in repr(seen.log)


def test_a_proxys_refusal_is_kept_with_its_headers():
    text = (
        "HTTP/1.1 407 Required\nVia: 1.1 squid\nX-Squid-Error: ERR_CACHE_ACCESS_DENIED 0\n"
        'Proxy-Authenticate: NTLM\nProxy-Authenticate: Basic realm="x"\nContent-Length: 0'
    )

    async def go():
        async with serving(answering(text)) as port:
            return await see(probe(Way.TURN_TCP, 3478, proxy=port))

    tunnel = asyncio.run(go()).first(Tunnel)
    assert tunnel.status == 407
    assert tunnel.schemes == ("NTLM", "Basic")
    assert tunnel.error == "ERR_CACHE_ACCESS_DENIED 0"


def test_the_proxy_itself_is_asked():
    async def go():
        async with serving(answering("HTTP/1.1 400 Bad Request\nContent-Length: 0")) as port:
            return await see(probe(Way.PROXY, port, proxy=port))

    assert asyncio.run(go()).first(ProxyAnswered).text == "400 Bad Request"


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


def test_a_closed_tcp_port_is_a_reset_and_ends_at_once():
    seen = asyncio.run(see(probe(Way.TURN_TCP, free_port(socket.SOCK_STREAM))))
    assert isinstance(seen.first(Refused), Refused)
    assert seen.seconds < 1


def test_a_closed_udp_port_is_an_icmp_error_with_its_sender():
    seen = asyncio.run(see(probe(Way.TURN_UDP, free_port(socket.SOCK_DGRAM))))
    fact = seen.first(Icmp)
    assert (fact.kind, fact.code, fact.offender) == (3, 3, HOST)
    assert seen.seconds < 1


class Udp(asyncio.DatagramProtocol):
    def __init__(self, answer):
        self.answer, self.seen = answer, []

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.seen.append(data)
        for reply in self.answer(data, len(self.seen)):
            self.transport.sendto(reply, addr)


async def with_udp(answer, way=Way.TURN_UDP):
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: Udp(answer), local_addr=(HOST, 0)
    )
    try:
        port = transport.get_extra_info("sockname")[1]
        return await see(probe(way, port)), server.seen
    finally:
        transport.close()


def unauthorized(data):
    asked = decode(data).message
    fields = (at.ERROR_CODE(ErrorCode(401)), at.REALM("r"), at.NONCE(b"n"))
    return encode(Message(asked.method, Kind.ERROR, asked.transaction, fields))


def test_lost_requests_are_sent_again_with_other_ids():
    seen, sent = asyncio.run(
        with_udp(lambda data, number: [unauthorized(data)] if number == 4 else [])
    )
    assert seen.first(Stun).number == 3
    assert len({decode(each).message.transaction for each in sent}) == len(sent) >= 4


def test_strangers_datagrams_are_ignored():
    def answer(data, _number):
        stranger = bytearray(unauthorized(data))
        stranger[10] ^= 1
        return [b"noise", bytes(stranger), unauthorized(data)]

    seen, _ = asyncio.run(with_udp(answer))
    assert seen.first(Stun).code == 401
    assert seen.first(Broken) is None


def test_a_server_that_answers_only_without_the_cookie():
    def answer(data, _number):
        if data[4:8] == b"\x21\x12\xa4\x42":
            return []
        return [b"\x01\x01\x00\x00" + data[4:20]]

    seen, _ = asyncio.run(with_udp(answer))
    assert seen.trail.answer is None
    assert next(seen.trail.all(Stun)).classic
    assert seen.seconds < 4


def test_tls_1_2_only_servers_are_reached(tmp_path):
    authority = Authority(tmp_path)
    tls = authority.context(OWN)
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    seen = check(Way.TURN_TLS, turn, tls, authorities=authority.file)
    assert seen.first(Secured).version == "TLSv1.2"
    assert seen.first(Opened) is not None

"""What a client sees through a proxy: CONNECT's status, who signed, what HTTP answers."""

import socket
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cryptography import x509

from callgate.lab import paths
from callgate.lab.atlas import PROXY_PORT
from callgate.lab.audio import packet
from callgate.lab.authority import Authority
from callgate.lab.call import Order
from callgate.lab.calls import Chromium, LightClient
from callgate.lab.campaign import example_site
from callgate.lab.cases import Case
from callgate.lab.judgement import Plan
from callgate.lab.programs import Program, await_ports, seated
from callgate.lab.signalling import LIGHT
from callgate.lab.squid import Mode
from callgate.policy.site import Site
from callgate.profiles.loader import find

PROFILE = find("goto")
SITE = example_site(PROFILE, Site())
PLAN = Plan(PROFILE, SITE, "nftables")
APP = PLAN.atlas.vendor_name
LOOKALIKE = "evil-goto.com"
TOOLS = ("ip", "nft", "conntrack", "turnserver", "squid", "chromium", "certutil")
ORIGIN = "Callgate lab CA"
INSPECTOR = "Inspector"
UPGRADE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
)


@dataclass(frozen=True)
class Sight:
    """``connect`` is the status of CONNECT, ``issuer`` who signed (None: no TLS came up)."""

    connect: str
    issuer: str | None = None
    http: str | None = None


def inspector(folder):
    """An authority of the inspecting proxy's own, with certificate and key in one file."""
    folder.mkdir()
    identity = Authority(folder, INSPECTOR).identity
    both = folder / "both.pem"
    both.write_bytes(identity.certificate.read_bytes() + identity.key.read_bytes())
    both.chmod(0o644)
    return both


@contextmanager
def proxy(stage, argv, label):
    """A proxy on the lab's proxy machine, until the body ends."""
    log = stage.folder / f"{label}.log"
    program = Program(stage["proxy"], seated(stage.resolver, argv), log)
    try:
        await_ports(program, stage["proxy"], [stage.atlas.proxy.v4], [PROXY_PORT])
        yield log
    finally:
        program.end()


def look(stage, host, *, sni=None, port=443, headers=(), path="/nothing"):
    """CONNECT to a host, TLS with ``sni`` (the host's name if None), one request."""
    connection = stage["client"].socket(socket.AF_INET, socket.SOCK_STREAM)
    with connection:
        connection.settimeout(20)
        connection.connect((stage.atlas.proxy.v4, PROXY_PORT))
        status = _connect(connection, f"{host}:{port}")
        if status != "200":
            return Sight(status)
        try:
            with _tls().wrap_socket(connection, server_hostname=sni or host) as secured:
                issuer = _issuer(secured)
                return Sight(status, issuer, _request(secured, sni or host, path, headers))
        except (ssl.SSLError, ConnectionError):
            return Sight(status)


def upgrade(stage, host, **how):
    """What becomes of a WebSocket's handshake."""
    return look(stage, host, headers=UPGRADE, path=LIGHT, **how)


CLIENTS = {"light client": LightClient, "Chromium": Chromium}


def call(stage, client="light client"):
    """The path of a call through the proxy, by the firewall's counters, and the answer."""
    caller = CLIENTS[client]()
    before: dict[paths.Key, paths.Bytes] = {}
    order = Order(4, proxied=True, packets=caller.packets)
    answer = caller.place(stage, order, lambda: before.update(stage.media()))
    carried = paths.by_path(stage.atlas, paths.grown(before, stage.media()))
    return paths.travelled(carried, int(order.packets * len(packet(0)) * 0.8)), answer


def arrange(stage, scenario, rules=None):
    """The firewall's rules for a scenario with a proxy; the proxy is the test's own."""
    ports = ("443", "3478") if scenario == "turn-tcp-3478" else ("443",)
    wanted = Case(scenario, "proxied", Mode.PLAIN, "", ports)
    stage.arrange(rules or PLAN.rules(wanted), replace(wanted, proxy=None))


def _tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _issuer(secured):
    certificate = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True))
    (name,) = certificate.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return name.value


def _connect(connection, target):
    connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    return _status(_head(connection))


def _request(secured, host, path, headers):
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *headers, "", ""]
    secured.sendall("\r\n".join(lines).encode())
    return _status(_head(secured))


def _head(connection):
    """What comes up to the end of the head; no byte more, TLS may follow."""
    found = b""
    while not found.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            raise ConnectionError("closed within the head")
        found += piece
    return found


def _status(head):
    return head.split(b" ", 2)[1].decode()

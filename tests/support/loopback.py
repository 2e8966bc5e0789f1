"""Servers on the loopback that answer as a test wants, and probes of them."""

import asyncio
import contextlib
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from callgate.flows import Family
from callgate.policy.site import Proxy
from callgate.probe.targets import Plan, Probe, Server, Way
from callgate.probe.trails import trail
from callgate.probe.wire.run import Settings, run

HOST = "127.0.0.1"


@dataclass
class Authority:
    """A certification authority of a test."""

    folder: Path
    name: str = "Test CA"

    def __post_init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._certificate(self.name, self.key.public_key(), authority=True)
        self.file = self.folder / f"{self.name.replace(' ', '-')}.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def _certificate(self, name, public, *, authority=False, names=(), days=(-1, 30), issuer=None):
        now = datetime.now(UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        above = issuer.subject if issuer else subject
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(above)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(list(names)), False)
        return builder.sign(self.key, hashes.SHA256())

    def context(self, *names, days=(-1, 30)):
        """A server's TLS with a certificate for these names or addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = self._certificate(
            "server", key.public_key(), names=names, days=days, issuer=self.certificate
        )
        file = self.folder / f"server-{leaf.serial_number}.pem"
        file.write_bytes(
            leaf.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(file)
        return made


@contextlib.asynccontextmanager
async def serving(talk, tls=None):
    """A TCP server that talks; gives its port."""

    talks = set()

    async def converse(reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await talk(reader, writer)
        writer.transport.abort()

    def accept(reader, writer):
        talks.add(asyncio.create_task(converse(reader, writer)))

    server = await asyncio.start_server(accept, HOST, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0)


def probe(way, port, *, proxy=None):
    """One probe of a server on the loopback."""
    through = Proxy(HOST, proxy) if proxy else None
    name = f"path{'@proxy' if proxy else ''}"
    return Probe(name, name, way, Server(HOST, port), None if proxy else Family.V4, through)


@dataclass
class Seen:
    """What one probe saw, and how long the run took."""

    trail: object
    seconds: float
    log: tuple

    def first(self, kind):
        """The first fact of a kind."""
        return self.trail.first(kind)


async def see(probe, **settings):
    """Run a plan of one probe."""
    plan = Plan((probe,), (), (), ("path",), ((45000, 49999),))
    began = time.monotonic()
    log = await run(plan, Settings((Family.V4,), ("127.0.0.1",), **settings))
    return Seen(trail(probe, log), time.monotonic() - began, log)


__all__ = ["HOST", "Authority", "Seen", "Way", "probe", "see", "serving"]

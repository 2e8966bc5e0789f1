"""One handshake, judged afterwards: whose certificate it is, and whether a client takes it.

The handshake verifies nothing, so the presented chain can be seen whatever it is. Two stores
judge it: the authorities that the vendor's certificates come from (the public ones, or those
that the user names), and this machine's own store, which may hold an inspecting box's too.
"""

import hashlib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.x509.oid import NameOID
from OpenSSL import crypto

from callgate.errors import ToolError, installing
from callgate.probe.events import Chain, Trust, plain

_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, openssl/x509_vfy.h
_NAMES_MAX = 10


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a chain is; ``trouble`` as in :class:`callgate.probe.events.Secured`."""

    chain: Chain | None
    trust: Trust
    trouble: str


@dataclass
class Judge:
    """``vendor`` is a PEM file of authorities, None for the public ones.

    Intermediates that were seen anywhere in the run help to tell a chain that a server
    forgot to send from one that nobody signed.
    """

    vendor: Path | None = None
    _seen: list[crypto.X509] = field(default_factory=list)

    def judge(self, ders: list[bytes], host: str, now: datetime) -> Judgement:
        """Judge a presented chain, leaf first, for a host name or address."""
        try:
            certificates = [crypto.load_certificate(crypto.FILETYPE_ASN1, each) for each in ders]
            leaf = x509.load_der_x509_certificate(ders[0]) if ders else None
        except (crypto.Error, ValueError):
            return Judgement(None, Trust.NOBODY, "unreadable")
        if leaf is None:
            return Judgement(None, Trust.NOBODY, "none")
        chain = _summary(leaf, ders)
        sent = certificates[1:]
        pooled = [*sent, *self._seen]
        self._seen += sent
        complete = _signed(self._vendor_store, certificates[0], sent)
        if complete or _signed(self._vendor_store, certificates[0], pooled):
            trouble = _trouble(leaf, host, now) or ("" if complete else "chain")
            return Judgement(chain, Trust.VENDOR, trouble)
        if _signed(self._machine_store, certificates[0], sent):
            return Judgement(chain, Trust.LOCAL, _trouble(leaf, host, now))
        return Judgement(chain, Trust.NOBODY, "issuer")

    @cached_property
    def _vendor_store(self) -> crypto.X509Store:
        store = crypto.X509Store()
        store.load_locations(str(self.vendor) if self.vendor else public_authorities())
        return store

    @cached_property
    def _machine_store(self) -> crypto.X509Store:
        store = crypto.X509Store()
        context = ssl.create_default_context()
        for der in context.get_ca_certs(binary_form=True):
            store.add_cert(crypto.load_certificate(crypto.FILETYPE_ASN1, der))
        folder = ssl.get_default_verify_paths().capath
        if folder is not None:
            store.load_locations(None, folder)
        return store


def public_authorities() -> str:
    """The file of the public authorities; ToolError without it."""
    try:
        import certifi  # noqa: PLC0415 - not needed when the user names authorities
    except ImportError:
        raise ToolError(
            "the list of public authorities is missing", hint=installing("probe")
        ) from None
    return certifi.where()


def presented(sslobject: object) -> list[bytes]:
    """The chain of a finished handshake, as the other side sent it, in DER, leaf first."""
    public = getattr(sslobject, "get_unverified_chain", None)
    if public is not None:  # Python 3.13
        return [bytes(each) for each in public() or ()]
    inner = getattr(sslobject, "_sslobj", None)
    if inner is not None and hasattr(inner, "get_unverified_chain"):
        form = cast("Any", ssl)._ssl.ENCODING_DER
        return [each.public_bytes(form) for each in inner.get_unverified_chain() or ()]
    leaf = cast("ssl.SSLObject", sslobject).getpeercert(binary_form=True)
    return [leaf] if leaf else []


def _signed(store: crypto.X509Store, leaf: crypto.X509, between: list[crypto.X509]) -> bool:
    """Whether the store's authorities stand behind a leaf, whatever its dates."""
    store.set_flags(_NO_CHECK_TIME)
    try:
        crypto.X509StoreContext(store, leaf, between).verify_certificate()
    except crypto.X509StoreContextError:
        return False
    return True


def _trouble(leaf: x509.Certificate, host: str, now: datetime) -> str:
    if now < leaf.not_valid_before_utc:
        return "not yet valid"
    if now > leaf.not_valid_after_utc:
        return "expired"
    return "" if covers(leaf, host) else "name"


def covers(leaf: x509.Certificate, host: str) -> bool:
    """Whether a certificate is for a host (RFC 9525): its names, or its addresses."""
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        return ip_address(host) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        patterns = names.get_values_for_type(x509.DNSName)
        return any(_matches(each.lower(), host.lower().removesuffix(".")) for each in patterns)


def _matches(pattern: str, host: str) -> bool:
    """A star stands for exactly one whole label, the first (RFC 9525 section 6.3)."""
    if not pattern.startswith("*."):
        return pattern == host
    label, dot, rest = host.partition(".")
    return bool(label and dot) and rest == pattern[2:]


def _summary(leaf: x509.Certificate, ders: list[bytes]) -> Chain:
    try:
        last = x509.load_der_x509_certificate(ders[-1])
    except ValueError:
        last = leaf
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        listed = tuple(plain(each, 80) for each in names.get_values_for_type(x509.DNSName))
    except (x509.ExtensionNotFound, ValueError):
        listed = ()
    return Chain(
        _name(leaf.subject),
        _name(leaf.issuer),
        _name(last.issuer),
        listed[:_NAMES_MAX],
        leaf.not_valid_before_utc.isoformat(),
        leaf.not_valid_after_utc.isoformat(),
        hashlib.sha256(ders[0]).hexdigest(),
        len(ders),
    )


def _name(name: x509.Name) -> str:
    """Common name and organisation, which people know an authority by."""
    parts: list[str] = []
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        parts += [str(each.value) for each in name.get_attributes_for_oid(oid)[:1]]
    return plain(" / ".join(dict.fromkeys(parts)) or name.rfc4514_string(), 120)

"""The lab's certificate authority and the certificates that it signs.

Keys are made anew for each lab and leave with it. The authority is trusted by the lab's
own programs only, and by nothing on the machine.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from callgate.lab.identity import Identity

#: How many days a certificate is valid, and how many a clock may be behind.
_LIFETIME: Final = 7  # days
_SLACK: Final = 1
#: Authorities live long, as in practice: a wrong clock shows at a server's certificate.
_AGE: Final = 3650


class Authority:
    """Signs certificates; writes everything to one folder, in files called after the label.

    ``name`` is that of the issuer. It signs itself, or the authority above it does.
    """

    def __init__(
        self,
        folder: Path,
        name: str = "Callgate lab CA",
        label: str = "ca",
        above: "Authority | None" = None,
    ) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        signer = above or self
        self.identity = self._write(
            label, self._key, signer._signed(self._name, self._key, None, (-_AGE, _AGE))
        )

    def issue(
        self, label: str, *names: str, days: tuple[int, int] = (-_SLACK, _LIFETIME)
    ) -> Identity:
        """A server certificate for host names, valid between these days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._write(label, key, self._signed(_name(names[0]), key, names, days))

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        names: tuple[str, ...] | None,
        days: tuple[int, int],
    ) -> x509.Certificate:
        """A certificate for these names, or for an authority if there are none."""
        now = datetime.now(UTC)
        begins, ends = (now + timedelta(days=each) for each in days)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
        )
        if names is not None:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False
            ).add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
            )
        return builder.sign(self._key, hashes.SHA256())

    def _write(
        self, label: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
    ) -> Identity:
        found = Identity(self._folder / f"{label}.pem", self._folder / f"{label}.key")
        found.key.touch(mode=0o600)
        found.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        found.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return found


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

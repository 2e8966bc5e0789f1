"""coturn as the vendor's TURN server: 3478 by UDP and TCP, 443 by TLS (RFC 8656)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from callgate.lab.identity import Identity

TURN_PORT: Final = 3478
TLS_PORT: Final = 443
#: Long-term credentials; the lab has no secrets.
USER, PASSWORD, REALM = "lab", "lab", "callgate.lab"


def command(addresses: Sequence[str], identity: Identity, folder: Path) -> list[str]:
    """The command line; nothing of the machine's own coturn is read or written."""
    listen = [f"--{kind}-ip={address}" for kind in ("listening", "relay") for address in addresses]
    return [
        "turnserver",
        "-n",  # no configuration file
        *listen,
        f"--listening-port={TURN_PORT}",
        f"--tls-listening-port={TLS_PORT}",
        f"--cert={identity.certificate}",
        f"--pkey={identity.key}",
        "--lt-cred-mech",
        f"--user={USER}:{PASSWORD}",
        f"--realm={REALM}",
        f"--userdb={folder / 'turndb'}",
        f"--pidfile={folder / 'turnserver.pid'}",
        "--log-file=stdout",
        "--simple-log",
        "--no-cli",
        "--no-dtls",
        "--no-rfc5780",
        # Relays where media servers are, so that a client can try direct UDP to its own.
        "--min-port=45000",
        "--max-port=49999",
    ]

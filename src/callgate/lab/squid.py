"""Squid as the site's proxy: plain CONNECT, or with TLS inspection (pure text).

Inspection needs Debian's ``squid-openssl``; the package ``squid`` cannot do it.
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from callgate.lab.identity import Identity

#: Squid refuses to run as root; the Debian package makes this user.
USER: Final = "proxy"
#: A lost query must not outlast a client's patience; Squid's own value is five seconds.
_DNS_REPEAT: Final = "500 milliseconds"
_HELPER: Final = "/usr/lib/squid/security_file_certgen"


class Mode(Enum):
    """What the proxy does with TLS inside CONNECT."""

    PLAIN = "plain"
    SPLICE = "splice"  # looks at the server's name and leaves the rest alone
    EXEMPT = "bump, TURN exempt"
    BUMP = "bump"


@dataclass(frozen=True, slots=True)
class Setup:
    """What a proxy needs.

    ``tunnels`` are the ports that CONNECT may name. They must be those that the firewall
    opens for the proxy: a call was seen in which Squid 5.7, refused at port 3478 of the
    TURN server, answered 503 for port 443 of it as well.
    ``exempt`` is the host that Mode.EXEMPT leaves alone. ``websockets`` False is Squid's own
    default: where it opens TLS, it takes the upgrade out of the request. ``authority`` signs
    what it forges, ``trusted`` are the authorities that it believes itself. ``directives``
    stand before its access rules. At the port ``intercept`` it also takes TLS connections
    that a firewall leads to it.
    """

    mode: Mode
    tunnels: tuple[str, ...]
    port: int
    resolvers: tuple[str, ...]
    exempt: str
    folder: Path
    authority: Identity
    trusted: Path
    websockets: bool = True
    directives: str = ""
    intercept: int | None = None


def configuration(setup: Setup) -> str:
    """The whole squid.conf."""
    folder = setup.folder
    return f"""\
{_listener(setup)}{_decisions(setup.mode, setup.exempt)}
acl tunnel_ports port {" ".join(setup.tunnels)}
http_access deny !tunnel_ports
{setup.directives}http_access allow all
http_upgrade_request_protocols websocket {"allow" if setup.websockets else "deny"} all
dns_nameservers {" ".join(setup.resolvers)}
dns_retransmit_interval {_DNS_REPEAT}
cache deny all
access_log stdio:{folder}/access.log
cache_log {folder}/cache.log
pid_filename none
coredump_dir {folder}
cache_effective_user {USER}
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
"""


def _listener(setup: Setup) -> str:
    if setup.mode is Mode.PLAIN:
        return f"http_port {setup.port}\n"
    own = setup.authority
    forging = f"ssl-bump generate-host-certificates=on tls-cert={own.certificate} tls-key={own.key}"
    if setup.intercept is None:
        listen = f"http_port {setup.port} {forging}"
    else:
        # It wants a port for requests to itself, too.
        listen = f"http_port {setup.port}\nhttps_port {setup.intercept} intercept {forging}"
    return f"""\
{listen}
sslcrtd_program {_HELPER} -s {setup.folder}/certificates -M 4MB
sslcrtd_children 1 startup=1 idle=1
tls_outgoing_options cafile={setup.trusted}
"""


def _decisions(mode: Mode, exempt: str) -> str:
    """The ssl_bump lines of a mode: which names are opened."""
    opened = {
        Mode.PLAIN: [],
        Mode.SPLICE: ["ssl_bump splice all"],
        Mode.EXEMPT: [
            f"acl exempt ssl::server_name {exempt}",
            "ssl_bump splice exempt",
            "ssl_bump bump all",
        ],
        Mode.BUMP: ["ssl_bump bump all"],
    }[mode]
    if not opened:
        return ""
    return "\n".join(["acl first at_step SslBump1", "ssl_bump peek first", *opened]) + "\n"


def prepare(folder: Path) -> list[str]:
    """The command that makes the store of forged certificates."""
    return [_HELPER, "-c", "-s", f"{folder}/certificates", "-M", "4MB"]


def command(configured: Path) -> list[str]:
    """The command line of a proxy in the foreground."""
    return ["squid", "-N", "-f", str(configured)]

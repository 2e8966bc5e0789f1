"""The lines of squid.conf: lists, decisions on requests, decisions on TLS.

Theory of operation
-------------------
* Squid takes the first line that fits, of each kind. Ours stand in an order that works for
  TLS, plain TURN and WebSocket alike: names of CONNECT are spliced before anything is read
  (``splice callgate_names``), and only then Squid peeks, for clients that CONNECT to an
  address and tell the name in TLS.
* ``dstdomain -n``: without ``-n`` Squid looks an address up backwards, and whoever owns the
  reverse zone could name it ``meet.goto.com``.
* An entry is ``.goto.com``: ``*.goto.com`` and ``.goto.com.`` are accepted and match nothing.
* Each entry has a line of its own, so that a list of any length is one that Squid reads.
"""

from collections.abc import Iterator
from typing import Final

from callgate.dialects.squid.settings import Tls
from callgate.flows import Network, PortRange
from callgate.policy.model import Tunnel

NAMES: Final = "callgate_names"
_SNI: Final = "callgate_sni"
_RELAYS: Final = "callgate_relays"
_FIRST: Final = "callgate_step1"
_HTTPS: Final = PortRange(443, 443)


class Lists:
    """The ``acl`` lines, and which of them there are."""

    def __init__(
        self,
        names: tuple[str, ...],
        clients: tuple[Network, ...],
        tunnels: tuple[Tunnel, ...],
        tls: Tls,
    ) -> None:
        self._names = names
        self._clients = clients
        self._tls = tls
        self.ports = tuple(dict.fromkeys(port for each in tunnels for port in each.ports))
        self._relayed = tuple(each for each in tunnels if each.networks)

    @property
    def relays(self) -> bool:
        """Whether there are networks that CONNECT may name by address."""
        return bool(self._relayed)

    def lines(self) -> Iterator[str]:
        """Every list, one entry a line."""
        yield from _each("callgate_clients", "src", self._clients)
        yield "acl callgate_connect method CONNECT"
        yield from _each("callgate_ports", "port", self.ports)
        yield from _each(NAMES, "dstdomain -n", self._names)
        if self._tls is not Tls.PLAIN:
            yield f"acl {_FIRST} at_step SslBump1"
            yield from _each(_SNI, "ssl::server_name", self._names)
        if self.relays:
            ports = dict.fromkeys(port for each in self._relayed for port in each.ports)
            networks = dict.fromkeys(net for each in self._relayed for net in each.networks)
            yield from _each("callgate_relay_ports", "port", tuple(ports))
            yield from _each(_RELAYS, "dst -n", tuple(networks))

    def allowed(self) -> Iterator[str]:
        """Requests for the application: CONNECT to its names and relays."""
        tunnel = "http_access allow callgate_clients callgate_connect"
        yield f"{tunnel} callgate_ports {NAMES}"
        if self.relays:
            yield f"{tunnel} callgate_relay_ports {_RELAYS}"

    def others(self) -> Iterator[str]:
        """Where the proxy is for more than the application: the clients' other web traffic."""
        yield "acl callgate_web port 80 443"
        yield "http_access deny !callgate_web"
        yield "acl callgate_https port 443"
        yield "http_access deny callgate_connect !callgate_https"
        yield "http_access allow callgate_clients"

    def untouched(self) -> Iterator[str]:
        """TLS that Squid must not open, and bytes that are no TLS at all (TURN over TCP)."""
        if self._tls is Tls.PLAIN:
            return
        yield f"ssl_bump splice {NAMES}"
        if self.relays:
            yield f"ssl_bump splice {_RELAYS}"
        yield f"ssl_bump peek {_FIRST}"
        yield f"ssl_bump splice {_SNI}"
        for name in (NAMES, _RELAYS) if self.relays else (NAMES,):
            yield f"on_unsupported_protocol tunnel {name}"


def _each(name: str, kind: str, values: tuple[object, ...]) -> Iterator[str]:
    for value in values:
        yield f"acl {name} {kind} {value}"

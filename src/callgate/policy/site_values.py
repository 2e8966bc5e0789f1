"""Values that a flag and the site file write in the same way.

Every parser raises ValueError with ``what is wrong; what to do``.
"""

import re
from ipaddress import ip_address
from typing import Final

from callgate.flows import Network, PortRange, Protocol
from callgate.flows.prefixes import parse_network
from callgate.names.patterns import normalise
from callgate.policy.site import Proxy, Service, SuppliedEndpoint
from callgate.profiles.documents import shown
from callgate.profiles.formats import check_id, check_port, check_ports

_SERVICE: Final = "udp/3478 or tcp/443,8443 or udp/3478@192.0.2.0/24"
_PROTOCOLS: Final = {"tcp": Protocol.TCP, "udp": Protocol.UDP}
_HOST_PORT = re.compile(r"(?:\[([^\]]*)\]|([^:\[\]]*)):([^:]*)")


def parse_proxy(text: str) -> Proxy:
    """Read ``HOST:PORT`` or ``HOST:PORT=ADDRESS[,ADDRESS]``; v6 hosts stand in brackets.

    A host that is an address needs no other one.
    """
    server, equals, addresses = text.partition("=")
    host, port = parse_host_port(server)
    if equals:
        return Proxy(host, port, tuple(parse_network(each) for each in addresses.split(",")))
    return Proxy(host, port, _own_address(host))


def parse_endpoint(text: str) -> SuppliedEndpoint:
    """Read ``ROLE=HOST:PORT``: ``turn=192.0.2.7:3478``."""
    role, equals, server = text.partition("=")
    if not equals:
        raise ValueError(f"not ROLE=HOST:PORT: {shown(text)!r}; for example turn=192.0.2.7:3478")
    check_id(role)
    return SuppliedEndpoint(role, *parse_host_port(server))


def parse_service(text: str) -> Service:
    """Read ``udp/3478``, ``tcp/443,8443``, ``udp/3478,45000-49999@192.0.2.0/24,2001:db8::/32``."""
    what, at, networks = text.partition("@")
    protocol, slash, ports = what.partition("/")
    if not slash:
        raise ValueError(f"not PROTOCOL/PORTS: {shown(text)!r}; {_SERVICE}")
    if protocol not in _PROTOCOLS:
        raise ValueError(f"not a protocol: {shown(protocol)!r}; tcp or udp")
    return Service(
        _PROTOCOLS[protocol],
        tuple(parse_ports(each) for each in ports.split(",")),
        tuple(parse_network(each) for each in networks.split(",")) if at else (),
    )


def parse_ports(text: str) -> PortRange:
    """Read ``443`` or ``45000-49999``; port 0 does not exist."""
    check_ports(text)
    return PortRange.parse(text)


def parse_host_port(text: str) -> tuple[str, int]:
    """Read ``proxy.example.net:3128``, ``192.0.2.1:3128`` or ``[2001:db8::1]:3128``."""
    found = _HOST_PORT.fullmatch(text)
    if found is None:
        raise ValueError(f"not HOST:PORT: {shown(text)!r}; an IPv6 host stands in brackets")
    bracketed, plain, port = found.groups()
    check_port(port)
    if bracketed is None:
        return _host(plain), int(port)
    address = _address(bracketed)
    if address is None or ":" not in address:
        raise ValueError(f"not an IPv6 address: {shown(bracketed)!r}; [2001:db8::1]:3128")
    return address, int(port)


def _host(text: str) -> str:
    return _address(text) or normalise(text)


def _address(text: str) -> str | None:
    """The address in its canonical form, or None; a zone has no meaning elsewhere."""
    try:
        return None if "%" in text else str(ip_address(text))
    except ValueError:
        return None


def _own_address(host: str) -> tuple[Network, ...]:
    return (parse_network(host),) if _address(host) else ()

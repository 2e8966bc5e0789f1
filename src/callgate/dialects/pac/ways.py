"""What ``FindProxyForURL`` returns: ``DIRECT`` or one ``PROXY host:port``.

The return value is a little language of its own (alternatives stand behind ``;``), so a
host is accepted only as a domain name or an IP address, and only its normal form is
written. Nothing stands behind the proxy: with ``; DIRECT`` a client would pass it by in
silence whenever it fails.
"""

from ipaddress import IPv6Address, ip_address
from typing import Final

from callgate.errors import UsageError
from callgate.names.patterns import normalise
from callgate.policy.site import Proxy

DIRECT: Final = "DIRECT"


def way(proxy: Proxy | None) -> str:
    """The return value that sends a client to this proxy; None is ``DIRECT``.

    Raises UsageError when the host is neither a domain name nor an IP address, or the
    port is not one.
    """
    if proxy is None:
        return DIRECT
    if not 1 <= proxy.port <= 65535:
        raise UsageError(f"not a proxy port: {proxy.port}", hint="1 to 65535")
    return f"PROXY {_host(proxy.host)}:{proxy.port}"


def _host(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return _name(host)
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.scope_id is not None:
        raise UsageError(
            f"not a proxy host: {host!r}: a zone means something on one machine only",
            hint="an address without %zone, or a name",
        )
    return f"[{address}]"


def _name(host: str) -> str:
    try:
        return normalise(host)
    except ValueError as error:
        raise UsageError(
            f"not a proxy host: {error}", hint="HOST:PORT, HOST a name or an IP address"
        ) from None

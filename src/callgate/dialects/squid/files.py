"""The two files: a whole ``squid.conf`` (standalone), or lines for the site's own (merge)."""

from collections.abc import Iterator
from typing import Final

from callgate.dialects.naming import heading
from callgate.dialects.squid.rules import NAMES, Lists
from callgate.dialects.squid.settings import Settings, Tls
from callgate.policy.model import Policy
from callgate.policy.site import Proxy

_PORT: Final = 3128
_CHECK: Final = "squid -k parse, then squid -k reconfigure"
_TLS: Final = {
    Tls.PLAIN: "Squid does not look into it",
    Tls.SPLICE: "Squid reads the server's name and opens nothing",
    Tls.BUMP: "Squid opens every connection but the application's",
}


def whole(policy: Policy, settings: Settings, lists: Lists, excess: str) -> str:
    """A configuration for a proxy that does this and nothing else, or others too."""
    facts = {
        "Needs": _needs(settings),
        "Listens": str(policy.proxy) if policy.proxy else f"port {_PORT} of every address",
        "TLS": _TLS[settings.tls],
        "Others": "denied" if policy.block else "allowed on ports 80 and 443",
        "Apply": f"/etc/squid/squid.conf; {_CHECK}; to go back, put the old file there",
    }
    lines = [
        *heading(policy, "a whole squid.conf", {**facts, **_relays(policy)}, excess),
        *_listener(policy.proxy, settings),
        *lists.lines(),
        *lists.allowed(),
        *(() if policy.block else lists.others()),
        "http_access deny all",
        *lists.untouched(),
        *_last(policy, settings),
    ]
    return "\n".join(lines) + "\n"


def fragment(policy: Policy, settings: Settings, lists: Lists, excess: str) -> str:
    """Lines that precede the site's own decisions and leave everything else to them."""
    facts = {
        "Needs": _needs(settings),
        "TLS": "your own ssl_bump lines decide on everything else"
        if settings.tls is not Tls.PLAIN
        else "no ssl_bump line here: for a proxy that inspects, --option tls=bump",
        "Apply": "in squid.conf, before the first http_access and the first ssl_bump line: "
        f"include /etc/squid/callgate.conf; {_CHECK}; to go back, take that line out. "
        "Debian's conf.d is included too late for port 3478.",
    }
    lines = [
        *heading(policy, "lines for your squid.conf", {**facts, **_relays(policy)}, excess),
        *lists.lines(),
        *lists.allowed(),
        *(("http_access deny callgate_clients",) if policy.block else ()),
        *lists.untouched(),
    ]
    if settings.tls is Tls.BUMP:
        lines.append(f"http_upgrade_request_protocols websocket allow {NAMES}")
    return "\n".join(lines) + "\n"


def _needs(settings: Settings) -> str:
    if settings.tls is Tls.PLAIN:
        return "Squid 5 or later"
    return "Squid 5 or later with OpenSSL (Debian: squid-openssl)"


def _relays(policy: Policy) -> dict[str, str]:
    """What is to be said of lists of networks that nobody supplied."""
    missing = [each.label for each in policy.tunnels if each.label and not each.networks]
    if not missing:
        return {}
    names = ", ".join(dict.fromkeys(missing))
    return {
        "Relays": f"{names} was not supplied: CONNECT to an address of it is not allowed; "
        f"--network {missing[0]}=@FILE"
    }


def _listener(proxy: Proxy | None, settings: Settings) -> Iterator[str]:
    port = proxy.port if proxy else _PORT
    hosts = [net.network_address for net in proxy.addresses] if proxy else []
    addresses = [f"[{host}]:{port}" if host.version == 6 else f"{host}:{port}" for host in hosts]
    tls = ""
    if settings.tls is not Tls.PLAIN:
        tls = f" ssl-bump generate-host-certificates=on tls-cert={settings.certificate}"
    for address in addresses or [str(port)]:
        yield f"http_port {address}{tls}"
    if tls:
        yield f"sslcrtd_program {settings.helper} -s {settings.store} -M 4MB"


def _last(policy: Policy, settings: Settings) -> Iterator[str]:
    """What becomes of TLS to other names."""
    if settings.tls is Tls.PLAIN:
        return
    if settings.tls is Tls.BUMP:
        yield "ssl_bump bump all"
        yield "http_upgrade_request_protocols websocket allow all"
    else:
        yield "ssl_bump terminate all" if policy.block else "ssl_bump splice all"

"""The lab's network: a LAN with a client and a proxy, a firewall, an ISP, the vendor.

::

    client ──┐                                  ┌── vendor  signalling and media
             ├── firewall (NAT for IPv4) ── isp ┤
    proxy ───┘   rules under test         (DNS) └── turn

The ISP has no route back to the LAN's IPv4 addresses, so a call that works has gone
through the NAT. IPv6 is routed, as it is in practice. Only the firewall judges.
"""

from typing import Final

from callgate.lab.arena import Rules
from callgate.lab.atlas import Atlas
from callgate.netns import End, Link, Namespace, Route, Topology

#: Ports from which the vendor's media servers answer.
MEDIA_PORTS: Final = (45000, 49999)
#: The firewall's interfaces; a user's file may name them.
CLIENT_SIDE, OUTSIDE, PROXY_SIDE = "eth0", "eth1", "eth2"
_DEFAULT: Final = ("0.0.0.0/0", "::/0")
#: The near ends that the LAN's hosts and the vendor's are given as gateways.
_FIREWALL: Final = ("169.254.77.1", "fe80::1")
_ISP: Final = ("169.254.78.1", "fe80::2")
_OWN_TABLE: Final = f"""\
table inet callgate_lab {{
	chain translate {{
		type nat hook postrouting priority srcnat; policy accept;
		meta nfproto ipv4 oifname "{OUTSIDE}" masquerade
	}}
	chain track {{
		type filter hook forward priority 500; policy accept;
		ct state new accept
	}}
}}
"""


def topology(atlas: Atlas) -> Topology:
    """The namespaces, links and routes; enter it to have them built."""
    firewall, isp = _lengths(_FIREWALL), _lengths(_ISP)
    links = [
        Link(End("client", atlas.client.hosts), End("firewall", firewall)),
        Link(End("firewall", atlas.outside.hosts), End("isp", isp)),
        Link(End("proxy", atlas.proxy.hosts), End("firewall", firewall)),
        Link(End("isp", isp), End("vendor", atlas.vendor.hosts)),
        Link(End("isp", isp), End("turn", atlas.turn.hosts)),
    ]
    return Topology(
        links,
        _routes(atlas),
        routers=("firewall", "isp"),
        also={"isp": atlas.resolver.hosts},
    )


def default_route(family: int) -> list[str]:
    """The client's default route for IP version 4 or 6, in the words of ``ip route``."""
    index = 0 if family == 4 else 1
    return [_DEFAULT[index], "via", _FIREWALL[index], "dev", "eth0", "onlink"]


def _routes(atlas: Atlas) -> list[Route]:
    """Default routes towards the ISP, host routes away from it."""
    found = []
    for node, gateway in (
        ("client", _FIREWALL),
        ("proxy", _FIREWALL),
        ("firewall", _ISP),
        ("vendor", _ISP),
        ("turn", _ISP),
    ):
        out = OUTSIDE if node == "firewall" else "eth0"
        found += [Route(node, _DEFAULT[index], gateway[index], out) for index in (0, 1)]
    for node, hosts, interface in (
        ("firewall", atlas.client.hosts, CLIENT_SIDE),
        ("firewall", atlas.proxy.hosts, PROXY_SIDE),
        ("isp", atlas.outside.hosts, "eth0"),
        ("isp", atlas.vendor.hosts, "eth1"),
        ("isp", atlas.turn.hosts, "eth2"),
    ):
        found += [Route(node, host, None, interface) for host in hosts]
    back = atlas.outside.v6
    found += [Route("isp", pair.hosts[1], back, "eth0") for pair in (atlas.client, atlas.proxy)]
    return found


def set_rules(firewall: Namespace, rules: Rules) -> None:
    """Replace whatever the firewall has by these rules and the lab's own NAT.

    ToolError with the tool's words when the rules are refused.
    """
    firewall.load_nft("flush ruleset\n")
    rules.load(firewall)
    firewall.load_nft(_OWN_TABLE)
    # The path of a call is read from these counters.
    firewall.sysctl({"netfilter.nf_conntrack_acct": "1"})


def _lengths(addresses: tuple[str, str]) -> tuple[str, str]:
    return f"{addresses[0]}/32", f"{addresses[1]}/64"

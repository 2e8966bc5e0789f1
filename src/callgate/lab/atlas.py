"""Who has which address and name in the lab (pure).

Addresses follow the site where it names them: the client is one of its clients, the DNS
is its resolver, the TURN server is in its ``turn-networks``. The rest lies in prefixes that
belong to nobody (RFC 5737, RFC 3849), and every name is one that the profile's own patterns
cover.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Final

from callgate.flows import Network, Protocol
from callgate.lab.campaign import EXAMPLE_CLIENTS, EXAMPLE_NETWORKS
from callgate.names import DomainPattern
from callgate.policy.site import Proxy, Site
from callgate.profiles.model import Absent, Profile

#: Hosts of a prefix that the client and the TURN server get, if it is that large.
_CLIENT, _TURN = 10, 20
_RESOLVERS: Final = (ip_network("198.51.100.53"), ip_network("2001:db8:53::53"))


@dataclass(frozen=True, slots=True)
class Pair:
    """One node's two addresses, as text."""

    v4: str
    v6: str

    @property
    def both(self) -> tuple[str, str]:
        """IPv4, then IPv6."""
        return self.v4, self.v6

    @property
    def hosts(self) -> tuple[str, str]:
        """Both with the prefix length of a single host."""
        return f"{self.v4}/32", f"{self.v6}/128"

    @property
    def networks(self) -> tuple[Network, Network]:
        """Both as networks of one address."""
        return ip_network(self.hosts[0]), ip_network(self.hosts[1])

    def of(self, version: int) -> str:
        """The address of IP version 4 or 6."""
        return self.v4 if version == 4 else self.v6


@dataclass(frozen=True, slots=True)
class Atlas:
    """Addresses of every node, and the names that the lab's DNS answers for.

    ``patterns`` are the profile's; a name that one of them covers, other than
    ``turn_name``, is the vendor's signalling.
    """

    client: Pair
    turn: Pair
    vendor_name: str
    turn_name: str
    patterns: tuple[DomainPattern, ...]
    resolver: Pair
    proxy: Pair = Pair("198.51.100.8", "2001:db8:8::8")
    outside: Pair = Pair("198.51.100.2", "2001:db8:ffff::2")
    vendor: Pair = Pair("198.51.100.45", "2001:db8:45::45")

    @classmethod
    def of(cls, profile: Profile, site: Site) -> "Atlas":
        """The lab for one application and one site."""
        patterns = tuple(each for entry in profile.domains for each in entry.patterns)
        supplied = [
            each
            for networks in site.networks.values()
            if not isinstance(networks, str)
            for each in networks
        ]
        return cls(
            client=_pair(site.clients, EXAMPLE_CLIENTS, _CLIENT),
            turn=_pair(supplied, EXAMPLE_NETWORKS, _TURN),
            vendor_name=_below(patterns[0], "app"),
            turn_name=_turn_name(profile),
            patterns=patterns,
            resolver=_pair(site.resolvers, _RESOLVERS, 0),
        )

    def site(self, site: Site, *, proxied: bool) -> Site:
        """The site as the lab has it: its resolver, and its proxy if one is used."""
        proxy = Proxy(PROXY_NAME, PROXY_PORT, self.proxy.networks) if proxied else None
        resolvers = site.resolvers or self.resolver.networks
        return replace(site, resolvers=resolvers, proxy=proxy, default_proxy=None)


#: The proxy's name on the LAN and its port.
PROXY_NAME: Final = "proxy.lab.test"
PROXY_PORT: Final = 3128


def _pair(networks: Iterable[Network], otherwise: tuple[Network, ...], host: int) -> Pair:
    """One host of each family: from the first network that has it, or from the example's."""
    first = {net.version: net for net in (*otherwise[::-1], *tuple(networks)[::-1])}
    return Pair(*(str(net[min(host, net.num_addresses - 1)]) for net in (first[4], first[6])))


def _turn_name(profile: Profile) -> str:
    """The host that the profile names for TURN, or one below a domain that carries media."""
    named = (each.host for each in profile.endpoints if each.role == "turn")
    host = next((each for each in named if not isinstance(each, Absent)), None)
    if host is not None:
        return host
    media = [
        each.patterns[0]
        for each in profile.domains
        if not isinstance(each.protocols, Absent) and Protocol.UDP in each.protocols
    ]
    return _below((media or [profile.domains[0].patterns[0]])[0], "turn")


def _below(pattern: DomainPattern, label: str) -> str:
    return f"{label}.{pattern.base}" if pattern.below else pattern.base

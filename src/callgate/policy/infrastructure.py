"""What must pass for any network application to live, listed by name in every policy.

Loopback, neighbour discovery, path-MTU and other ICMP errors, DNS to the site's
resolvers, established return traffic; for a host also DHCP and the management traffic
that must never be cut. A router's own traffic is not filtered, so its policy has only
what is forwarded.
"""

from collections.abc import Iterator
from typing import Final

from callgate.flows import Family, Network, PortRange, Protocol
from callgate.policy.model import Anywhere, Direction, Kind, Networks, Rule, State
from callgate.policy.site import Management

#: Router solicitation, neighbour solicitation and advertisement, MLDv2 report
#: (RFC 4861, RFC 3810).
ND_OUT: Final = (133, 135, 136, 143)
#: MLD query, router advertisement, neighbour solicitation and advertisement.
ND_IN: Final = (130, 134, 135, 136)
_DNS: Final = (PortRange(53, 53),)
_DHCP_SERVER: Final = {Family.V4: PortRange(67, 67), Family.V6: PortRange(547, 547)}
_DHCP_CLIENT: Final = {Family.V4: PortRange(68, 68), Family.V6: PortRange(546, 546)}


def icmp(family: Family) -> Protocol:
    """The ICMP of a family."""
    return Protocol.ICMP if family is Family.V4 else Protocol.ICMPV6


def of_family(networks: tuple[Network, ...], family: Family) -> tuple[Network, ...]:
    """Those networks that belong to a family, in the order given."""
    return tuple(network for network in networks if network.version == family)


def return_traffic(family: Family) -> Iterator[Rule]:
    """Stateful inspection: answers, and the ICMP errors that belong to a connection."""
    for direction in Direction:
        yield Rule(
            "infrastructure.established",
            Kind.INFRASTRUCTURE,
            family,
            None,
            Anywhere(),
            direction=direction,
            state=State.ESTABLISHED,
            why="answers to what was allowed out (stateful inspection)",
        )
        yield Rule(
            "infrastructure.icmp-errors",
            Kind.INFRASTRUCTURE,
            family,
            icmp(family),
            Anywhere(),
            direction=direction,
            state=State.RELATED,
            why="path MTU discovery and other ICMP errors of allowed connections",
        )


def dns(
    family: Family, sources: tuple[Network, ...] | None, resolvers: tuple[Network, ...]
) -> Iterator[Rule]:
    """DNS by UDP and TCP to the site's resolvers of this family, if it has any."""
    servers = of_family(resolvers, family)
    if not servers:
        return
    for protocol in (Protocol.UDP, Protocol.TCP):
        yield Rule(
            f"infrastructure.dns-{protocol}",
            Kind.INFRASTRUCTURE,
            family,
            protocol,
            Networks(servers, "resolvers"),
            _DNS,
            sources,
            why="names are looked up at the site's resolvers",
        )


def own_traffic(family: Family, management: Management | None) -> Iterator[Rule]:
    """What a host needs besides: loopback, neighbour discovery, DHCP, management."""
    for direction in Direction:
        yield Rule(
            "infrastructure.loopback",
            Kind.INFRASTRUCTURE,
            family,
            None,
            Anywhere(),
            direction=direction,
            loopback=True,
            why="the host talking to itself",
        )
        if family is Family.V6:
            yield Rule(
                "infrastructure.neighbour-discovery",
                Kind.INFRASTRUCTURE,
                family,
                Protocol.ICMPV6,
                Anywhere(),
                direction=direction,
                icmp_types=ND_OUT if direction is Direction.OUT else ND_IN,
                why="IPv6 does not work without it (RFC 4861)",
            )
    yield from _dhcp(family)
    if management is not None and of_family(management.sources, family):
        yield Rule(
            "infrastructure.management",
            Kind.INFRASTRUCTURE,
            family,
            Protocol.TCP,
            Anywhere(),
            management.ports,
            of_family(management.sources, family),
            direction=Direction.IN,
            why="keeps the administrator's own way in",
        )


def _dhcp(family: Family) -> Iterator[Rule]:
    yield Rule(
        "infrastructure.dhcp",
        Kind.INFRASTRUCTURE,
        family,
        Protocol.UDP,
        Anywhere(),
        (_DHCP_SERVER[family],),
        why="keeps the host's address lease",
    )
    yield Rule(
        "infrastructure.dhcp",
        Kind.INFRASTRUCTURE,
        family,
        Protocol.UDP,
        Anywhere(),
        (_DHCP_CLIENT[family],),
        direction=Direction.IN,
        why="a DHCP server answers from an address that was not asked",
    )

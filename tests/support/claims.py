"""A small policy with a restricted network, and what dialects make of it."""

from dataclasses import replace
from ipaddress import ip_network

from callgate.dialects import registry
from callgate.flows import Family, PortRange, Protocol
from callgate.lab.arena import Rules
from callgate.policy import infrastructure
from callgate.policy.model import Anywhere, Block, Kind, Networks, Policy, Rule
from callgate.policy.site import Apply, Edge, Final, Management, On

CLIENTS = {
    Family.V4: (ip_network("192.0.2.0/24"),),
    Family.V6: (ip_network("2001:db8:c::/48"),),
}
TURN = {
    Family.V4: (ip_network("198.51.100.0/25"),),
    Family.V6: (ip_network("2001:db8:7::/48"),),
}
MEDIA = (PortRange(3478, 3478), PortRange(45000, 49999))


def turn_policy(on: On = On.ROUTER, final: Final = Final.REJECT) -> Policy:
    """UDP to the TURN networks, TCP 443 to anywhere, nothing else."""
    host = on is On.HOST
    rules = [rule for family in Family for rule in infrastructure.return_traffic(family)]
    if host:
        own = (infrastructure.own_traffic(family, Management()) for family in Family)
        rules += [rule for each in own for rule in each]
    for family in Family:
        udp = Rule(
            "turn", Kind.NEED, family, Protocol.UDP, Networks(TURN[family], "turn-networks"), MEDIA
        )
        tcp = Rule("web", Kind.NEED, family, Protocol.TCP, Anywhere(), (PortRange(443, 443),))
        sources = None if host else CLIENTS[family]
        rules += [replace(rule, sources=sources) for rule in (udp, tcp)]
    return Policy(
        profile="goto/2.1",
        document="a document",
        scenarios=("turn-udp",),
        site="test",
        on=on,
        edge=Edge.CLIENT,
        apply=Apply.STANDALONE,
        families=tuple(Family),
        clients=None if host else (*CLIENTS[Family.V4], *CLIENTS[Family.V6]),
        rules=tuple(rules),
        block=Block(final, None),
        notices=(),
        merge=None,
        domains=(),
        proxy=None,
        default_proxy=None,
    )


def generated(policy: Policy, dialect: str) -> Rules:
    """The configuration that a dialect makes of a policy."""
    return Rules.of(registry.find(dialect).generate(policy))

"""Policies for the tests of the packet-filter dialects, in documentation addresses."""

from dataclasses import replace
from ipaddress import ip_network

from callgate.flows import Family, PortRange, Protocol
from callgate.policy import infrastructure
from callgate.policy.model import (
    Anywhere,
    Block,
    Kind,
    Networks,
    Notice,
    Policy,
    Rule,
)
from callgate.policy.site import Apply, Edge, Final, Management, MergePoint, On

BOTH = (Family.V4, Family.V6)
CLIENTS = tuple(
    map(ip_network, ("192.0.2.0/25", "192.0.2.128/26", "2001:db8:1::/64", "2001:db8:3::/64"))
)
RESOLVERS = tuple(map(ip_network, ("192.0.2.53", "2001:db8::53")))
TURN = tuple(map(ip_network, ("198.51.100.0/24", "203.0.113.0/25", "2001:db8:2::/64")))

#: Scenario -> (protocol, low port, high port, "turn" or "all").
SCENARIOS = {
    "unrestricted": ((Protocol.UDP, 45000, 49999, "all"), (Protocol.TCP, 443, 443, "all")),
    "turn-udp": ((Protocol.UDP, 3478, 3478, "turn"), (Protocol.TCP, 443, 443, "all")),
    "turn-tcp-3478": ((Protocol.TCP, 3478, 3478, "turn"), (Protocol.TCP, 443, 443, "all")),
    "turn-tcp-443": ((Protocol.TCP, 443, 443, "all"),),
}
NFT_MERGE = MergePoint("inet filter", "forward", 2)
IPT_MERGE = MergePoint("filter", "FORWARD", 2)


def of_family(networks, family):
    return tuple(each for each in networks if each.version == family)


def needs(scenario, family, sources):
    for protocol, low, high, where in SCENARIOS[scenario]:
        destination = Anywhere()
        if where == "turn":
            destination = Networks(of_family(TURN, family), "turn-networks")
        yield Rule(
            f"{scenario}.{protocol}-{low}",
            Kind.NEED,
            family,
            protocol,
            destination,
            (PortRange(low, high),),
            sources,
            why="media" if where == "turn" else "signalling",
        )


def policy(
    scenario="turn-udp",
    on=On.ROUTER,
    final=Final.REJECT,
    families=BOTH,
    merge=None,
    block=None,
    clients=CLIENTS,
):
    """A policy as the builder makes it."""
    clients = clients if on is On.ROUTER else None
    rules = []
    for family in families:
        rules += infrastructure.return_traffic(family)
        if on is On.HOST:
            rules += infrastructure.own_traffic(family, Management())
        sources = None if clients is None else of_family(clients, family)
        if sources == ():
            continue
        rules += infrastructure.dns(family, sources, RESOLVERS)
        rules += needs(scenario, family, sources)
    wanted = merge is None if block is None else block
    return Policy(
        profile="goto/2.1",
        document="Minimal firewall settings, version 2.1",
        scenarios=(scenario,),
        site="head office",
        on=on,
        edge=Edge.CLIENT,
        apply=Apply.STANDALONE if merge is None else Apply.MERGE,
        families=families,
        clients=clients,
        rules=tuple(rules),
        block=Block(final, None if merge is None else clients) if wanted else None,
        notices=(Notice("note", "Something that the reader has to know."),),
        merge=merge,
        domains=(),
        proxy=None,
        default_proxy=None,
    )


def with_rule(original, **changes):
    """The policy with its last rule (a need) changed."""
    *others, last = original.rules
    return replace(original, rules=(*others, replace(last, **changes)))


def text_of(dialect, generated, name=None):
    """The text of one artifact of a policy; the first one when no name is given."""
    artifacts = {each.name: each.text for each in dialect.generate(generated)}
    return artifacts[name] if name else next(iter(artifacts.values()))

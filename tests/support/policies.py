"""Policies for the tests of the packet-filter dialects, in documentation addresses."""

from dataclasses import replace
from functools import cache
from ipaddress import ip_network

from callgate.flows import Family
from callgate.policy.build import build
from callgate.policy.site import Apply, Final, MergePoint, On, Site
from callgate.profiles.loader import find

BOTH = (Family.V4, Family.V6)
CLIENTS = tuple(
    map(ip_network, ("192.0.2.0/25", "192.0.2.128/26", "2001:db8:1::/64", "2001:db8:3::/64"))
)
RESOLVERS = tuple(map(ip_network, ("192.0.2.53", "2001:db8::53")))
TURN = tuple(map(ip_network, ("198.51.100.0/24", "203.0.113.0/25", "2001:db8:2::/64")))
SCENARIOS = ("unrestricted", "turn-udp", "turn-tcp-3478", "turn-tcp-443")
NFT_MERGE = MergePoint("inet filter", "forward", 2)
IPT_MERGE = MergePoint("filter", "FORWARD", 2)

goto = cache(find)


def site(
    on=On.ROUTER,
    final=Final.REJECT,
    families=BOTH,
    merge=None,
    block=None,
    clients=CLIENTS,
    resolvers=RESOLVERS,
    **choices,
):
    """A site in documentation addresses."""
    return Site(
        name="head office",
        families=families,
        clients=clients if on is On.ROUTER else (),
        resolvers=resolvers,
        networks={"turn-networks": TURN},
        on=on,
        apply=Apply.STANDALONE if merge is None else Apply.MERGE,
        merge=merge,
        block=block,
        final=final,
        **choices,
    )


def policy(scenario="turn-udp", **choices):
    """A scenario of GoTo's at a site in documentation addresses."""
    return build(goto("goto/2.1"), site(**choices), (scenario,))


def with_rule(original, **changes):
    """The policy with its last rule (a need) changed."""
    *others, last = original.rules
    return replace(original, rules=(*others, replace(last, **changes)))


def text_of(dialect, generated, name=None):
    """The text of one artifact of a policy; the first one when no name is given."""
    artifacts = {each.name: each.text for each in dialect.generate(generated)}
    return artifacts[name] if name else next(iter(artifacts.values()))

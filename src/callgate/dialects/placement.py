"""Which rules go to which hook of a packet filter that has forward, output and input.

A router filters what it forwards, and nothing else: its own traffic is not touched. A
host filters what it sends (direction OUT) and what it receives (direction IN). Rules
about connections that exist, and about loopback, hold for both sides of a host.

In a merge the site names one chain; on a host that is the way out, and the way in stays
the business of the site's own input chain.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Network
from callgate.policy.model import Direction, Domains, Networks, Policy, Rule, State
from callgate.policy.site import Apply, MergePoint, On

#: Why a host that rejects has two more lines on its way out. Its input block answers with
#: a reset, which conntrack calls related; and a packet of a connection that conntrack has
#: not seen yet (the administrator's session, when conntrack starts with these rules) must
#: not be answered with one: dropped, it is sent again and passes once the other side spoke.
OWN_RESETS: Final = "the input block's own resets"
OLDER_CONNECTIONS: Final = "connections older than these rules pick up again"


class Hook(Enum):
    """Where in the box a packet is seen."""

    FORWARD = "forward"
    OUTPUT = "output"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Placed:
    """The rules of one hook, in order."""

    hook: Hook
    rules: tuple[Rule, ...]


def placements(policy: Policy) -> tuple[Placed, ...]:
    """The policy's rules, hook by hook."""
    if policy.on is On.ROUTER:
        return (Placed(Hook.FORWARD, policy.rules),)
    out = Placed(Hook.OUTPUT, _of_side(policy, Direction.OUT))
    if policy.apply is Apply.MERGE:
        return (out,)
    return (out, Placed(Hook.INPUT, _of_side(policy, Direction.IN)))


def _of_side(policy: Policy, side: Direction) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in policy.rules
        if rule.direction is side or rule.loopback or rule.state is not State.NEW
    )


def hook_out(on: On) -> Hook:
    """The hook that sees what clients send."""
    return Hook.FORWARD if on is On.ROUTER else Hook.OUTPUT


def unlabelled(rule: Rule) -> Rule:
    """The same rule with its networks spelt out: a line that stands alone has no lists."""
    if not isinstance(rule.destination, Networks):
        return rule
    return replace(rule, destination=Networks(rule.destination.prefixes))


def has_way_in(policy: Policy) -> bool:
    """Whether somebody may open connections to a port of the host (management)."""
    return any(rule.direction is Direction.IN and rule.ports for rule in policy.rules)


def merge_point(policy: Policy) -> MergePoint:
    """Where to merge; UsageError when the site does not say, or says nonsense."""
    point = policy.merge
    if point is None:
        raise UsageError(
            "to merge, the rules must know their place in the site's ruleset",
            hint="name the table, the chain and the position in the site file",
        )
    if point.position < 1:
        raise UsageError(f"merge position {point.position}: positions count from 1")
    return point


def refuse_domains(policy: Policy, title: str) -> None:
    """UnsupportedError when a destination is a domain: a packet carries no names."""
    for rule in policy.rules:
        if isinstance(rule.destination, Domains):
            raise UnsupportedError(
                f"{title} cannot allow by domain ({rule.id}): a packet carries addresses only",
                hint="drop --by-domain (the document says All), filter names in a proxy, or take "
                "nftables with dnsmasq",
            )


def outermost(networks: Iterable[Network]) -> tuple[Network, ...]:
    """The networks without those inside another one, in order of address; one family."""
    found: list[Network] = []
    for network in sorted(networks, key=lambda each: (int(each.network_address), each.prefixlen)):
        if not found or int(network.network_address) > int(found[-1].broadcast_address):
            found.append(network)
    return tuple(found)


def is_all(networks: Iterable[Network]) -> bool:
    """Whether the networks of one family hold every address of it, by a prefix of length 0."""
    return any(network.prefixlen == 0 for network in networks)

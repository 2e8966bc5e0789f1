"""Chains: the allows of one hook and, where asked for, the final block.

A block that covers everything is also the base chain's policy, so that it holds even if
somebody flushes the rules. Client DNS that is not allowed is rejected even where the block
drops: a resolver that times out delays every call by seconds, one that is refused does not.
"""

from collections.abc import Iterator

from callgate.dialects.nftables.sets import Sets
from callgate.dialects.nftables.statements import sources_match, statements
from callgate.dialects.placement import (
    OLDER_CONNECTIONS,
    OWN_RESETS,
    Hook,
    Placed,
    has_way_in,
)
from callgate.flows import Family
from callgate.policy.model import Block, Policy
from callgate.policy.site import Final

Line = tuple[str, str]  # a rule and its comment
#: icmpx, which suits either family, exists in tables that see both.
_PROHIBITED = {
    "inet": "icmpx admin-prohibited",
    "ip": "icmp admin-prohibited",
    "ip6": "icmpv6 admin-prohibited",
}


def allow_lines(placed: Placed, sets: Sets, table_family: str) -> list[Line]:
    """What is allowed at one hook."""
    return [
        (each.text(table_family), each.comment)
        for each in statements(placed.rules, placed.hook, sets)
    ]


def block_lines(
    policy: Policy, block: Block, hook: Hook, sets: Sets, table_family: str
) -> list[Line]:
    """The final block at one hook, for each scope that it has."""
    return [
        line
        for scope in _scopes(block, sets, table_family)
        for line in _block(policy, block, hook, scope, _PROHIBITED[table_family])
    ]


def _scopes(block: Block, sets: Sets, table_family: str) -> Iterator[str]:
    if block.clients is None:
        yield ""
        return
    for family in Family:
        networks = tuple(each for each in block.clients if each.version == family)
        if networks and table_family in ("inet", {4: "ip", 6: "ip6"}[family]):
            yield sources_match(networks, sets, family) + " "


def _block(policy: Policy, block: Block, hook: Hook, scope: str, prohibited: str) -> Iterator[Line]:
    if block.action is Final.DROP:
        if hook is not Hook.INPUT:
            yield f"{scope}udp dport 53 reject", "refuse, do not delay"
            yield f"{scope}tcp dport 53 reject with tcp reset", "refuse, do not delay"
        yield f"{scope}counter drop", "final block"
        return
    if hook is Hook.OUTPUT and has_way_in(policy):
        yield f"{scope}tcp flags & rst == rst ct state related accept", OWN_RESETS
        yield f"{scope}tcp flags & (syn | ack) != syn drop", OLDER_CONNECTIONS
    yield f"{scope}meta l4proto tcp counter reject with tcp reset", "final block"
    yield f"{scope}counter reject with {prohibited}", "final block"


def chain(name: str, base: str, lines: list[Line]) -> Iterator[str]:
    """A ``chain`` block; ``base`` is its hook line, or empty for a chain to jump to."""
    width = max((len(rule) for rule, _ in lines), default=0)
    yield f"\tchain {name} {{"
    if base:
        yield f"\t\t{base}"
        yield ""
    for rule, comment in lines:
        yield f'\t\t{rule:<{width}} comment "{comment}"'
    yield "\t}"

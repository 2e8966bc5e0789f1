"""The policy's rules as permissions of a security group.

A group is attached to the instances that run the app, so a rule's sources are the instances
themselves. Loopback is not filtered, and answers and ICMP errors of a connection pass by
themselves. Source: EC2 API Reference, IpPermission.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callgate.dialects.placement import outermost
from callgate.dialects.wording import reason, spoken
from callgate.flows import Family, Network, PortRange, Protocol
from callgate.flows.axes import TYPED
from callgate.policy.infrastructure import of_family
from callgate.policy.model import Anywhere, Direction, Networks, Rule, State

#: What a description may hold: EC2 API Reference, IpRange.
_CHARACTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/()#,@[]+=&;{}!$*"
)
_DESCRIPTION_MAX: Final = 255
_ALL: Final = {Family.V4: "0.0.0.0/0", Family.V6: "::/0"}
_EVERY_PORT: Final = (PortRange(0, 65535),)


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission: a protocol, one range of ports (or ICMP type and code), one block."""

    direction: Direction
    protocol: str
    low: int | None
    high: int | None
    family: Family
    block: str
    description: str


def description(text: str) -> str:
    """The text with what a description may hold, and nothing else."""
    return spoken(text, _CHARACTERS, _DESCRIPTION_MAX)


def permissions(rules: tuple[Rule, ...]) -> list[Permission]:
    """The permissions of these rules, each once, in order."""
    every = (each for rule in rules for each in _of(rule) if rule.state is State.NEW)
    return list(dict.fromkeys(every))


def _of(rule: Rule) -> Iterator[Permission]:
    if rule.loopback:
        return
    for block in _blocks(rule):
        for protocol, low, high in _traffic(rule):
            yield Permission(
                rule.direction, protocol, low, high, rule.family, block, description(reason(rule))
            )


def _blocks(rule: Rule) -> list[str]:
    """The far ends: destinations of what goes out, sources of what comes in."""
    far: tuple[Network, ...] | None = None
    if rule.direction is Direction.IN:
        far = rule.sources
    elif isinstance(rule.destination, Networks):
        far = rule.destination.prefixes
    elif not isinstance(rule.destination, Anywhere):
        raise TypeError(f"{rule.id}: domains are refused before")
    if far is None:
        return [_ALL[rule.family]]
    return [str(each) for each in outermost(of_family(far, rule.family))]


def _traffic(rule: Rule) -> Iterator[tuple[str, int | None, int | None]]:
    protocol = rule.protocol
    if protocol is None:
        yield "-1", None, None
    elif protocol in TYPED:
        for kind in rule.icmp_types or (-1,):
            yield str(protocol), kind, -1
    else:
        for ports in rule.ports or _EVERY_PORT:
            yield str(protocol if protocol in _NAMED else protocol.value), ports.low, ports.high


_NAMED: Final = frozenset({Protocol.TCP, Protocol.UDP})

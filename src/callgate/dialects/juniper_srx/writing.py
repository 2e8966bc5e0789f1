"""A policy as ``set`` commands for an SRX.

Address and application names have a digest of their value: what is there already is the same
thing, and nobody's other thing is changed. Nothing is replaced and nothing deleted.

Source: Junos OS CLI Reference, ``address-book``, ``application``, ``policies``, ``insert``.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.placement import outermost
from callgate.dialects.wording import reason, spoken
from callgate.flows import Family, Network, PortRange, Protocol
from callgate.policy.infrastructure import of_family
from callgate.policy.model import Block, Networks, Rule
from callgate.policy.site import Final as FinalAction

_ANY: Final = {Family.V4: "any-ipv4", Family.V6: "any-ipv6"}
#: What a description may hold without quotes meaning anything.
_CHARACTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/(),@+="
)
NAME_MAX: Final = 63
_DESCRIPTION_MAX: Final = 200


def digest(parts: Iterable[object]) -> str:
    """A short name for a value."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:6]


@dataclass
class Book:
    """The entries and applications that the policies refer to, as ``set`` commands."""

    name: str
    made: dict[str, list[str]] = field(default_factory=dict)

    def networks(self, networks: tuple[Network, ...], label: str, family: Family) -> str:
        """The name of an entry, or of a set of several."""
        members = outermost(of_family(networks, family))
        if any(each.prefixlen == 0 for each in members):
            return _ANY[family]
        names = [self._entry(each) for each in members]
        if len(names) == 1:
            return names[0]
        words = re.sub(r"[^a-z0-9]+", "-", spoken(label, _CHARACTERS, 30).lower()).strip("-")
        name = f"callgate-{words or 'networks'}-v{family.value}-{digest(names)}"
        where = f"security address-book {self.name} address-set {name}"
        self.made[where] = [f"set {where} address {each}" for each in names]
        return name

    def _entry(self, each: Network) -> str:
        name = f"callgate-{str(each).replace('/', '_').replace(':', '-')}"
        where = f"security address-book {self.name} address {name}"
        self.made[where] = [f"set {where} {each}"]
        return name

    def application(self, protocol: Protocol, ports: tuple[PortRange, ...]) -> str:
        """The name of an application; several ranges of ports are its terms."""
        name = f"callgate-{protocol}-{'_'.join(map(str, ports))}"
        if len(name) > NAME_MAX:
            name = f"callgate-{protocol}-{digest(ports)}"
        where = f"applications application {name}"
        if len(ports) == 1:
            lines = [f"protocol {protocol}", f"destination-port {ports[0]}"]
        else:
            lines = [
                f"term t{number} protocol {protocol} destination-port {each}"
                for number, each in enumerate(ports, 1)
            ]
        self.made[where] = [f"set {where} {line}" for line in lines]
        return name

    def commands(self) -> Iterator[str]:
        """The commands that make them; entries come before the sets that hold them."""
        for where in sorted(self.made, key=lambda each: "address-set" in each):
            yield from self.made[where]

    def removal(self) -> Iterator[str]:
        """The commands that take them back; sets go before the entries that they hold."""
        for where in sorted(self.made, key=lambda each: "address-set" not in each):
            yield f"delete {where}"


def allow(rule: Rule, book: Book) -> list[str]:
    """What follows the name of the policy for one rule."""
    source = _ANY[rule.family]
    if rule.sources is not None:
        source = book.networks(rule.sources, "clients", rule.family)
    target = _ANY[rule.family]
    if isinstance(rule.destination, Networks):
        label = rule.destination.label or "servers"
        target = book.networks(rule.destination.prefixes, label, rule.family)
    if rule.protocol is None:
        raise ValueError(f"{rule.id}: a rule without a protocol is no policy")
    return [
        f'description "{spoken(reason(rule), _CHARACTERS, _DESCRIPTION_MAX)}"',
        f"match source-address {source}",
        f"match destination-address {target}",
        f"match application {book.application(rule.protocol, rule.ports)}",
        "then permit",
        "then log session-close",
    ]


def block(wanted: Block, families: tuple[Family, ...], book: Book) -> list[str]:
    """What follows the name of the last policy: between two zones, and for nobody else."""
    sources = ["any"]
    if wanted.clients is not None:
        clients = wanted.clients
        sources = [
            book.networks(clients, "clients", family)
            for family in families
            if of_family(clients, family)
        ]
    return [
        'description "final block"',
        *(f"match source-address {source}" for source in sources),
        "match destination-address any",
        "match application any",
        "then reject" if wanted.action is FinalAction.REJECT else "then deny",
        "then log session-init",
    ]

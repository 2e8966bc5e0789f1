"""A policy as settings of PAN-OS.

Objects have their value or a digest of it in their names: an object that is there already is
the same object, and nobody's other object is changed. An address is of one family and ``any``
is of both, so a rule for one family names the whole of it.

Source: PAN-OS CLI Quick Start; Web Interface Help, "Objects > Addresses", "Objects > Services",
"Policies > Security" (an object's name has 63 characters at most, a port list 1,023).
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.pan_os.settings import Name, Path, Setting
from callgate.dialects.placement import outermost
from callgate.dialects.wording import reason, spoken
from callgate.errors import UnsupportedError
from callgate.flows import Family, Network, PortRange, Protocol
from callgate.names import DomainPattern
from callgate.policy.infrastructure import of_family
from callgate.policy.model import Block, Domains, Networks, Rule
from callgate.policy.site import Final as FinalAction

NAME_MAX: Final = 63
_DESCRIPTION_MAX: Final = 255
_CHARACTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/(),@+="
)
_WHOLE: Final = {Family.V4: "0.0.0.0/0", Family.V6: "::/0"}
#: Tables in the order in which they are made; they are taken back the other way round.
_TABLES: Final = ("address", "address-group", "service")


def digest(parts: Iterable[object]) -> str:
    """A short name for a value."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:6]


@dataclass
class Objects:
    """The objects that the rules refer to, by table and name."""

    made: dict[tuple[str, str], list[tuple[Path, str | tuple[str, ...]]]] = field(
        default_factory=dict
    )

    def networks(self, networks: tuple[Network, ...], label: str, family: Family) -> str:
        """The name of an object or a group that holds these networks of one family."""
        members = outermost(of_family(networks, family))
        if any(each.prefixlen == 0 for each in members):
            return self.whole(family)
        return self._group([self._network(each) for each in members], label)

    def whole(self, family: Family) -> str:
        """The name of an object that holds every address of a family."""
        return self._add("address", f"callgate-any-{family}", ("ip-netmask",), _WHOLE[family])

    def domains(self, patterns: tuple[DomainPattern, ...]) -> str:
        """The name of an object or a group of exact names; UnsupportedError for others."""
        names = []
        for pattern in patterns:
            if pattern.below:
                raise UnsupportedError(
                    f"an FQDN object of PAN-OS holds one exact name, and not {pattern}",
                    hint="drop --by-domain, or let a list decide: --dialect pan-edl",
                )
            name = f"callgate-fqdn-{pattern}"
            if len(name) > NAME_MAX:
                name = f"{name[: NAME_MAX - 7]}-{digest([pattern])}"
            names.append(self._add("address", name, ("fqdn",), str(pattern)))
        return self._group(names, "domains")

    def service(self, protocol: Protocol, ports: tuple[PortRange, ...]) -> str:
        """The name of a service."""
        listed = ",".join(map(str, ports))
        name = f"callgate-{protocol}-{listed.replace(',', '_')}"
        if len(name) > NAME_MAX:
            name = f"callgate-{protocol}-{digest(ports)}"
        return self._add("service", name, ("protocol", str(protocol), "port"), listed)

    def _network(self, each: Network) -> str:
        name = f"callgate-{str(each).replace('/', '_').replace(':', '-')}"
        return self._add("address", name, ("ip-netmask",), str(each))

    def _group(self, names: list[str], label: str) -> str:
        if len(names) == 1:
            return names[0]
        words = re.sub(r"[^a-z0-9]+", "-", spoken(label, _CHARACTERS, 30).lower()).strip("-")
        name = f"callgate-{words or 'networks'}-{digest(names)}"
        return self._add("address-group", name, ("static",), tuple(names))

    def _add(self, table: str, name: str, path: Path, value: str | tuple[str, ...]) -> str:
        self.made[table, name] = [(path, value)]
        return name

    def settings(self, home: Path) -> list[Setting]:
        """The settings that make them, objects before the groups that hold them."""
        return [
            Setting((*home, table, Name(name), *path), value)
            for wanted in _TABLES
            for (table, name), facts in self.made.items()
            if table == wanted
            for path, value in facts
        ]

    def paths(self, home: Path) -> list[Path]:
        """Where they stand, groups before the objects that they hold."""
        return [
            (*home, table, Name(name))
            for wanted in reversed(_TABLES)
            for table, name in self.made
            if table == wanted
        ]


@dataclass(frozen=True, slots=True)
class Sides:
    """The zones of the clients and of the vendor."""

    inside: str
    outside: str


Body = list[tuple[str, str | tuple[str, ...]]]


def allow(rule: Rule, sides: Sides, applications: tuple[str, ...], objects: Objects) -> Body:
    """The keys and values of the security rule for one rule of the policy."""
    if rule.protocol is None:
        raise ValueError(f"{rule.id}: a rule without a protocol is no security rule")
    source = (
        objects.whole(rule.family)
        if rule.sources is None
        else objects.networks(rule.sources, "clients", rule.family)
    )
    target = "any"
    if isinstance(rule.destination, Networks):
        label = rule.destination.label or "servers"
        target = objects.networks(rule.destination.prefixes, label, rule.family)
    elif isinstance(rule.destination, Domains):
        target = objects.domains(rule.destination.patterns)
    return [
        ("from", (sides.inside,)),
        ("to", (sides.outside,)),
        ("source", (source,)),
        ("destination", (target,)),
        ("application", applications),
        ("service", (objects.service(rule.protocol, rule.ports),)),
        ("action", "allow"),
        ("log-end", "yes"),
        ("description", spoken(reason(rule), _CHARACTERS, _DESCRIPTION_MAX)),
    ]


def block(wanted: Block, sides: Sides, families: tuple[Family, ...], objects: Objects) -> Body:
    """The keys and values of the last rule: between the two zones, and for nobody else."""
    sources: tuple[str, ...] = ("any",)
    if wanted.clients is not None:
        clients = wanted.clients
        sources = tuple(
            objects.networks(clients, "clients", family)
            for family in families
            if of_family(clients, family)
        )
    rejects = wanted.action is FinalAction.REJECT
    answer: Body = [("icmp-unreachable", "yes")] if rejects else []
    return [
        ("from", (sides.inside,)),
        ("to", (sides.outside,)),
        ("source", sources),
        ("destination", ("any",)),
        ("application", ("any",)),
        ("service", ("any",)),
        ("action", "reset-client" if rejects else "drop"),
        *answer,
        ("log-end", "yes"),
        ("description", "final block"),
    ]

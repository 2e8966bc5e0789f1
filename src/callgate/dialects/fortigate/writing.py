"""A policy as FortiOS commands.

Objects have a digest of their value in their names: an object that is there already is the
same object, and nobody's other object is changed. Policies are made by ``edit 0``, which takes
the next free number, and never touch one that exists.

Source: "FortiOS CLI Reference", config firewall address, address6, addrgrp, service custom,
policy.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.placement import outermost
from callgate.dialects.wording import reason, spoken
from callgate.flows import Family, Network, PortRange, Protocol
from callgate.names import DomainPattern
from callgate.policy.infrastructure import of_family
from callgate.policy.model import Block, Domains, Networks, Rule

_SUFFIX: Final = {Family.V4: "", Family.V6: "6"}
#: What a comment may hold: FortiOS refuses quotes, angle brackets and some more.
_CHARACTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/,@+="
)
#: Names of policies have 35 characters, comments 1,023.
NAME_MAX: Final = 35
_COMMENT_MAX: Final = 255


def digest(parts: Iterable[object]) -> str:
    """A short name for a value."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:6]


@dataclass
class Objects:
    """The objects that the policies refer to, by table and name, as ``set`` lines."""

    tables: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def _add(self, table: str, name: str, lines: list[str]) -> str:
        self.tables.setdefault(table, {})[name] = lines
        return name

    def networks(self, networks: tuple[Network, ...], label: str, family: Family) -> str:
        """The name of an object or a group that holds these networks of one family."""
        members = outermost(of_family(networks, family))
        if any(each.prefixlen == 0 for each in members):
            return "all"
        names = [self._network(each) for each in members]
        return self._group(names, label, family)

    def domains(self, patterns: tuple[DomainPattern, ...], family: Family) -> str:
        """The name of a group of FQDN objects."""
        names = []
        for pattern in patterns:
            name = f"callgate-{str(pattern).replace('*', 'any')}"[:NAME_MAX]
            name = f"{name[: NAME_MAX - 7]}-{digest([pattern])}"
            lines = ["set type fqdn", f'set fqdn "{pattern}"']
            names.append(self._add(f"firewall address{_SUFFIX[family]}", name, lines))
        return self._group(names, "domains", family)

    def _network(self, each: Network) -> str:
        if each.version == 4:
            lines = [f"set subnet {each.network_address} {each.netmask}"]
            return self._add("firewall address", f"callgate-{each}".replace("/", "_"), lines)
        name = f"callgate-v6-{digest([each])}"
        return self._add("firewall address6", name, [f"set ip6 {each}"])

    def _group(self, names: list[str], label: str, family: Family) -> str:
        if len(names) == 1:
            return names[0]
        words = spoken(label, _CHARACTERS, 18).replace(" ", "-").replace("/", "-")
        name = f"callgate-{words}-{digest(names)}"
        members = " ".join(f'"{each}"' for each in names)
        return self._add(f"firewall addrgrp{_SUFFIX[family]}", name, [f"set member {members}"])

    def service(self, protocol: Protocol, ports: tuple[PortRange, ...]) -> str:
        """The name of a service."""
        name = f"callgate-{protocol}-{'_'.join(map(str, ports))}"
        if len(name) > NAME_MAX:
            name = f"callgate-{protocol}-{digest(ports)}"
        ranges = " ".join(map(str, ports))
        lines = ["set protocol TCP/UDP/SCTP", f"set {protocol}-portrange {ranges}"]
        return self._add("firewall service custom", name, lines)

    def commands(self) -> list[str]:
        """The commands that make them, objects before groups."""
        found = []
        for table in sorted(self.tables, key=lambda name: ("grp" in name, name)):
            found.append(f"config {table}")
            for name, lines in self.tables[table].items():
                found += [f'    edit "{name}"', *(f"        {line}" for line in lines), "    next"]
            found.append("end")
        return found

    def removal(self) -> list[str]:
        """The commands that take them back, groups before objects."""
        found = []
        for table in sorted(self.tables, key=lambda name: ("grp" not in name, name)):
            names = self.tables[table]
            found += [f"config {table}", *(f'    delete "{name}"' for name in names), "end"]
        return found


@dataclass(frozen=True, slots=True)
class Sides:
    """The interfaces or zones of the clients and of the vendor."""

    inside: str
    outside: str

    @property
    def lines(self) -> list[str]:
        """The lines of each policy."""
        return [f'set srcintf "{self.inside}"', f'set dstintf "{self.outside}"']


def allow(rule: Rule, sides: Sides, objects: Objects) -> list[str]:
    """The ``set`` lines of the policy for one rule, without its name."""
    suffix = _SUFFIX[rule.family]
    sources = "all"
    if rule.sources is not None:
        sources = objects.networks(rule.sources, "clients", rule.family)
    target = "all"
    if isinstance(rule.destination, Networks):
        label = rule.destination.label or "servers"
        target = objects.networks(rule.destination.prefixes, label, rule.family)
    elif isinstance(rule.destination, Domains):
        target = objects.domains(rule.destination.patterns, rule.family)
    if rule.protocol is None:
        raise ValueError(f"{rule.id}: a rule without a protocol is no policy")
    return [
        *sides.lines,
        f'set srcaddr{suffix} "{sources}"',
        f'set dstaddr{suffix} "{target}"',
        "set action accept",
        'set schedule "always"',
        f'set service "{objects.service(rule.protocol, rule.ports)}"',
        "set logtraffic all",
        f'set comments "{spoken(reason(rule), _CHARACTERS, _COMMENT_MAX)}"',
    ]


def block(wanted: Block, sides: Sides, families: tuple[Family, ...], objects: Objects) -> list[str]:
    """The ``set`` lines of the final block: between the two sides, and for nobody else."""
    lines = list(sides.lines)
    for family in families:
        sources = "all"
        if wanted.clients is not None:
            if not of_family(wanted.clients, family):
                continue
            sources = objects.networks(wanted.clients, "clients", family)
        suffix = _SUFFIX[family]
        lines += [f'set srcaddr{suffix} "{sources}"', f'set dstaddr{suffix} "all"']
    return [
        *lines,
        "set action deny",
        'set schedule "always"',
        'set service "ALL"',
        "set logtraffic all",
        'set comments "final block"',
    ]

"""A policy as commands for an ASA (9.0 and newer: one list for both families).

Source: "Cisco ASA Series Command Reference", ``access-list extended``, ``access-group``,
``object-group network``. An entry that is there already is a warning and changes nothing;
``access-group`` replaces the list of an interface in one step.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from callgate.dialects.cisco.writing import group_name, members, network, ports, remark
from callgate.flows import Family, Network
from callgate.policy.model import Block, Networks, Rule

_ANY = {Family.V4: "any4", Family.V6: "any6"}


@dataclass
class Groups:
    """The object groups that the entries refer to."""

    made: dict[str, tuple[Network, ...]] = field(default_factory=dict)

    def reference(self, networks: tuple[Network, ...], label: str, family: Family) -> str:
        """A single network, or a group of several."""
        found = members(networks, family)
        if any(each.prefixlen == 0 for each in found):
            return _ANY[family]
        if len(found) == 1:
            return network(found[0])
        name = group_name(label, found, family)
        self.made[name] = found
        return f"object-group {name}"

    def commands(self) -> Iterator[str]:
        """The commands that make them."""
        for name, found in self.made.items():
            yield f"object-group network {name}"
            yield from (f" network-object {network(each)}" for each in found)

    def removal(self) -> list[str]:
        """The commands that take them back."""
        return [f"no object-group network {name}" for name in self.made]


def entries_of(rule: Rule, groups: Groups) -> list[str]:
    """The remark and the entries of a rule, from ``extended`` or ``remark`` on."""
    source = _ANY[rule.family]
    if rule.sources is not None:
        source = groups.reference(rule.sources, "clients", rule.family)
    target = _ANY[rule.family]
    if isinstance(rule.destination, Networks):
        label = rule.destination.label or "servers"
        target = groups.reference(rule.destination.prefixes, label, rule.family)
    return [
        f"remark {remark(rule)}",
        *(
            f"extended permit {rule.protocol} {source} {target} {ports(each)}"
            for each in rule.ports
        ),
    ]


def spelt_out(rule: Rule) -> list[str]:
    """The entries of a rule without groups: a line that stands alone has none."""
    sources = [_ANY[rule.family]]
    if rule.sources is not None:
        sources = [network(each) for each in members(rule.sources, rule.family)]
    targets = [_ANY[rule.family]]
    if isinstance(rule.destination, Networks):
        targets = [network(each) for each in members(rule.destination.prefixes, rule.family)]
    return [
        f"extended permit {rule.protocol} {source} {target} {ports(each)}"
        for source, target, each in product(sources, targets, rule.ports)
    ]


def block_entries(block: Block, groups: Groups) -> list[str]:
    """The final block: everything, or what comes from the clients."""
    if block.clients is None:
        return ["remark Callgate: final block", "extended deny ip any any"]
    sources = [
        groups.reference(block.clients, "clients", family)
        for family in Family
        if members(block.clients, family)
    ]
    return [
        "remark Callgate: final block",
        *(f"extended deny ip {source} any" for source in sources),
    ]

"""The policy and the definitions as data.

Aerleon joins every address of a term with every service that it names, and a service of two
protocols with both: so a term has one family, one protocol and services of its own. Every
name of ours begins with ``CALLGATE``, so that none is anybody else's. Source: Aerleon,
"Policies" and "Naming definitions".
"""

import re
from collections.abc import Hashable
from ipaddress import ip_network
from typing import Any, Final, TypeVar

from callgate.dialects.placement import outermost
from callgate.dialects.wording import reason, spoken
from callgate.flows import Family, Network, PortRange
from callgate.policy.infrastructure import of_family
from callgate.policy.model import Networks, Policy, Rule, State

PREFIX: Final = "CALLGATE"
_COMMENT_MAX: Final = 100
#: Aerleon copies comments into its targets as they are, quotes and ``*/`` included.
COMMENT: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:()#,@+="
)
Key = TypeVar("Key", bound=Hashable)
_EVERY: Final[dict[Family, tuple[Network, ...]]] = {
    Family.V4: (ip_network("0.0.0.0/0"),),
    Family.V6: (ip_network("::/0"),),
}


class Definitions:
    """The networks and services that the terms refer to; the same list has one name."""

    def __init__(self) -> None:
        self._networks: dict[tuple[Network, ...], str] = {}
        self._services: dict[tuple[str, tuple[PortRange, ...]], str] = {}

    def networks(self, members: tuple[Network, ...], label: str, family: Family) -> str:
        """The name of a list of networks of one family."""
        key = outermost(of_family(members, family))
        return _named(self._networks, key, f"{label}_V{family.value}")

    def service(self, protocol: str, ports: tuple[PortRange, ...]) -> str:
        """The name of ports of one protocol."""
        label = f"{protocol}_{'_'.join(str(each) for each in ports)}"
        return _named(self._services, (protocol, ports), label)

    def document(self) -> dict[str, Any]:
        """The file of definitions."""
        return {
            "networks": {
                name: {"values": [{"address": str(each)} for each in members]}
                for members, name in self._networks.items()
            },
            "services": {
                name: [{"protocol": protocol, "port": str(each)} for each in ports]
                for (protocol, ports), name in self._services.items()
            },
        }


def _named(found: dict[Key, str], key: Key, label: str) -> str:
    """The name of a key; a new one gets one that no other key has."""
    base = f"{PREFIX}_{re.sub(r'[^A-Z0-9]+', '_', label.upper()).strip('_')}"
    if key not in found:
        name, number = base, 1
        while name in found.values():
            number += 1
            name = f"{base}_{number}"
        found[key] = name
    return found[key]


def terms(policy: Policy, definitions: Definitions) -> list[dict[str, Any]]:
    """The terms in order, and the final block if the policy has one."""
    found = [
        _term(rule, number, definitions) for number, rule in enumerate(_written(policy.rules), 1)
    ]
    if policy.block is not None:
        # Half of Aerleon's targets refuse ``reject`` (nftables among them); all can deny.
        comment = "final block, without an answer"
        found.append({"name": f"{PREFIX.lower()}-block", "comment": comment, "action": "deny"})
    return found


def _written(rules: tuple[Rule, ...]) -> list[Rule]:
    """Aerleon's stateful targets let answers pass themselves; its others have ways of their own."""
    return [rule for rule in rules if rule.state is State.NEW]


def _term(rule: Rule, number: int, definitions: Definitions) -> dict[str, Any]:
    protocol = str(rule.protocol)
    found: dict[str, Any] = {
        "name": f"{PREFIX.lower()}-{number:02}-v{rule.family.value}",
        "comment": spoken(reason(rule), COMMENT, _COMMENT_MAX),
        "protocol": protocol,
    }
    if rule.sources is not None:
        found["source-address"] = definitions.networks(rule.sources, "clients", rule.family)
    if isinstance(rule.destination, Networks):
        label = rule.destination.label or "servers"
        prefixes = rule.destination.prefixes
        found["destination-address"] = definitions.networks(prefixes, label, rule.family)
    else:
        # Left out, it would be "any" of both families in a target for both.
        everything = _EVERY[rule.family]
        found["destination-address"] = definitions.networks(everything, "any", rule.family)
    found["destination-port"] = definitions.service(protocol, rule.ports)
    return found | {"action": "accept"}

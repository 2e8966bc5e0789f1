"""Chains of our own in the ``filter`` table of one family.

Every chain's name begins with ``CALLGATE``, so that nothing else is ever emptied. A list
of networks that has a name in the policy becomes a chain that accepts its members, which
is what iptables has for a set.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.placement import outermost
from callgate.flows import Network

PREFIX: Final = "CALLGATE"
#: The kernel's XT_EXTENSION_MAXNAMELEN (29 bytes with the final NUL).
NAME_MAX: Final = 28
BLOCK: Final = f"{PREFIX}-BLOCK"


@dataclass
class Chains:
    """The chains of one restore file, in order of first use, each with its rules."""

    #: By chain; a dictionary is a set that keeps its order.
    rules: dict[str, dict[str, None]] = field(default_factory=dict)
    _lists: dict[tuple[Network, ...], str] = field(default_factory=dict)

    def add(self, chain: str, *rules: str) -> None:
        """Append rules (all after ``-A CHAIN``) to a chain, which exists from now on.

        All rules before the final block allow, so saying one twice would change nothing.
        """
        self.rules.setdefault(chain, {}).update(dict.fromkeys(rules))

    def accept_list(self, label: str, networks: tuple[Network, ...]) -> str:
        """The chain that accepts packets to these networks; made on first use."""
        members = outermost(networks)
        if members not in self._lists:
            name = self._free_name(label)
            self._lists[members] = name
            self.add(name, *(f"-d {network} -j ACCEPT" for network in members))
        return self._lists[members]

    def _free_name(self, label: str) -> str:
        words = re.sub(r"[^A-Z0-9]+", "-", label.upper()).strip("-") or "LIST"
        number = 1
        while True:
            suffix = f"-{number}" if number > 1 else ""
            name = f"{PREFIX}-{words}"[: NAME_MAX - len(suffix)].rstrip("-") + suffix
            if name not in self.rules and name not in RESERVED:
                return name
            number += 1

    def lines(self) -> list[str]:
        """Declarations and rules, as in the output of iptables-save."""
        return [
            *(f":{name} - [0:0]" for name in self.rules),
            *(f"-A {name} {rule}" for name, rules in self.rules.items() for rule in rules),
        ]


#: Names that no list may take.
RESERVED: Final = frozenset(
    {BLOCK, *(f"{PREFIX}-{hook}" for hook in ("FORWARD", "OUTPUT", "INPUT"))}
)

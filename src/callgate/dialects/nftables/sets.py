"""Named sets for lists of networks.

A list that has a name in the policy keeps it (``turn-networks`` is ``@turn_networks_v4``);
the suffix also keeps a name from being a reserved word of the language. One network is
written in place unless it belongs to a named list.
"""

import re
from collections.abc import Iterator
from typing import Final

from callgate.dialects.dnsmasq.sets import SETS
from callgate.dialects.placement import outermost
from callgate.flows import Family, Network

#: How long an address stays in a set of names after its last new connection.
STAYS: Final = "1d"
#: The kernel takes 255 bytes (NFT_SET_MAXNAMELEN); readable names are shorter.
NAME_MAX: Final = 48
_ELEMENTS_PER_LINE: Final = {Family.V4: 4, Family.V6: 2}


def slug(name: str) -> str:
    """A name made of ``a-z 0-9 _`` that begins with a letter."""
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return words if words[:1].isalpha() else f"net_{words}".rstrip("_")


class Sets:
    """Collects the lists that the rules of one file refer to; a list is named only once."""

    def __init__(self, prefix: str = "", clients: tuple[Network, ...] | None = None) -> None:
        self._prefix = prefix
        self._clients = clients or ()
        self._names: dict[tuple[Family, tuple[Network, ...]], str] = {}
        self._learned: dict[Family, str] = {}

    def learned(self, family: Family) -> str:
        """``@set`` of the addresses that names were resolved to."""
        self._learned[family] = SETS[family]
        return f"@{SETS[family]}"

    def reference(self, networks: tuple[Network, ...], name: str, family: Family) -> str:
        """How a rule refers to these networks of one family: an address or ``@set``."""
        members = outermost(networks)
        if len(members) == 1:
            only = members[0]
            return str(only.network_address if only.prefixlen == only.max_prefixlen else only)
        key = (family, members)
        if key not in self._names:
            self._names[key] = self._free_name(self._name_for(members, name, family), family)
        return f"@{self._names[key]}"

    def _name_for(self, members: tuple[Network, ...], name: str, family: Family) -> str:
        ours = outermost(each for each in self._clients if each.version == family)
        return "clients" if members == ours else name

    def _free_name(self, name: str, family: Family) -> str:
        base = f"{self._prefix}{slug(name)}"[:NAME_MAX].rstrip("_")
        suffix = f"_v{family.value}"
        number = 1
        while (found := base + (f"_{number}" if number > 1 else "") + suffix) in self._taken():
            number += 1
        return found

    def _taken(self) -> set[str]:
        return set(self._names.values())

    def types(self) -> list[tuple[str, str]]:
        """Name and element type of every set."""
        return [(name, f"ipv{family.value}_addr") for (family, _), name in self._names.items()]

    def lines(self) -> Iterator[str]:
        """The declarations, inside a ``table`` block; a set of names is left as it is."""
        for family, name in self._learned.items():
            yield f"\tset {name} {{"
            yield f"\t\ttype ipv{family.value}_addr"
            yield "\t\tflags dynamic,timeout"
            yield f"\t\ttimeout {STAYS}"
            yield "\t}"
            yield ""
        for (family, members), name in self._names.items():
            yield f"\tset {name} {{"
            yield f"\t\ttype ipv{family.value}_addr"
            yield "\t\tflags interval"
            yield from _elements(members, _ELEMENTS_PER_LINE[family])
            yield "\t}"
            yield ""


def _elements(members: tuple[Network, ...], per_line: int) -> Iterator[str]:
    rows = [
        ", ".join(str(each) for each in members[start : start + per_line])
        for start in range(0, len(members), per_line)
    ]
    if len(rows) == 1:
        yield f"\t\telements = {{ {rows[0]} }}"
        return
    yield "\t\telements = {"
    for number, row in enumerate(rows):
        yield f"\t\t\t{row}{',' if number < len(rows) - 1 else ''}"
    yield "\t\t}"

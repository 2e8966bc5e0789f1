"""Named sets from the output of ``ipset save``, and what membership means for a packet.

Modelled: sets of addresses, of ports, and of address-and-port pairs, and lists of those.
Members are read as they stand, also those that would expire. Source: ipset(8); that
``bitmap:port`` holds TCP and UDP only is ``ip_set_get_ip_port`` in the kernel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from callgate.dialects.iptables.reading.draft import Draft
from callgate.dialects.iptables.reading.numbers import others
from callgate.flows import Family, IntervalSet
from callgate.rules import Addresses

_TCP_UDP: Final = IntervalSet.points((6, 17))
#: Protocol and ports -> addresses.
Pairs = Mapping[tuple[int, IntervalSet | None], IntervalSet]


class Contents(Protocol):
    """What a set holds; ``flags`` are the sides (``src``, ``dst``) of each dimension."""

    @property
    def dimensions(self) -> int:
        """How many flags a match on it takes at least."""

    def inside(self, flags: list[str]) -> list[Draft]:
        """Alternatives, one of which holds for a member."""

    def outside(self, flags: list[str]) -> list[list[Draft]]:
        """Lists of alternatives, one of each of which holds for what is no member."""


@dataclass(frozen=True, slots=True)
class AddressSet:
    """``hash:ip``, ``hash:net``, ``bitmap:ip``; matched sets share one object."""

    family: Family
    addresses: IntervalSet
    dimensions: int = 1

    def inside(self, flags: list[str]) -> list[Draft]:
        """The packet's address on that side is a member."""
        return [_on_side(flags[0], _addresses(self.family, self.addresses))]

    def outside(self, flags: list[str]) -> list[list[Draft]]:
        """It is not."""
        return [[_on_side(flags[0], _without(self.family, self.addresses))]]


@dataclass(frozen=True, slots=True)
class PortSet:
    """``bitmap:port``: ports of TCP and UDP."""

    ports: IntervalSet
    dimensions: int = 1

    def inside(self, flags: list[str]) -> list[Draft]:
        """A TCP or UDP packet whose port on that side is a member."""
        return [_port_on_side(flags[0], self.ports, _TCP_UDP)]

    def outside(self, flags: list[str]) -> list[list[Draft]]:
        """Another port, or a protocol that the set does not look at."""
        return [
            [
                _port_on_side(flags[0], others(self.ports), _TCP_UDP),
                Draft(protocol=others(_TCP_UDP, protocol=True)),
            ]
        ]


@dataclass(frozen=True, slots=True)
class PairSet:
    """``hash:ip,port`` and ``hash:net,port``; the ports of one protocol do not overlap."""

    family: Family
    pairs: Pairs
    dimensions: int = 2

    def inside(self, flags: list[str]) -> list[Draft]:
        """Protocol and port belong to a group, and the address is one of that group's."""
        return [self._group(flags, key, inside=True) for key in self.pairs]

    def outside(self, flags: list[str]) -> list[list[Draft]]:
        """For each group another address; or protocol and port of no group."""
        found = [self._group(flags, key, inside=False) for key in self.pairs]
        protocols = {protocol for protocol, _ in self.pairs}
        for protocol in sorted(protocols):
            known = [ports for number, ports in self.pairs if number == protocol]
            taken = IntervalSet.of(*(each for ports in known if ports for each in ports))
            if None not in known:
                found.append(_port_on_side(flags[1], others(taken), _points(protocol)))
        rest = others(IntervalSet.points(protocols), protocol=True)
        return [[*found, Draft(protocol=rest)]]

    def _group(
        self, flags: list[str], key: tuple[int, IntervalSet | None], *, inside: bool
    ) -> Draft:
        protocol, ports = key
        values = self.pairs[key]
        make = _addresses if inside else _without
        draft = _on_side(flags[0], make(self.family, values))
        draft.meet(_port_on_side(flags[1], ports, _points(protocol)))
        return draft


@dataclass(frozen=True, slots=True)
class SetList:
    """``list:set``: a member of any of its sets."""

    members: tuple[Contents, ...]

    @property
    def dimensions(self) -> int:
        """As many as the widest of its sets takes."""
        return max((member.dimensions for member in self.members), default=1)

    def inside(self, flags: list[str]) -> list[Draft]:
        """A member of one of them; of none when the list is empty."""
        found = [draft for member in self.members for draft in member.inside(flags)]
        return found or [Draft(protocol=IntervalSet.EMPTY)]

    def outside(self, flags: list[str]) -> list[list[Draft]]:
        """A member of none of them."""
        return [fork for member in self.members for fork in member.outside(flags)]


@dataclass(frozen=True, slots=True)
class OpaqueSet:
    """A set that is there and whose type (``why``) is not modelled."""

    why: str


def _addresses(family: Family, values: IntervalSet) -> Addresses:
    return Addresses(v4=values) if family is Family.V4 else Addresses(v6=values)


def _without(family: Family, values: IntervalSet) -> Addresses:
    return _addresses(family, IntervalSet(((0, (1 << family.bits) - 1),)) - values)


def _points(protocol: int) -> IntervalSet:
    return IntervalSet(((protocol, protocol),))


def _on_side(flag: str, addresses: Addresses) -> Draft:
    return Draft(source=addresses) if flag == "src" else Draft(destination=addresses)


def _port_on_side(flag: str, ports: IntervalSet | None, protocol: IntervalSet) -> Draft:
    typed = protocol in (_points(1), _points(58))
    if flag == "src" and not typed:
        return Draft(protocol=protocol, source_port=ports)
    return Draft(protocol=protocol, destination_port=ports)

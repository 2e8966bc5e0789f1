"""Addresses, ports and ICMP types, as ``New-NetFirewallRule`` takes them."""

import ipaddress
from dataclasses import dataclass

from callgate.flows import Family, IntervalSet
from callgate.flows.axes import PORT_MAX
from callgate.rules import Addresses, Literal


@dataclass(frozen=True, slots=True)
class Number:
    """A protocol's number (None: any), and the condition where it could not be read."""

    number: int | None = None
    literals: tuple[Literal, ...] = ()

    @property
    def interval(self) -> IntervalSet | None:
        """The protocol as a set."""
        return None if self.number is None else IntervalSet.points((self.number,))


def addresses(words: list[str]) -> tuple[Addresses | None, list[str]]:
    """The addresses among some words, and the words that are none (``LocalSubnet``)."""
    found = dict.fromkeys(Family, IntervalSet.EMPTY)
    strange = []
    for word in words:
        try:
            family, interval = _interval(word)
        except ValueError:
            strange.append(word)
        else:
            found[family] |= interval
    if not any(found.values()):
        return None, strange
    return Addresses(found[Family.V4], found[Family.V6]), strange


def _interval(word: str) -> tuple[Family, IntervalSet]:
    """An address, a range, or a subnet by length or by mask; ValueError when it is neither."""
    low, dash, high = word.partition("-")
    if dash:
        one, other = ipaddress.ip_address(low), ipaddress.ip_address(high)
        if one.version != other.version:
            raise ValueError(f"not a range: {word!r}")
        return Family(one.version), IntervalSet.of((int(one), int(other)))
    # Windows takes an address with host bits for the subnet that it lies in.
    network = ipaddress.ip_network(word, strict=False)
    bounds = (int(network.network_address), int(network.broadcast_address))
    return Family(network.version), IntervalSet.of(bounds)


def ports(words: list[str]) -> tuple[IntervalSet, list[str]]:
    """The ports among some words, and the words that are none (``RPC``)."""
    found, strange = IntervalSet.EMPTY, []
    for word in words:
        low, dash, high = word.partition("-")
        high = high if dash else low
        if not (_is_port(low) and _is_port(high)) or int(low) > int(high):
            strange.append(word)
        else:
            found |= IntervalSet.of((int(low), int(high)))
    return found, strange


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 5 and int(word) <= PORT_MAX


def icmp_types(words: list[str]) -> tuple[IntervalSet, list[str]]:
    """``8``, ``3:4``, ``3:*`` as type and code on the port axis; and the words that are neither."""
    found, strange = IntervalSet.EMPTY, []
    for word in words:
        kind, colon, code = word.partition(":")
        every = not colon or code == "*"
        if not _is_byte(kind) or not (every or _is_byte(code)):
            strange.append(word)
            continue
        first = int(kind) * 256 + (0 if every else int(code))
        found |= IntervalSet.of((first, first + (255 if every else 0)))
    return found, strange


def _is_byte(word: str) -> bool:
    return _is_port(word) and int(word) <= 255

"""One constraint on one axis, in the words of a rule table.

Every wording is exact, and short: a list that grows beyond :data:`PIECES` ends in
"… and N more".
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

from callgate.flows.axes import PORTED, TYPED, Family, Protocol
from callgate.flows.boxes import ANY_PORT, ANY_PROTOCOL, any_address
from callgate.flows.icmp import type_names
from callgate.flows.intervals import IntervalSet
from callgate.flows.prefixes import Address, address_of

#: How many pieces of one list are written out.
PIECES: Final = 12


def listing(pieces: Sequence[str]) -> str:
    """Pieces with commas, at most :data:`PIECES` of them."""
    if len(pieces) <= PIECES:
        return ", ".join(pieces)
    return f"{', '.join(pieces[:PIECES])}, … and {len(pieces) - PIECES:,} more"


def span(low: int, high: int) -> str:
    """``443`` or ``45000–49999``."""
    return str(low) if low == high else f"{low}–{high}"


def service_words(protocols: IntervalSet, ports: IntervalSet) -> str:
    """``UDP 45000–49999``, ``TCP+UDP 443``, ``ICMPv6 packet too big``, ``any protocol``."""
    names = _protocol_words(protocols)
    if ports == ANY_PORT:
        return names
    only = _only(protocols)
    if only in TYPED:
        return f"{names} {listing(type_names(Protocol(only), ports))}"
    return f"{names} {listing([span(*each) for each in ports])}"


def _only(protocols: IntervalSet) -> int:
    """The one protocol of the set, or -1."""
    return protocols.lowest if protocols.size == 1 else -1


def _protocol_words(protocols: IntervalSet) -> str:
    if protocols == ANY_PROTOCOL:
        return "any protocol"
    others = ANY_PROTOCOL - protocols
    if others.size < protocols.size:
        return f"any protocol except {_protocol_words(others)}"
    named = [number for number in Protocol if number in protocols]
    rest = protocols - IntervalSet.points(named)
    words = [_protocol_name(number) for number in sorted(named, key=_usual_order)]
    return "+".join([*words, *(f"protocol {span(*each)}" for each in rest)])


def _usual_order(protocol: Protocol) -> tuple[bool, int]:
    return protocol not in PORTED, protocol


def _protocol_name(protocol: Protocol) -> str:
    special = {Protocol.ICMPV6: "ICMPv6", Protocol.UDPLITE: "UDP-Lite"}
    return special.get(protocol, protocol.name)


def address_words(addresses: IntervalSet, family: Family) -> list[str]:
    """Networks and ranges of addresses; ``every IPv4 address``, if need be with exceptions."""
    everything = any_address(family)
    others = everything - addresses
    if not others:
        return [f"every {family} address"]
    if len(others) < len(addresses):
        exceptions = [_addresses(low, high, family) for low, high in others]
        return [f"every {family} address except {listing(exceptions)}"]
    return [_addresses(low, high, family) for low, high in addresses]


def _addresses(low: int, high: int, family: Family) -> str:
    first, last = address_of(low, family), address_of(high, family)
    size = high - low + 1
    if size & (size - 1) == 0 and low % size == 0:
        return _network(first, family.bits - size.bit_length() + 1)
    return f"{first}–{last}"


def _network(first: Address, length: int) -> str:
    network = ipaddress.ip_network((first, length))
    return str(first) if network.num_addresses == 1 else str(network)

"""Protocols, ports and address blocks, as the EC2 API and CloudFormation write them."""

from dataclasses import dataclass
from typing import Final

from callgate.dialects.registries import protocol_number
from callgate.flows import Family, IntervalSet, Protocol
from callgate.flows.axes import PORT_MAX, PORTED, TYPED
from callgate.flows.prefixes import parse_network
from callgate.rules import BOTH_FAMILIES, Addresses

_EVERYTHING: Final = -1


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a rule takes: a protocol (None: every one) and its ports, or ICMP type and code."""

    protocol: IntervalSet | None = None
    ports: IntervalSet | None = None
    families: frozenset[Family] = BOTH_FAMILIES


def traffic(protocol: object, low: object, high: object) -> Traffic:
    """The traffic of a rule; ValueError says what is wrong with it.

    ``low`` and ``high`` are FromPort and ToPort, for ICMP type and code; -1 is every one.
    """
    number = _protocol(protocol)
    if number is None:
        return Traffic()
    only = IntervalSet.points((number,))
    if number in TYPED:
        family = Family.V4 if number == Protocol.ICMP else Family.V6
        return Traffic(only, _icmp(_number(low), _number(high)), frozenset({family}))
    if number not in PORTED:
        return Traffic(only)
    return Traffic(only, _ports(_number(low), _number(high)))


def block(text: object) -> Addresses:
    """One CIDR block; ValueError when it is none."""
    if not isinstance(text, str):
        raise ValueError(f"not a CIDR block: {text!r}")
    return Addresses.of((parse_network(text),))


def families_of(addresses: Addresses) -> frozenset[Family]:
    """The families that a list of addresses speaks of."""
    return frozenset(family for family in Family if addresses.family(family))


def _protocol(value: object) -> int | None:
    if value in {_EVERYTHING, "-1", "all"}:
        return None
    number = protocol_number(str(value)) if isinstance(value, str | int) else None
    if number is None:
        raise ValueError(f"not a protocol: {value!r}")
    return number


def _number(value: object) -> int:
    """A port; nothing there is -1, and templates may write numbers as text."""
    if value is None:
        return _EVERYTHING
    if isinstance(value, str) and value.lstrip("-").isascii() and value.lstrip("-").isdigit():
        value = int(value[:12])
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"not a port: {value!r}")
    return value


def _ports(low: int, high: int) -> IntervalSet | None:
    if low == high == _EVERYTHING:
        return None
    if not 0 <= low <= high <= PORT_MAX:
        raise ValueError(f"not a range of ports: {low} to {high}")
    return IntervalSet.of((low, high))


def _icmp(kind: int, code: int) -> IntervalSet | None:
    if kind == _EVERYTHING:
        return None
    if not 0 <= kind <= 255 or not -1 <= code <= 255:
        raise ValueError(f"not an ICMP type and code: {kind}, {code}")
    if code == _EVERYTHING:
        return IntervalSet.of((kind * 256, kind * 256 + 255))
    return IntervalSet.points((kind * 256 + code,))

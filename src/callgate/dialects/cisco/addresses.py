"""Addresses, netmasks, wildcards and prefixes, as Cisco writes them."""

import ipaddress
from typing import Final

from callgate.flows import Family, IntervalSet
from callgate.rules import Addresses

_ALL: Final = (1 << 32) - 1
#: A wildcard that makes more intervals than this is kept as a condition.
WILDCARD_LIMIT: Final = 4096


def v4(text: str) -> int:
    """An IPv4 address as a number; ValueError when it is none."""
    parts = text.split(".")
    if len(parts) != 4 or not text.isascii():
        raise ValueError(f"{text!r} is no IPv4 address")
    value = 0
    for part in parts:
        if not (part.isdigit() and len(part) <= 3 and (octet := int(part)) <= 255):
            raise ValueError(f"{text!r} is no IPv4 address")
        value = value << 8 | octet
    return value


def is_v4(text: str) -> bool:
    """Whether a word is an IPv4 address."""
    try:
        v4(text)
    except ValueError:
        return False
    return True


def v4_range(low: int, high: int) -> Addresses:
    """The IPv4 addresses from one to another; ValueError when they are reversed."""
    if low > high:
        raise ValueError("the range is reversed")
    return Addresses(IntervalSet(((low, high),)))


def masked(address: int, mask: int) -> Addresses:
    """A network by address and netmask; bits of the address outside the mask do not count.

    ValueError when the mask is not contiguous.
    """
    wild = mask ^ _ALL
    if wild & (wild + 1):
        raise ValueError(f"{ipaddress.IPv4Address(mask)} is not a netmask")
    return v4_range(address & mask, address | wild)


def prefixed(address: int, length: int) -> Addresses:
    """A network by address and length of prefix; ValueError beyond 32."""
    if not 0 <= length <= 32:
        raise ValueError(f"/{length} is no length of an IPv4 prefix")
    return masked(address, _ALL << (32 - length) & _ALL)


def v4_prefix(text: str) -> Addresses:
    """``192.0.2.0/24``; ValueError when it is none."""
    address, _, length = text.partition("/")
    if not (length.isascii() and length.isdigit() and len(length) <= 2):
        raise ValueError(f"{text!r} is no IPv4 prefix")
    return prefixed(v4(address), int(length))


def wildcard(address: int, wild: int) -> Addresses | None:
    """The addresses that agree with one in every bit that the wildcard does not set.

    None when they are more than WILDCARD_LIMIT intervals.
    """
    low = (wild ^ (wild + 1)) >> 1  # the ones at the end, which make one interval
    if wild == low:
        return v4_range(address & ~wild & _ALL, address | wild)
    high_bits = [1 << bit for bit in range(32) if (wild & ~low) >> bit & 1]
    if 1 << len(high_bits) > WILDCARD_LIMIT:
        return None
    starts = [address & ~wild & _ALL]
    for bit in high_bits:
        starts += [start | bit for start in starts]
    return Addresses(IntervalSet.of(*((start, start | low) for start in starts)))


def wildcard_bounds(address: int, wild: int) -> Addresses:
    """The smallest range that holds every address of a wildcard."""
    return v4_range(address & ~wild & _ALL, address | wild)


def v6_prefix(text: str) -> Addresses:
    """``2001:db8::/32`` or an address; host bits do not count; ValueError when it is none."""
    if "%" in text or ":" not in text:
        raise ValueError(f"{text!r} is no IPv6 prefix")
    try:
        network = ipaddress.IPv6Network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no IPv6 prefix") from None
    return Addresses.of((network,))


def v6_range(first: str, last: str) -> Addresses:
    """The IPv6 addresses from one to another; ValueError when it is no range."""
    low = int(ipaddress.IPv6Address(first))
    high = int(ipaddress.IPv6Address(last))
    return Addresses(v6=IntervalSet.of((low, high)))


def family_of(text: str) -> Family:
    """The family that a word is written in, by its colons."""
    return Family.V6 if ":" in text else Family.V4

"""Addresses as iptables takes them: networks, masks of any shape, lists and ranges.

Bits beyond the mask are cut off, as the kernel does. A mask with holes
(``/255.0.0.255``) is exact as a union of intervals while there are few of them; what
cannot be read (a host name, that only a resolver knows) is *not* an address here.
"""

import ipaddress
from collections.abc import Iterable
from itertools import combinations
from typing import Final

from callgate.flows import Family, IntervalSet

#: A mask with more free bits above its lowest one than this is not unfolded.
_FREE_BITS_MAX: Final = 12
#: The octets by their texts; none begins with a zero, which would be octal to some tools.
_OCTETS: Final = {str(octet): octet for octet in range(256)}
#: The bits beyond a mask, by the text of its length.
_TAILS4, _TAILS6 = (
    {str(length): (1 << (bits - length)) - 1 for length in range(bits + 1)} for bits in (32, 128)
)


def networks(text: str, family: Family) -> IntervalSet | None:
    """The addresses of a list such as ``192.0.2.1,198.51.100.0/255.255.255.0``.

    None when a part of the list is not an address of this family.
    """
    if "," not in text:
        return _network(text, family)
    parts = [_network(part, family) for part in text.split(",")]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return IntervalSet.of(*(each for part in known for each in part))


def address_range(text: str, family: Family) -> IntervalSet | None:
    """The addresses from ``a`` to ``b`` of ``a-b``, or just ``a``; None if unreadable."""
    low_text, dash, high_text = text.partition("-")
    address = _address4 if family is Family.V4 else _address6
    low = address(low_text)
    high = address(high_text) if dash else low
    if low is None or high is None or low > high:
        return None
    return IntervalSet(((low, high),))


def _network(text: str, family: Family) -> IntervalSet | None:
    host, slash, mask_text = text.partition("/")
    if family is Family.V4:
        address, tails = _address4, _TAILS4
    else:
        address, tails = _address6, _TAILS6
    value = address(host)
    if value is None:
        return None
    if not slash:
        return IntervalSet(((value, value),))
    tail = tails.get(mask_text)
    if tail is not None:
        low = value & ~tail
        return IntervalSet(((low, low | tail),))
    mask = address(mask_text)
    return None if mask is None else _masked(value, mask, family.bits)


def _address6(text: str) -> int | None:
    try:
        return int(ipaddress.IPv6Address(text)) if "%" not in text else None
    except ValueError:
        return None


def _address4(text: str) -> int | None:
    try:
        one, two, three, four = text.split(".")
        return _OCTETS[one] << 24 | _OCTETS[two] << 16 | _OCTETS[three] << 8 | _OCTETS[four]
    except (ValueError, KeyError):
        return None


def _masked(value: int, mask: int, bits: int) -> IntervalSet | None:
    """The addresses that agree with a value in every bit of the mask."""
    full = (1 << bits) - 1
    wild = full & ~mask
    run = (~wild & (wild + 1)).bit_length() - 1
    tail = (1 << run) - 1
    free = [bit for bit in range(run, bits) if wild >> bit & 1]
    if not free:
        low = value & mask
        return IntervalSet(((low, low | tail),))
    if len(free) > _FREE_BITS_MAX:
        return None
    starts = ((value & mask) + extra for extra in _sums(1 << bit for bit in free))
    return IntervalSet.of(*((low, low | tail) for low in starts))


def _sums(values: Iterable[int]) -> Iterable[int]:
    every = list(values)
    for count in range(len(every) + 1):
        yield from map(sum, combinations(every, count))

"""Addresses as Squid's ``src`` and ``dst`` write them."""

import ipaddress
from typing import Final

from callgate.flows import Family, IntervalSet
from callgate.flows.boxes import any_address
from callgate.rules import Addresses

#: Every address of both families.
EVERYWHERE: Final = Addresses(any_address(Family.V4), any_address(Family.V6))
_V4: Final = ipaddress.ip_network("0.0.0.0/0")
_V6: Final = ipaddress.ip_network("::/0")


def addresses(text: str) -> Addresses | None:
    """``all``, ``ipv4``, ``ipv6``, ADDRESS, ADDRESS/MASK or A-B; None for a host's name.

    ValueError for what looks like an address and is none, as Squid refuses it.
    """
    if text == "all":
        return EVERYWHERE
    if text in ("ipv4", "ipv6"):
        return Addresses.of((_V4 if text == "ipv4" else _V6,))
    if "-" in text and _is_address(text.partition("-")[0]):
        return _range(*text.split("-", 1))
    address, slash, mask = text.partition("/")
    if not _is_address(address):
        if slash or ":" in text:
            raise ValueError(f"{text!r} is no network")
        return None
    network = ipaddress.ip_network(f"{address}/{mask}" if slash else address, strict=False)
    return Addresses.of((network,))


def _range(first: str, rest: str) -> Addresses:
    last, _, mask = rest.partition("/")
    low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
    if mask and mask not in ("32", "128", "255.255.255.255"):
        raise ValueError(f"a range of networks of /{mask} is not modelled")
    if low.version != high.version or int(low) > int(high):
        raise ValueError(f"{first}-{last} is no range")
    values = IntervalSet.of((int(low), int(high)))
    return Addresses(values) if low.version == int(Family.V4) else Addresses(v6=values)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def union(found: list[Addresses]) -> Addresses:
    """All of them together."""
    total = Addresses()
    for each in found:
        total = total | each
    return total


#: What no vendor's name leads to: this host, and networks that are not on the Internet
#: (IANA IPv4 and IPv6 Special-Purpose Address Registries).
_NOWHERE: Final = Addresses.of(
    tuple(
        ipaddress.ip_network(text)
        for text in (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
            "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
        )
    )
)  # fmt: skip


def leads_nowhere(found: Addresses) -> bool:
    """Whether a public server's name leads to none of these addresses."""
    return found.v4 <= _NOWHERE.v4 and found.v6 <= _NOWHERE.v6

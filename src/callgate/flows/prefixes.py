"""Networks (``192.0.2.0/24``) and the intervals of addresses that they are."""

import ipaddress
from collections.abc import Iterable

from callgate.flows.axes import Family
from callgate.flows.intervals import IntervalSet

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def family_of(item: Network | Address) -> Family:
    """The family of a network or of an address."""
    return Family(item.version)


def parse_network(text: str) -> Network:
    """Read a network or an address; host bits that are set are an error.

    Raises ValueError with a sentence that names the network which was probably meant.
    """
    if "%" in text:
        # A zone may hold any text at all, and no rule of a firewall can match it.
        raise ValueError(f"not a network: {text!r}: a zone (%) has no meaning in a rule")
    try:
        return ipaddress.ip_network(text.strip())
    except ValueError:
        try:
            meant = ipaddress.ip_network(text.strip(), strict=False)
        except ValueError:
            raise ValueError(f"not a network: {text!r}") from None
        raise ValueError(f"host bits are set in {text!r}; did you mean {meant}?") from None


def prefixes_of(networks: Iterable[Network], family: Family) -> IntervalSet:
    """The addresses of those networks that belong to a family."""
    return IntervalSet.of(
        *(
            (int(net.network_address), int(net.broadcast_address))
            for net in networks
            if net.version == family
        )
    )


def address_of(value: int, family: Family) -> Address:
    """The address at a point of the address axis."""
    return ipaddress.IPv4Address(value) if family is Family.V4 else ipaddress.IPv6Address(value)


def networks_of(addresses: IntervalSet, family: Family) -> list[Network]:
    """The fewest networks that hold just these addresses, in order."""
    found: list[Network] = []
    for low, high in addresses:
        if family is Family.V4:
            found += ipaddress.summarize_address_range(
                ipaddress.IPv4Address(low), ipaddress.IPv4Address(high)
            )
        else:
            found += ipaddress.summarize_address_range(
                ipaddress.IPv6Address(low), ipaddress.IPv6Address(high)
            )
    return found

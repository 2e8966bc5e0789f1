"""One client for each way in which rules can tell the clients of a site apart."""

from collections.abc import Iterable
from typing import Final

from callgate.check.limits import TooComplexError
from callgate.flows import Family, Network
from callgate.rules import Addresses

Client = tuple[Family, int]
#: The most clients that are asked for.
LIMIT: Final = 200


def clients(networks: Iterable[Network], told_apart: tuple[Addresses, ...]) -> tuple[Client, ...]:
    """Clients that together behave like all of some networks; none where none was named.

    The first one of each kind stands for it: rules look at nothing of a client but whether
    it is in one of the sets.
    """
    found: dict[tuple[bool, ...], Client] = {}
    for network in networks:
        family = Family(network.version)
        for address in _cuts(network, [each.family(family).intervals for each in told_apart]):
            membership = tuple(address in each.family(family) for each in told_apart)
            found.setdefault((family is Family.V4, *membership), (family, address))
            if len(found) > LIMIT:
                message = f"too complex here: rules tell more than {LIMIT} kinds of client apart"
                raise TooComplexError(message)
    return tuple(found.values())


def _cuts(network: Network, sets: list[tuple[tuple[int, int], ...]]) -> list[int]:
    """The addresses of a network at which a set begins or has just ended."""
    low, high = int(network.network_address), int(network.broadcast_address)
    starts = {low}
    for intervals in sets:
        for first, last in intervals:
            starts |= {at for at in (first, last + 1) if low <= at <= high}
    return sorted(starts)

"""A set of flows as a person would put it: ``UDP 45000–49999 → All``.

Lines, not boxes: few, overlapping where that reads better, the same for the same set.
Two conventions keep them short. Source ports are named only when they do not hold every
port that a client uses (1024–65535). And a line is about both families unless it says
otherwise, by its addresses or by a word at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from callgate.flows.axes import EPHEMERAL, PORTED, Family
from callgate.flows.boxes import ANY_PORT, Box, any_address, any_destination
from callgate.flows.cover import cover
from callgate.flows.flowset import FlowSet
from callgate.flows.intervals import IntervalSet
from callgate.flows.name_words import name_words
from callgate.flows.names import ANY_NAME, NameAtoms
from callgate.flows.wording import address_words, listing, service_words, span

_CLIENT_PORTS = IntervalSet.of(EPHEMERAL)
_PORTED = IntervalSet.points(PORTED)


@dataclass(frozen=True, slots=True)
class Service:
    """One line: protocol and ports, where to, where from.

    ``everywhere`` stands for every address and name, ``anyone`` for every source; the
    lists of words are empty then.
    """

    families: tuple[Family, ...]
    what: str
    everywhere: bool
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    anyone: bool
    sources: tuple[str, ...]

    @property
    def family(self) -> str:
        """``IPv4``, ``IPv6`` or ``IPv4+IPv6``."""
        return "+".join(str(each) for each in self.families)

    @property
    def destination(self) -> str:
        """``All``, or addresses and then names."""
        return "All" if self.everywhere else listing([*self.addresses, *self.names])

    @property
    def source(self) -> str:
        """``any``, or addresses."""
        return "any" if self.anyone else listing(self.sources)

    def __str__(self) -> str:
        text = f"{self.what} → {self.destination}"
        if not self.anyone:
            text += f" from {self.source}"
        plain = not self.addresses and self.anyone
        return f"{text} ({self.family})" if plain and len(self.families) == 1 else text


@dataclass(frozen=True, slots=True)
class Description:
    """Services in order of protocol and port; ``more`` pieces of the set were left out."""

    services: tuple[Service, ...]
    more: int

    def lines(self) -> list[str]:
        """One line for each service, and a last one for those left out."""
        rest = [f"… and {self.more:,} more"] if self.more else []
        return [*map(str, self.services), *rest]


def describe(flows: FlowSet, atoms: NameAtoms, *, limit: int = 20) -> Description:
    """Describe a set in at most ``limit`` services; ``atoms`` say what its names are."""
    services: list[Service] = []
    more = 0
    clients = FlowSet.of(*(_without_client_ports(box) for box in flows.boxes()))
    for family in Family:
        found, rest = cover(clients & FlowSet.of(Box.everything(family)), limit)
        more += sum(1 for _ in rest.boxes())
        single = [part for box in found for part in _by_protocol(box)]
        single.sort(key=lambda box: [axis.intervals for axis in box.axes])
        services = list(_paired(services, [_service(box, atoms) for box in single]))
    return Description(tuple(services[:limit]), more + len(services[limit:]))


def _by_protocol(box: Box) -> Iterator[Box]:
    """A line speaks of one protocol that has ports, as the rows of a rule table do."""
    if not box.protocol <= _PORTED:
        yield box
        return
    for low, high in box.protocol:
        for number in range(low, high + 1):
            yield replace(box, protocol=IntervalSet.points((number,)))


def _without_client_ports(box: Box) -> Box:
    if box.protocol <= _PORTED and box.source_port >= _CLIENT_PORTS:
        return replace(box, source_port=ANY_PORT)
    return box


def _service(box: Box, atoms: NameAtoms) -> Service:
    family = box.family
    everywhere = box.destination == any_destination(family)
    anyone = box.source == any_address(family)
    what = service_words(box.protocol, box.destination_port)
    if box.source_port != ANY_PORT:
        what += f" from source port {listing([span(*each) for each in box.source_port])}"
    to_addresses = box.destination & any_address(family)
    return Service(
        (family,),
        what,
        everywhere,
        () if everywhere else tuple(address_words(to_addresses, family)),
        () if everywhere else tuple(name_words(box.destination & ANY_NAME, atoms)),
        anyone,
        () if anyone else tuple(address_words(box.source, family)),
    )


def _paired(ones: list[Service], others: list[Service]) -> Iterator[Service]:
    """Services of two families, those that say the same thing as one."""
    left = list(others)
    for one in ones:
        twin = next((other for other in left if _say_the_same(one, other)), None)
        if twin is None:
            yield one
        else:
            left.remove(twin)
            yield replace(
                one,
                families=one.families + twin.families,
                addresses=one.addresses + twin.addresses,
                sources=one.sources + twin.sources,
            )
    yield from left


def _say_the_same(one: Service, other: Service) -> bool:
    return (
        (one.what, one.everywhere, one.names, one.anyone)
        == (other.what, other.everywhere, other.names, other.anyone)
    ) and bool(one.addresses) == bool(other.addresses)

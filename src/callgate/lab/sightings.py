"""What an end saw, read from the kernel's sets (pure)."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from ipaddress import ip_address
from typing import Any, Final

from callgate.flows import Family, IntervalSet, Protocol
from callgate.lab.lanes import Lane

#: Family, protocol, source and destination address, and the port of the lane's sender.
_Key = tuple[Family, int, int, int, int]
_PROTOCOLS: Final = {str(each): each for each in (Protocol.TCP, Protocol.UDP)}


class Sightings:
    """The packets that arrived at one end, found by lane."""

    def __init__(self) -> None:
        self._firsts: dict[_Key, set[int]] = defaultdict(set)
        self._answers: dict[_Key, set[int]] = defaultdict(set)

    def add(self, family: Family, elements: Iterable[dict[str, Any]]) -> None:
        """Add the elements of a set, as ``nft -j`` prints them."""
        number = cache(lambda text: int(ip_address(text)))
        for element in elements:
            name, source, source_port, destination, port = element["concat"]
            ends = (family, _PROTOCOLS[name], number(source), number(destination))
            self._firsts[(*ends, source_port)].add(port)
            self._answers[(*ends, port)].add(source_port)

    def first(self, lane: Lane) -> IntervalSet:
        """The ports of the lane to which a first packet arrived."""
        ends = (lane.family, lane.protocol, lane.source, lane.destination)
        return IntervalSet.points(self._firsts.get((*ends, lane.source_port), ()))

    def answer(self, lane: Lane) -> IntervalSet:
        """The ports of the lane from which an answer arrived."""
        ends = (lane.family, lane.protocol, lane.destination, lane.source)
        return IntervalSet.points(self._answers.get((*ends, lane.source_port), ()))

"""Unions of prefixes: exact flow sets beside the standard library's addresses."""

import ipaddress
import random
from collections.abc import Iterator

from benchmarks.timing import Measurement, fastest
from callgate.flows import Box, Family, FlowSet, IntervalSet, Network, prefixes_of
from callgate.flows.boxes import ANY_PORT, any_address


def measurements() -> Iterator[Measurement]:
    """A thousand random prefixes, with one port and with random ports."""
    chance = random.Random(1)
    networks = [_network(chance) for _ in range(1000)]
    theirs = fastest(lambda: list(ipaddress.collapse_addresses(networks)))
    for what, top in (("one port", 0), ("random ports", 65000)):
        boxes = [_box(network, chance.randint(0, top)) for network in networks]
        ours = fastest(lambda some=boxes: FlowSet.of(*some))
        yield Measurement(
            f"union of 1,000 prefixes, {what}", ours, "ipaddress.collapse_addresses", theirs
        )


def _network(chance: random.Random) -> Network:
    length = chance.randint(8, 28)
    return ipaddress.ip_network((chance.getrandbits(length) << (32 - length), length))


def _box(network: Network, port: int) -> Box:
    return Box(
        Family.V4,
        IntervalSet.points((6,)),
        any_address(Family.V4),
        prefixes_of([network], Family.V4),
        ANY_PORT,
        IntervalSet.of((port, port + 99)),
    )

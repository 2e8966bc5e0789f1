"""Rulesets in the style of ClassBench, made by us: the shapes that real filters have.

ClassBench (Taylor and Turner, 2007) describes filter sets by their prefix lengths, port
classes and protocols. The numbers here are our own choice of such shapes:

* ``acl``: access lists; long destination prefixes, exact destination ports;
* ``ipc``: chains of a Linux firewall; both prefixes long, a mixture of port classes;
* ``fw``: firewalls; short or no source prefixes, ports on either side, ranges;
* ``wide``: ``fw`` where one rule in six has no addresses and many have short prefixes.

The same seed gives the same ruleset on every machine.
"""

import random
from dataclasses import dataclass, replace

from callgate.flows import Box, Family, FlowSet, IntervalSet
from callgate.flows.axes import PORT_MAX
from callgate.flows.boxes import any_address
from callgate.places import Place
from callgate.rules import Action, Addresses, Chain, Entry, Match, Rule, Ruleset

TCP, UDP = IntervalSet.points((6,)), IntervalSet.points((17,))
#: The documentation prefixes, cut into twenty networks: what stands for turn-networks.
TURN = IntervalSet.of(
    *(
        (base + 12 * n, base + 12 * n + 7)
        for base in (0xC0000200, 0xC6336400, 0xCB007100)
        for n in range(7)
    )
)
_WELL_KNOWN = (20, 21, 22, 25, 53, 80, 110, 123, 143, 161, 389, 443, 993, 1433, 1521, 3306, 3389)


@dataclass(frozen=True)
class Shape:
    """How likely each kind of constraint is, and how long prefixes are."""

    source: tuple[int, ...]
    destination: tuple[int, ...]
    exact_port: float
    any_port: float
    source_port: float
    any_protocol: float


SHAPES = {
    "acl": Shape((0, 16, 24, 28, 32), (22, 24, 27, 28, 30, 32, 32), 0.7, 0.15, 0.0, 0.1),
    "ipc": Shape((8, 16, 22, 24, 30, 32), (8, 16, 24, 27, 32, 32), 0.5, 0.35, 0.1, 0.2),
    "fw": Shape((0, 0, 16, 24, 32), (0, 20, 24, 28, 32, 32), 0.6, 0.2, 0.25, 0.1),
    "wide": Shape((0, 0, 0, 16, 24, 32), (0, 0, 16, 20, 24, 32), 0.5, 0.2, 0.4, 0.1),
}


class Maker:
    """Makes one ruleset's rules from one stream of random numbers."""

    def __init__(self, shape, count, seed):
        self.shape, self.count = shape, count
        self.chance = random.Random(seed)
        # Prefixes come from few sites: that is what makes rules overlap.
        self.sites = [self.chance.getrandbits(32) for _ in range(max(16, count // 50))]

    def prefix(self, lengths):
        length = self.chance.choice(lengths)
        if not length:
            return None
        bits = 32 - length
        site = self.chance.choice(self.sites) ^ self.chance.getrandbits(12 if length > 20 else 1)
        low = site >> bits << bits
        return Addresses(IntervalSet(((low, low + (1 << bits) - 1),)))

    def ports(self):
        draw = self.chance.random()
        if draw < self.shape.exact_port:
            port = self.chance.choice(_WELL_KNOWN)
            return IntervalSet(((port, port),))
        if draw < self.shape.exact_port + self.shape.any_port:
            return None
        low = self.chance.choice((1024, self.chance.randint(1, 60000)))
        top = PORT_MAX if low == 1024 else low + self.chance.randint(1, 2000)
        return IntervalSet(((low, top),))

    def match(self):
        chance, shape = self.chance, self.shape
        source, destination = self.prefix(shape.source), self.prefix(shape.destination)
        if chance.random() < shape.any_protocol:
            if destination is None:
                destination = self.prefix((24, 28, 32))
            return Match(source=source, destination=destination)
        ports = self.ports()
        if source is None and destination is None and (ports is None or ports.size > 10_000):
            # A rule that takes all would end the list.
            ports = _port(chance.randint(1, PORT_MAX))
        return Match(
            protocol=TCP if chance.random() < 0.7 else UDP,
            source=source,
            destination=destination,
            source_port=self.ports() if chance.random() < shape.source_port else None,
            destination_port=ports,
        )

    def rules(self):
        for line in range(1, self.count + 1):
            action = Action.ACCEPT if self.chance.random() < 0.7 else Action.DROP
            yield Rule(action, self.match(), Place("bench.rules", line), f"rule {line}")


def flat(rules):
    """A list with one chain that drops what nothing accepts."""
    chain = Chain("forward", tuple(rules), Action.DROP)
    entries = (Entry("forward", ("forward",)),)
    return Ruleset("bench", "bench.rules", {"forward": chain}, entries, frozenset({Family.V4}))


def ruleset(shape, count, seed=1, *, satisfied=False):
    """A flat list with what a call needs in its middle, behind rules that deny some of it.

    With ``satisfied`` the rules before do not deny: each one that would is an accept.
    """
    rules = list(Maker(SHAPES[shape], count, seed).rules())
    middle = len(rules) // 2
    if satisfied:
        rules[:middle] = [replace(rule, action=Action.ACCEPT) for rule in rules[:middle]]
    for match in (
        Match(protocol=UDP, destination=Addresses(TURN), destination_port=_port(3478)),
        Match(protocol=TCP, destination_port=_port(443)),
    ):
        rules[middle] = Rule(Action.ACCEPT, match, rules[middle].place, "what a call needs")
        middle += 1
    return flat(rules)


def need():
    """UDP 3478 to twenty-one networks, and TCP 443 anywhere."""
    every, high = any_address(Family.V4), IntervalSet.of((1024, PORT_MAX))
    return FlowSet.of(
        Box(Family.V4, UDP, every, TURN, high, _port(3478)),
        Box(Family.V4, TCP, every, every, high, _port(443)),
    )


def _port(number):
    return IntervalSet.points((number,))

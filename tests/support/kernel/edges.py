"""Packets at the edges of an answer: where one step on one axis changes what happens.

Every bound that a rule names, and the numbers beside it, are candidates on their axis. A
packet is drawn out of a region (what we say is accepted, what we say is denied) by pinning
axis after axis, in any order, to a candidate that the region still has; so it lies in the
corners where rules meet. Its neighbours, one step away on one axis, are tried as well.
"""

from callgate.flows import Family, IntervalSet, Packet
from callgate.flows.axes import PORT_MAX
from callgate.lab.addresses import USABLE
from callgate.rules import ConnectionState
from tests.support.kernel.packets import ICMP, ICMPV6, PLAIN, TCP, UDP, Sent, first_state

_PORTS = IntervalSet.of((0, PORT_MAX))
_AXES = ("source", "destination", "source_port", "destination_port")
#: Protocols as often as rules speak of them.
_USUAL = (TCP, TCP, TCP, UDP, UDP, UDP)
_KINDS = {
    Family.V4: (ICMP, (0, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 17, 30)),
    Family.V6: (ICMPV6, (1, 2, 3, 4, 128, 129, 130, 133, 134, 135, 136, 137, 139, 143, 200)),
}
_TRIES = 12


class Edges:
    """A source of packets for one forecast; ``rng`` makes every choice."""

    def __init__(self, forecast, hook, rng, interfaces):
        self.forecast, self.hook, self.rng = forecast, hook, rng
        self.interfaces = [name for name in forecast.interfaces if name in interfaces]
        self.family = forecast.family
        self._values = {axis: self._candidates(axis) for axis in _AXES}
        self._kinds = [protocol for protocol in PLAIN if protocol not in (ICMP, ICMPV6)]
        self._usable = forecast.space.region("source", USABLE[self.family])
        self._usable &= forecast.space.region("destination", USABLE[self.family])
        self._within = {}

    def drawn(self, accepted):
        """A packet whose predicted fate is the wanted one; None if none was found."""
        region = self._possible(accepted)
        for _ in range(_TRIES):
            sent = self._drawn(region)
            if sent is not None:
                return sent
        return None

    def neighbour(self, sent):
        """A packet one step away on one axis."""
        axis = self.rng.choice(_AXES)
        if "port" in axis and sent.packet.protocol not in (TCP, UDP):
            return None
        value = getattr(sent.packet, axis) + self.rng.choice((-1, 1))
        limits = _PORTS if "port" in axis else USABLE[self.family]
        if value not in limits:
            return None
        values = {each: getattr(sent.packet, each) for each in _AXES} | {axis: value}
        return self._sent(sent.packet.protocol, values, sent.in_interface, sent.out_interface)

    def _possible(self, accepted):
        """The part of the answer that can be sent from outside, made once."""
        if accepted not in self._within:
            forecast = self.forecast
            region = forecast.accepted if accepted else forecast.denied
            self._within[accepted] = region & self._usable
        return self._within[accepted]

    def _drawn(self, region):
        space, rng = self.forecast.space, self.rng
        if not region.satisfiable():
            return None
        protocol, kind = self._protocol()
        pins = {
            "protocol": protocol,
            "state": self._state_number(protocol, kind),
            "in_interface": self._interface("input", "forward"),
            "out_interface": self._interface("output", "forward"),
        }
        if kind is not None:
            pins |= {"destination_port": kind}
        for axis, value in pins.items():
            region = region & space.region(axis, IntervalSet.points((value,)))
        if not region.satisfiable():
            return None
        numbered = protocol in (TCP, UDP)
        order = list(_AXES if numbered else _AXES[:2])
        rng.shuffle(order)
        for axis in order:
            region = self._pinned(region, axis)
        numbers, _ = space.witness(region)
        if kind is not None:
            numbers["destination_port"] = kind
        elif not numbered:
            numbers["destination_port"] = 0
        numbers["source_port"] = numbers["source_port"] if numbered else 0
        names = space.cells.names
        return self._sent(
            protocol, numbers, names[pins["in_interface"]], names[pins["out_interface"]]
        )

    def _sent(self, protocol, values, inside, outside):
        packet = Packet(self.family, protocol, *(values[axis] for axis in _AXES))
        return Sent(packet, 0, inside, outside)

    def _pinned(self, region, axis):
        """The region at one candidate; as it is if it has none of those tried."""
        for _ in range(_TRIES):
            value = self.rng.choice(self._values[axis])
            narrowed = region & self.forecast.space.region(axis, IntervalSet.points((value,)))
            if narrowed.satisfiable():
                return narrowed
        return region

    def _protocol(self):
        """A protocol, and for ICMP a type and code."""
        icmp, types = _KINDS[self.family]
        protocol = self.rng.choice((*_USUAL, icmp, icmp, self.rng.choice(self._kinds)))
        if protocol != icmp:
            return protocol, None
        kind = self.rng.choice((*types, types[4], types[4]))
        return protocol, kind << 8 | self.rng.choice((0, 0, 0, 1, 4))

    def _state_number(self, protocol, kind):
        state = first_state(Packet(self.family, protocol, 0, 0, 0, kind or 0))
        return list(ConnectionState).index(state)

    def _interface(self, *hooks):
        names = self.forecast.space.cells.names
        return names.index(self.rng.choice(self.interfaces) if self.hook in hooks else "")

    def _candidates(self, axis):
        found = {0x0A000001, 0xC0000201} if self.family is Family.V4 else {0xFD << 120 | 1}
        limits = USABLE[self.family]
        if "port" in axis:
            found, limits = {0, 1, 443, 1023, 1024, 50000, PORT_MAX}, _PORTS
        for values in self._sets(axis):
            for low, high in values:
                found |= {low - 1, low, low + 1, high - 1, high, high + 1}
        return sorted(value for value in found if value in limits)

    def _sets(self, axis):
        for rule in self.forecast.prepared.rules:
            values = getattr(rule.match, axis)
            if values is not None:
                yield values if "port" in axis else values.family(self.family)

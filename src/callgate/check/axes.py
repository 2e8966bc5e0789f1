"""A match as one set of numbers per axis, for the engine that works on boxes.

Domain patterns become slots above the addresses, one for each pattern of the ruleset:
the slot stands for those names under a pattern that no other pattern picks out. A list
of addresses holds no slot, for where names lead is not known.
"""

from typing import Final

from callgate.check.interfaces import InterfaceCells
from callgate.check.names import is_any
from callgate.check.space import STATES
from callgate.flows import Family, IntervalSet, NameAtoms
from callgate.flows.axes import PORT_MAX, PROTOCOL_MAX
from callgate.flows.boxes import any_address, any_destination
from callgate.flows.names import ANY_NAME
from callgate.rules import ANY_STATE, Addresses, Interfaces, Match

AXES: Final = (
    "protocol",
    "destination_port",
    "destination",
    "source",
    "source_port",
    "state",
    "in_interface",
    "out_interface",
)
_PROTOCOLS: Final = IntervalSet.of((0, PROTOCOL_MAX))
_PORTS: Final = IntervalSet.of((0, PORT_MAX))
_STATES: Final = IntervalSet.of((0, len(STATES) - 1))


class AxisReader:
    """Reads matches of one family; the names of interfaces and domains are numbered."""

    def __init__(self, family: Family, interfaces: InterfaceCells, atoms: NameAtoms) -> None:
        self.family = family
        self.interfaces = interfaces
        self.atoms = atoms
        self._everywhere = any_destination(family)
        self._anyone = any_address(family)
        self._any_interface = IntervalSet.of((0, (1 << interfaces.bits) - 1))

    def read(self, match: Match) -> tuple[IntervalSet, ...]:
        """The sets of a match in the order of :data:`AXES`."""
        return (
            _PROTOCOLS if match.protocol is None else match.protocol,
            _PORTS if match.destination_port is None else match.destination_port,
            self._destination(match.destination),
            self._anyone if match.source is None else match.source.family(self.family),
            _PORTS if match.source_port is None else match.source_port,
            _STATES if match.state == ANY_STATE else _numbers(match.state),
            self._interfaces(match.in_interface),
            self._interfaces(match.out_interface),
        )

    def _destination(self, wanted: Addresses | None) -> IntervalSet:
        if wanted is None or is_any(wanted, self.family):
            return self._everywhere
        addresses = wanted.family(self.family)
        if not wanted.names:
            return addresses
        held = self.atoms.covered_by(wanted.names.patterns)
        return addresses | (ANY_NAME - held if wanted.names.negated else held)

    def _interfaces(self, wanted: Interfaces | None) -> IntervalSet:
        return self._any_interface if wanted is None else self.interfaces.set_of(wanted)


def _numbers(states: int) -> IntervalSet:
    return IntervalSet.points(n for n, state in enumerate(STATES) if state & states)

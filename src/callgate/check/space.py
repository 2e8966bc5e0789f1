"""The space of packets of one family as the variables of a decision diagram.

Theory of operation
-------------------
A packet is a number on each axis, and each bit of it is a variable, the highest bit first.
Protocol and destination port come first, so that the answer to "what else is open" can be
read off the top of a diagram service by service. Each interface stands beside the
addresses behind it: on real rulesets that makes diagrams five times smaller than putting
the interfaces first. Conditions get their variables when they are first met, below
everything else: quantifying over them is then linear in the size of the diagram.

Names stand above the addresses on the destination axis (:mod:`callgate.flows.axes`); to
save bits, the base of the names is here the first number that is no address of the
family.

OxiDD is imported when the first space is made: most commands never need it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from callgate.check.interfaces import InterfaceCells
from callgate.check.limits import Limits, TooComplexError
from callgate.check.set_diagrams import SetDiagram
from callgate.flows import Family, IntervalSet, Packet
from callgate.flows.axes import NAME_BASE
from callgate.rules import ConnectionState

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region

STATES: Final = tuple(ConnectionState)
_STATE_BITS = 3
_BIG = 64
#: Rulesets with fewer rules are small.
_MANY: Final = 1_000
#: Nodes below which nothing is tidied up: that costs remembered results too.
_UNTIDY: Final = 1 << 20
#: What a witness should look like if it can: an ephemeral port, an ordinary address.
_PLEASANT: Final = (
    ("source_port", IntervalSet.of((49152, 65535))),
    ("source_port", IntervalSet.of((1024, 65535))),
)
_PLEASANT_V4: Final = (
    ("source", IntervalSet.of((0x0A000001, 0x0AFFFFFE))),
    ("source", IntervalSet.of((0x01000000, 0x7EFFFFFF), (0x80000000, 0xDFFFFFFF))),
    ("destination", IntervalSet.of((0x01000000, 0x7EFFFFFF), (0x80000000, 0xDFFFFFFF))),
)
_PLEASANT_V6: Final = (
    ("source", IntervalSet.of((0xFD << 120, (0xFE << 120) - 1))),
    ("source", IntervalSet.of((0x2 << 124, (0x4 << 124) - 1))),
    ("destination", IntervalSet.of((0x2 << 124, (0x4 << 124) - 1))),
)


class Space:
    """Variables for one family; regions are functions over them."""

    def __init__(
        self, family: Family, cells: InterfaceCells, limits: Limits, rules: int = _MANY
    ) -> None:
        """``rules`` is about how many there are: few need little memory for results."""
        from oxidd.bcdd import BCDDManager  # noqa: PLC0415 - see the module's docstring

        self.family = family
        self.cells = cells
        # A big memory of results takes longer to set up than a small question to answer.
        self.manager = BCDDManager(limits.nodes, limits.nodes >> (2 if rules >= _MANY else 6), 1)
        self.widths = {
            "state": _STATE_BITS,
            "protocol": 8,
            "destination_port": 16,
            "out_interface": cells.bits,
            "destination": family.bits + 1,
            "in_interface": cells.bits,
            "source": family.bits,
            "source_port": 16,
        }
        self.offsets: dict[str, int] = {}
        for axis, width in self.widths.items():
            self.offsets[axis] = self.manager.num_vars()
            self.manager.add_vars(width)
        self.packet_bits = self.manager.num_vars()
        self.variables = [self.manager.var(bit) for bit in range(self.packet_bits)]
        self.true, self.false = self.manager.true(), self.manager.false()
        self.conditions: dict[str, int] = {}
        self._untidy = _UNTIDY
        self._sets: dict[tuple[str, IntervalSet], Region] = {}
        self._big: dict[tuple[str, int], tuple[IntervalSet, Region]] = {}

    @property
    def name_base(self) -> int:
        """Where the names begin on this space's destination axis."""
        return 1 << self.family.bits

    def tidy(self) -> None:
        """Free the diagrams that nothing refers to, when they take much memory."""
        if self.manager.approx_num_inner_nodes() > self._untidy:
            self.manager.gc()
            self._untidy = max(_UNTIDY, 2 * self.manager.num_inner_nodes())

    def region(self, axis: str, values: IntervalSet) -> "Region":
        """The packets whose number on one axis is in a set; remembered."""
        if len(values) > _BIG:
            return self._remember_big(axis, values)
        key = (axis, values)
        if key not in self._sets:
            self._sets[key] = self._build(axis, values)
        return self._sets[key]

    def _remember_big(self, axis: str, values: IntervalSet) -> "Region":
        """By identity, for hashing a big set at every rule that shares it takes too long."""
        key = (axis, id(values))
        if key not in self._big:
            self._big[key] = (values, self._build(axis, values))
        return self._big[key][1]

    def destination(self, values: IntervalSet) -> "Region":
        """The packets with these destinations, numbered as in a FlowSet."""
        if values.intervals and values.intervals[-1][1] >= NAME_BASE:
            shift = NAME_BASE - self.name_base
            values = IntervalSet.of(
                *(
                    (low, high) if high < NAME_BASE else (low - shift, high - shift)
                    for low, high in values
                )
            )
        return self.region("destination", values)

    def state(self, states: ConnectionState) -> "Region":
        """The packets in one of these states."""
        numbers = [number for number, state in enumerate(STATES) if state in states]
        spare = (len(STATES), (1 << _STATE_BITS) - 1)
        # The last state takes the numbers that are left, so that every number is a state.
        tail = [spare] if STATES[-1] in states else []
        return self.region("state", IntervalSet.of(*((n, n) for n in numbers), *tail))

    def condition(self, text: str) -> "Region":
        """The packets for which a condition holds."""
        if text not in self.conditions:
            self.conditions[text] = self.manager.add_vars(1)[0]
        return self.manager.var(self.conditions[text])

    def _build(self, axis: str, values: IntervalSet) -> "Region":
        offset = self.offsets[axis]
        bits = self.variables[offset : offset + self.widths[axis]]
        return SetDiagram(values, bits, self.true, self.false).build()

    def witness(self, region: "Region") -> tuple[dict[str, int], dict[str, bool]]:
        """The numbers of one packet on every axis, and what its conditions are.

        The region must not be empty. Of its packets the plainest is taken: the same
        region always gives the same one. Conditions that do not matter are left out.
        """
        pleasant = _PLEASANT_V4 if self.family is Family.V4 else _PLEASANT_V6
        for axis, values in (*pleasant, *_PLEASANT):
            narrowed = region & self.region(axis, values)
            if narrowed.satisfiable():
                region = narrowed
        cube = region.pick_cube()
        assert cube is not None  # noqa: S101 - the caller's promise
        numbers = {
            axis: _number(cube[offset : offset + self.widths[axis]])
            for axis, offset in self.offsets.items()
        }
        held = {
            text: value
            for text, variable in self.conditions.items()
            if (value := cube[variable]) is not None
        }
        return numbers, held

    def packet(self, numbers: dict[str, int]) -> Packet:
        """The packet at those numbers."""
        destination = numbers["destination"]
        if destination >= self.name_base:
            destination += NAME_BASE - self.name_base
        return Packet(
            self.family,
            numbers["protocol"],
            numbers["source"],
            destination,
            numbers["source_port"],
            numbers["destination_port"],
        )

    def quantified(self, variables: Iterable[int]) -> "Region":
        """The conjunction of variables, as quantification wants to have them."""
        cube = self.true
        for variable in sorted(variables, reverse=True):
            cube = self.manager.var(variable) & cube
        return cube


def _number(bits: list[bool | None]) -> int:
    return sum(1 << place for place, bit in enumerate(reversed(bits)) if bit)


@contextmanager
def bounded() -> Iterator[None]:
    """TooComplexError where the work inside runs out of nodes."""
    try:
        yield
    except MemoryError:
        raise TooComplexError(
            "too complex here: the answer needs more decision-diagram nodes than allowed",
            hint="ask a narrower question: one interface, one client network, one scenario",
        ) from None

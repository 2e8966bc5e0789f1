"""What our engines say about single packets of one entry, both of them at once.

The region engine is asked once about *everything*; then its answer for a packet is one walk
down a diagram. The plain interpreter is asked about every packet on its own. Neither knows
of the other, and the kernel knows of neither.
"""

from callgate.check import Prepared, Question
from callgate.check.asking import Inquiry
from callgate.check.limits import DEFAULT_LIMITS, Limits
from callgate.check.space import STATES
from callgate.check.walk import Circumstances, walk
from callgate.flows import Box, FlowSet
from callgate.flows.boxes import ANY_PROTOCOL, any_address
from callgate.rules import ANY_STATE, Action

_SMALL = 200
#: Notes on packets that may come to the filter as other packets than were sent.
_REWRITES = {"dnat", "redirect", "netmap", "notrack", "tproxy"}


class Forecast:
    """The fate of packets of one family at one entry of a ruleset."""

    def __init__(self, ruleset, entry, family):
        self.prepared = Prepared(ruleset)
        self.entry = ruleset.entry(entry)
        self.family = family
        every = any_address(family)
        about = FlowSet.of(Box(family, ANY_PROTOCOL, every, every))
        # Making room for millions of nodes takes longer than most of these questions.
        small = ruleset.rule_count < _SMALL
        limits = Limits(nodes=1 << 18) if small else DEFAULT_LIMITS
        question = Question(entry, ANY_STATE, limits=limits)
        inquiry = Inquiry((self.prepared,), question, family, about, lists_hold_names=False)
        self.space = inquiry.space
        outcome = inquiry.propagation(self.prepared).run(self.entry, inquiry.region)
        rewritten = self._rewritten(inquiry, ruleset.notes)
        free = self.space.quantified(self.space.conditions.values())
        surely = inquiry.region & ~rewritten
        self.accepted = outcome.accepted.forall(free) & surely
        self.denied = outcome.denied.forall(free) & surely

    def _rewritten(self, inquiry, notes):
        region = self.space.false
        for note in notes:
            if note.kind in _REWRITES:
                region = region | inquiry.encoder.match(note.match)
        return region.exists(self.space.quantified(self.space.conditions.values()))

    @property
    def interfaces(self):
        """One name for each kind of interface that the rules tell apart."""
        return [name for name in self.space.cells.names if name]

    def __call__(self, sent):
        """Accepted, denied, or None where the answer hangs on what we do not know."""
        bits = list(self.bits(sent))
        if self.accepted.eval(bits):
            fate = True
        elif self.denied.eval(bits):
            fate = False
        else:
            return None
        assert self.walked(sent) is fate, f"the engines disagree about {sent}"
        return fate

    def walked(self, sent):
        """The interpreter's answer, if no condition holds."""
        around = Circumstances(sent.state, sent.in_interface, sent.out_interface)
        action = walk(self.prepared, self.entry, sent.packet, around).action
        return action is Action.ACCEPT

    def bits(self, sent):
        """The variables of the diagram as a packet sets them."""
        space, packet = self.space, sent.packet
        cells = space.cells.names
        values = {
            "state": STATES.index(sent.state),
            "protocol": packet.protocol,
            "destination_port": packet.destination_port,
            "in_interface": cells.index(sent.in_interface),
            "out_interface": cells.index(sent.out_interface),
            "destination": packet.destination,
            "source": packet.source,
            "source_port": packet.source_port,
        }
        for axis, value in values.items():
            width, offset = space.widths[axis], space.offsets[axis]
            for place in range(width):
                yield offset + place, bool(value >> (width - 1 - place) & 1)

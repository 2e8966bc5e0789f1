"""The packets that meet a rule of a chain: it matches, and no rule before it took them away.

Rules before it are taken off the match biggest first: their order makes no difference to
what is left, and the first few mostly leave so little that the others no longer matter.
What is found may be more than what truly arrives, for jumps and the way into the chain are
not looked at. It is never less.
"""

from typing import TYPE_CHECKING, Final

from callgate.check.asking import Inquiry
from callgate.check.changes import Changed
from callgate.flows import FlowSet
from callgate.rules import Action

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region

#: What takes a packet out of its chain for good (a jump may come back).
_LEAVES: Final = frozenset(Action) - {Action.JUMP, Action.CONTINUE}
#: What takes a packet past the default of its chain: a return, or a goto into a chain that
#: falls through, comes to the default of a base chain.
_DECIDES: Final = _LEAVES - {Action.RETURN, Action.GOTO}
#: Rules that are taken off before what is left is good enough.
_TAKEN: Final = 5_000


def met(inquiry: Inquiry, each: Changed, matched: FlowSet) -> "Region":
    """What meets one rule of the packets in question; ``matched`` holds all that it matches."""
    prepared, encoder = each.prepared, inquiry.encoder
    left = encoder.match(each.match) & inquiry.region
    columns = prepared.columns(inquiry.space.family)
    before = slice(prepared.spans[each.chain].start, each.number)
    meeting = columns.meeting(matched, inquiry.question.state)[before].nonzero()[0] + before.start
    biggest_first = meeting[(-columns.sizes[meeting]).argsort(kind="stable")]
    takes = _DECIDES if each.is_default else _LEAVES
    for number in biggest_first[:_TAKEN].tolist():
        rule = prepared.rules[number]
        if rule.action in takes:
            inquiry.meter.step()
            left = left & ~encoder.match(rule.match)
            if not left.satisfiable():
                break
    return left

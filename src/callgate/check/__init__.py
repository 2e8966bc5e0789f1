"""Exact answers about a ruleset (pure).

Theory of operation
-------------------
1. :class:`Prepared` numbers a ruleset's rules and verifies its graph. Make one for each
   ruleset and ask it as often as you like.
2. A :class:`Question` says where packets enter, in which state, and by which interfaces
   if they are known. What is not known is *free*: unmodelled conditions, interfaces.
3. For each family, NumPy selects the rules that may meet the flows in question, and the
   region of these flows is led through the chains as a decision diagram.
4. Whatever is answered comes with a packet, and the packet is walked through the chains
   by a plain interpreter before anyone sees it. If the two disagree, that is an error of
   ours and raised as such.

::

    prepared = Prepared(ruleset)
    question = Question("forward", in_interface="lan")
    sufficiency(prepared, question, policy.needs())       # Answer: verdict, blame, notes
    return_path(prepared, question, policy.needs())       # Answer
    explain(prepared, question, packet)                   # Answer, with the walk
    excess(prepared, question, allowed)                   # ExcessReport: services
    difference(old, new, question)                        # Difference: services
    hygiene(prepared)                                     # HygieneReport: dead rules

Every question may raise :class:`TooComplexError` instead of taking forever.
"""

from callgate.check.asking import DisagreementError, Question
from callgate.check.back import return_path
from callgate.check.difference import Change, Difference, difference
from callgate.check.excess import Excess, ExcessReport, excess
from callgate.check.explain import explain
from callgate.check.hygiene import HygieneReport, hygiene
from callgate.check.limits import Limits, TooComplexError
from callgate.check.prepared import Prepared
from callgate.check.sufficiency import Answer, sufficiency

__all__ = [
    "Answer",
    "Change",
    "Difference",
    "DisagreementError",
    "Excess",
    "ExcessReport",
    "HygieneReport",
    "Limits",
    "Prepared",
    "Question",
    "TooComplexError",
    "difference",
    "excess",
    "explain",
    "hygiene",
    "return_path",
    "sufficiency",
]

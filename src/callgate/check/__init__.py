"""Exact answers about a ruleset (pure)."""

from callgate.check.asking import DisagreementError, Question
from callgate.check.limits import Limits, TooComplexError
from callgate.check.prepared import Prepared
from callgate.check.sufficiency import Answer, sufficiency

__all__ = [
    "Answer",
    "DisagreementError",
    "Limits",
    "Prepared",
    "Question",
    "TooComplexError",
    "sufficiency",
]

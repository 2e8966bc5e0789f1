"""Verdicts, evidence and findings: one vocabulary for check, proxy and probe (pure)."""

from callgate.verdicts.evidence import (
    Asking,
    Assumption,
    Evidence,
    Finding,
    Line,
    Severity,
    Step,
    Witness,
)
from callgate.verdicts.outcomes import Cause, Outcome
from callgate.verdicts.verdict import Verdict, exit_code

__all__ = [
    "Asking",
    "Assumption",
    "Cause",
    "Evidence",
    "Finding",
    "Line",
    "Outcome",
    "Severity",
    "Step",
    "Verdict",
    "Witness",
    "exit_code",
]

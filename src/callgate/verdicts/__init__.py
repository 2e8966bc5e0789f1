"""Verdicts, evidence and findings: one vocabulary for check, proxy and probe (pure)."""

from callgate.verdicts.verdict import Verdict, exit_code

__all__ = ["Verdict", "exit_code"]

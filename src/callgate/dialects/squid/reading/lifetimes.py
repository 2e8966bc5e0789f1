"""Time limits that end tunnels in the middle of a call."""

import re
from typing import Final

from callgate.dialects.squid.reading.findings import Findings
from callgate.dialects.squid.reading.lines import Statement

_UNITS: Final = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800,
    "fortnight": 1_209_600, "month": 2_592_000, "year": 31_557_790, "decade": 315_577_900,
}  # fmt: skip
#: A limit below this is told, in seconds: a day of meetings, and a pause in one.
_SHORT: Final = {"client_lifetime": 8 * 3600, "read_timeout": 60}
_WHAT: Final = {
    "client_lifetime": "ends every tunnel after this time, in the middle of a call too",
    "read_timeout": "ends a tunnel that is silent for this long, as signalling may be",
}


def lifetime(statement: Statement, findings: Findings) -> None:
    """Warn of a limit that a call can outlast."""
    name, *words = statement.words
    limit = seconds(words)
    if limit is None:
        findings.report(statement, "this time is not read")
    elif limit < _SHORT[name]:
        findings.warn("short-lifetime", statement, f"{name} {_WHAT[name]}")


def seconds(words: list[str]) -> float | None:
    """``1 day`` or ``30 minutes`` in seconds; None when it is no time."""
    if not words or not re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", words[0]):
        return None
    unit = words[1].lower().removesuffix("s") if len(words) > 1 else "second"
    return float(words[0]) * _UNITS[unit] if unit in _UNITS else None

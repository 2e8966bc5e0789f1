"""Entries that do not do what they look like: idle, for the apex only, open at the end."""

from collections.abc import Iterator
from typing import Final

from callgate.names import DomainPattern
from callgate.names.extents import Extent, shortfall
from callgate.rules.proxy import NameEntry, ProxyRuleset
from callgate.verdicts import Finding, Line, Severity

#: Names that lists use for something else than a name.
_WORDS: Final = frozenset({"none"})


def entry_findings(ruleset: ProxyRuleset, patterns: tuple[DomainPattern, ...]) -> Iterator[Finding]:
    """What is wrong with single entries, in their order."""
    covered: dict[str, list[Extent]] = {}
    for entry in ruleset.entries:
        covered.setdefault(entry.list, []).extend(entry.extents)
    for entry in ruleset.entries:
        if entry.text in _WORDS:
            continue
        if entry.idle:
            yield _idle(entry, patterns)
        elif entry.caution:
            yield _finding("open-end", Severity.WARNING, entry, entry.caution)
        else:
            yield from _apex(entry, patterns, covered[entry.list])


def _idle(entry: NameEntry, patterns: tuple[DomainPattern, ...]) -> Finding:
    """Worse where somebody thinks that it is one of the names which the application needs."""
    meant = any(pattern.base in entry.text.lower() for pattern in patterns)
    severity = Severity.WARNING if meant else Severity.NOTE
    return _finding("idle-entry", severity, entry, f"matches nothing: {entry.idle}")


def _apex(
    entry: NameEntry, patterns: tuple[DomainPattern, ...], covered: list[Extent]
) -> Iterator[Finding]:
    for pattern in patterns:
        if (
            pattern.below
            and entry.extents == (Extent(pattern.base),)
            and shortfall(covered, Extent.of(pattern))
        ):
            message = f"is {pattern.base} alone and none of the names below it ({pattern})"
            yield _finding("apex-only", Severity.WARNING, entry, message)


def _finding(kind: str, severity: Severity, entry: NameEntry, message: str) -> Finding:
    return Finding(kind, severity, f"{entry.text} {message}", Line(entry.place, entry.text))

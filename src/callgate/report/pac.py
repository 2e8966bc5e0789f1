"""What ``callgate pac`` found, for people and as plain data."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from callgate.dialects.pac.comments import plain
from callgate.pac.audit import PacAudit, Row
from callgate.pac.decisions import Decision, Held
from callgate.pac.interview import Told
from callgate.pac.questions import Role
from callgate.report.audit_json import line_json
from callgate.report.tables import Table
from callgate.verdicts import Finding, Severity, Verdict

#: Versions of the JSON forms; they grow by new keys only.
CHECK_SCHEMA = "callgate.pac-check/1"
EXPLAIN_SCHEMA = "callgate.pac-explain/1"

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def way_table(audit: PacAudit, same: Sequence[str]) -> Table:
    """Where hosts go, by role; domains that are treated alike share their rows.

    ``same`` are the titles of the readers that this table speaks for.
    """
    by_domain: dict[str, dict[tuple[str, Verdict], list[Role]]] = {}
    for row in audit.rows:
        pattern = str(row.question.pattern) if row.question.pattern else "everything else"
        roles = by_domain.setdefault(pattern, {}).setdefault((_way(row), row.verdict), [])
        if row.question.role not in roles:
            roles.append(row.question.role)
    alike: dict[str, tuple[list[str], dict[tuple[str, Verdict], list[Role]]]] = {}
    for pattern, ways in by_domain.items():
        alike.setdefault(str(ways), ([], ways))[0].append(pattern)
    rows = []
    for patterns, ways in alike.values():
        shown = "\n".join(patterns)
        for (way, verdict), found in ways.items():
            rows.append((shown, ", ".join(map(str, found)), way, str(verdict)))
            shown = ""
    title = f"{audit.source}, read by {'; '.join(same)}"
    return Table(("Domain", "Asked", "Goes", "Verdict"), tuple(rows), title)


def _way(row: Row) -> str:
    return f"{row.way}: {row.told.failure}" if row.told.failure else row.way


def missing_lines(audits: Sequence[PacAudit], shown: int = 5) -> Iterator[str]:
    """What answers hang on because nobody gave it, and how to give it."""
    found = dict.fromkeys(
        each for audit in audits for row in audit.rows for each in row.told.missing
    )
    flags = {"the time": "--at", "myIpAddress()": "--address", "Math.random()": ""}
    for each in [each for each in found if each in flags]:
        how = f" ({flags[each]})" if flags[each] else ""
        yield f"Answers depend on {each}, which was not given{how}"
    look_ups = [plain(each) for each in found if each not in flags]
    if look_ups:
        more = f" and {len(look_ups) - shown} more" if len(look_ups) > shown else ""
        yield (
            f"Answers depend on DNS look-ups that were not given (--dns): "
            f"{', '.join(look_ups[:shown])}{more}"
        )


def finding_lines(found: Iterable[tuple[Finding, tuple[str, ...]]]) -> Iterator[str]:
    """Findings, gravest first; each with the readers that it holds for, if not all."""
    for finding, readers in sorted(found, key=lambda each: _ORDER[each[0].severity]):
        where = f"{finding.line.place}: " if finding.line is not None else ""
        only = f" [{', '.join(readers)}]" if readers else ""
        yield f"{where}{finding.severity.value}: {finding.message} ({finding.kind}){only}"
        if finding.line is not None and finding.line.text:
            yield f"    {plain(finding.line.text)}"


def merged(audits: Sequence[PacAudit]) -> list[tuple[Finding, tuple[str, ...]]]:
    """Every finding once; with the readers' names where not all of them have it."""
    found: dict[tuple[str, str, object], tuple[Finding, list[str]]] = {}
    for audit in audits:
        for finding in audit.findings:
            key = (finding.kind, finding.message, finding.line)
            found.setdefault(key, (finding, []))[1].append(audit.reader.name)
    return [
        (finding, () if len(readers) >= len(audits) else tuple(readers))
        for finding, readers in found.values()
    ]


def check_json(audits: Sequence[PacAudit]) -> dict[str, Any]:
    """All readers' answers to one file."""
    return {
        "schema": CHECK_SCHEMA,
        "source": audits[0].source,
        "profile": audits[0].profile,
        "readers": [
            {
                "reader": audit.reader.name,
                "observed": audit.reader.observed,
                "verdict": str(audit.verdict),
                "expected": {"app": audit.expected.app, "other": audit.expected.other},
                "rows": [_row(row) for row in audit.rows],
            }
            for audit in audits
        ],
        "findings": [
            finding_json(finding) | {"readers": list(readers) or [a.reader.name for a in audits]}
            for finding, readers in merged(audits)
        ],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding, columns included."""
    line = line_json(finding.line)
    if line is not None and finding.line is not None:
        line["column"] = finding.line.place.column
    return {
        "kind": finding.kind,
        "severity": finding.severity.value,
        "message": finding.message,
        "line": line,
        "related": [line_json(each) for each in finding.related],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "pattern": str(row.question.pattern) if row.question.pattern else None,
        "role": str(row.question.role),
        "verdict": str(row.verdict),
        "reason": row.reason,
        **told_json(row.told),
    }


def told_json(told: Told) -> dict[str, Any]:
    """One URL's answer, and the statement that decided."""
    return {
        "url": told.url,
        "host": told.host,
        "returned": told.answer.value if told.answer.kind == "string" else None,
        "kind": told.answer.kind,
        "ways": [str(way) for way in told.ways.ways],
        "failure": told.failure or None,
        "missing": list(told.missing),
        "decision": None if told.decision is None else _decision(told.decision),
    }


def _decision(found: Decision) -> dict[str, Any]:
    return {
        "statement": line_json(found.statement),
        "conditions": [
            {"line": line_json(held.line), "calls": list(held.calls)} for held in found.held
        ],
        "failed": found.failed,
        "complete": found.complete,
    }


def explanation(told: Told, shown: int = 10) -> Iterator[str]:
    """One URL's way for people: what decided, and which conditions held on the way there."""
    ways = told.ways
    yield f"{plain(told.url)} → {ways}"
    if told.failure:
        where = f" at {told.place}" if told.place is not None else ""
        yield f"  because {told.failure}{where}; the client then goes DIRECT"
    for part, why in ways.rejected:
        yield f"  passed over: {plain(part)!r}: {why}"
    yield from _decided(told, shown)
    for each in told.missing:
        yield f"  depends on {plain(each)}, which was not given"
    for message in told.answer.alerts[:shown]:
        yield f"  alert: {plain(message)[:200]}"


def _decided(told: Told, shown: int) -> Iterator[str]:
    found = told.decision
    if found is None:
        if not told.answer.limited:
            yield "  the statement cannot be named"
        return
    if found.statement is not None:
        yield f"  decided by {found.statement.place}: {plain(found.statement.text)}"
    elif not told.failure or told.answer.kind == "undefined":
        yield "  decided by the end of the function: no return was reached"
    for held in found.held[-shown:]:
        yield from _held(held)
    if len(found.held) > shown:
        yield f"  … and {len(found.held) - shown} true conditions before"
    if found.failed:
        noun = "condition was" if found.failed == 1 else "conditions were"
        yield f"  {found.failed} {noun} false"
    if not found.complete:
        yield "  the way was too long to be kept whole"


def _held(held: Held) -> Iterator[str]:
    yield f"  true at {held.line.place}: {plain(held.line.text)}"
    for call in held.calls:
        if plain(call.partition(" = ")[0]) != plain(held.line.text):
            yield f"      {plain(call)}"


def alike(audits: Sequence[PacAudit]) -> list[list[PacAudit]]:
    """The audits in groups whose readers send everything the same way."""
    groups: dict[tuple[tuple[str, str, Verdict], ...], list[PacAudit]] = {}
    for audit in audits:
        key = tuple((row.question.host, _way(row), row.verdict) for row in audit.rows)
        if key:
            groups.setdefault(key, []).append(audit)
    return list(groups.values())


def conclusion(audits: Sequence[PacAudit]) -> str:
    """One line: how it stands, and how much there is to read."""
    found = [finding.severity for finding, _ in merged(audits)]
    counts = ", ".join(
        f"{found.count(severity)} {severity.value}{'s' if found.count(severity) != 1 else ''}"
        for severity in Severity
    )
    verdicts = [audit.verdict for audit in audits]
    worst = (Verdict.BLOCKED, Verdict.UNKNOWN, Verdict.DEPENDS, Verdict.SATISFIED)
    return f"{next(each for each in worst if each in verdicts)} ({counts})"

"""SARIF 2.1.0, for code review tools: one run, a result for each thing that is wrong.

Source: OASIS Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from callgate import __version__
from callgate.check.audit import Audit
from callgate.check.scenarios import NeedAnswer
from callgate.report.audits import service_title
from callgate.verdicts import Finding, Line, Severity, Verdict

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Verdict.BLOCKED: Severity.ERROR,
    Verdict.DEPENDS: Severity.WARNING,
    Verdict.UNKNOWN: Severity.WARNING,
}


def sarif(audits: Iterable[Audit]) -> dict[str, Any]:
    """The log of some audits; blocked needs count where the scenario was asked for."""
    return log([found for audit in audits for found in _results(audit)])


def log(results: list[dict[str, Any]]) -> dict[str, Any]:
    """A log with one run of these results."""
    rules = sorted({str(found["ruleId"]) for found in results})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "callgate",
                        "version": __version__,
                        "rules": [{"id": rule} for rule in rules],
                    }
                },
                "results": results,
            }
        ],
    }


def _results(audit: Audit) -> Iterator[dict[str, Any]]:
    for scenario in audit.scenarios:
        for need in scenario.answers:
            if need.verdict is not Verdict.SATISFIED:
                yield _need(scenario.needs.scenario.id, need)
    if audit.excess is not None:
        for service in audit.excess.services:
            text = f"open beyond {audit.reference}: {service_title(service)}"
            yield result("excess", Severity.NOTE, text, service.evidence.line, audit.source)
    for finding in audit.findings:
        yield _finding(finding, audit.source)


def _need(scenario: str, need: NeedAnswer) -> dict[str, Any]:
    line = next((each.line for each in need.answer.evidence if each.line is not None), None)
    text = f"{scenario}: {need.asked.title} is {need.verdict}: {need.reason}"
    return result(f"need-{need.verdict}", _LEVELS[need.verdict], text, line, need.source)


def _finding(finding: Finding, source: str) -> dict[str, Any]:
    return result(finding.kind, finding.severity, finding.message, finding.line, source)


def result(
    rule: str, severity: Severity, text: str, line: Line | None, source: str
) -> dict[str, Any]:
    """One result; without a line it is about the whole source."""
    location: dict[str, Any] = {"artifactLocation": {"uri": line.place.source if line else source}}
    if line is not None and line.place.line:
        location["region"] = {"startLine": line.place.line, "snippet": {"text": line.text}}
        if line.place.column:
            location["region"]["startColumn"] = line.place.column
    return {
        "ruleId": rule,
        "level": severity.value,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }

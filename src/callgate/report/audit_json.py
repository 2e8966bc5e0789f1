"""What ``callgate check`` found as plain data; ``check.schema.json`` describes it."""

from typing import Any

from callgate.check.audit import Audit
from callgate.check.excess import Excess, ExcessReport
from callgate.check.scenarios import NeedAnswer, ScenarioAnswer
from callgate.report.audits import protocols_text
from callgate.rules import Note, Unmodelled
from callgate.verdicts import Evidence, Finding, Line

#: Version of the JSON form; it grows by new keys only.
SCHEMA = "callgate.check/1"


def audit_json(audit: Audit) -> dict[str, Any]:
    """One audit; keys as in the schema."""
    return {
        "schema": SCHEMA,
        "source": audit.source,
        "profile": audit.profile.name,
        "devices": [
            {
                "source": device.source,
                "dialect": device.dialect,
                "entry": device.entry,
                "families": sorted(int(family) for family in device.families),
                "rules": device.rule_count,
                "unmodelled": [_unmodelled(each) for each in device.unmodelled],
            }
            for device in audit.devices
        ],
        "scenarios": [_scenario(answer) for answer in audit.scenarios],
        "paths": list(audit.paths),
        "reference": audit.reference,
        "excess": None if audit.excess is None else excess_json(audit.excess),
        "findings": [finding_json(finding) for finding in audit.findings],
    }


def _scenario(answer: ScenarioAnswer) -> dict[str, Any]:
    return {
        "id": answer.needs.scenario.id,
        "verdict": str(answer.verdict),
        "paths": list(answer.paths),
        "needs": [_need(need) for need in answer.answers],
    }


def _need(need: NeedAnswer) -> dict[str, Any]:
    return {
        "id": need.asked.id,
        "title": need.asked.title,
        "verdict": str(need.verdict),
        "reason": need.reason,
        "device": need.source,
        "answers": need.back,
        "missing": need.asked.missing,
        "evidence": [evidence_json(each) for each in need.answer.evidence],
        "conditions": list(need.answer.conditions),
        "notes": [_note(note) for note in need.answer.notes],
    }


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """A witness packet or a proxy's request, the line that decides it, and the walk there."""
    witness, asking = evidence.witness, evidence.asking
    shown = witness or asking
    assumptions = shown.assumptions if shown is not None else ()
    return {
        "packet": None if witness is None else str(witness.packet),
        "request": None if asking is None else str(asking),
        "in": None if witness is None else witness.in_interface,
        "out": None if witness is None else witness.out_interface,
        "assuming": [str(each) for each in assumptions],
        "line": line_json(evidence.line),
        "walk": [
            {"chain": step.chain, "line": line_json(step.line), "effect": step.effect}
            for step in evidence.walk
        ],
    }


def line_json(line: Line | None) -> dict[str, Any] | None:
    """A line of a configuration: place and text."""
    if line is None:
        return None
    return {"file": line.place.source, "line": line.place.line, "text": line.text}


def excess_json(report: ExcessReport) -> dict[str, Any]:
    """What is open beyond the reference."""
    return {
        "total": report.total,
        "undecided": [int(family) for family in report.undecided],
        "services": [_service(service) for service in report.services],
    }


def _service(service: Excess) -> dict[str, Any]:
    return {
        "family": int(service.family),
        "protocols": protocols_text(service.protocols),
        "ports": [list(interval) for interval in service.ports],
        "flows": service.flows,
        "certain": service.certain,
        "evidence": evidence_json(service.evidence),
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding with its lines."""
    return {
        "kind": finding.kind,
        "severity": finding.severity.value,
        "message": finding.message,
        "line": line_json(finding.line),
        "related": [line_json(line) for line in finding.related],
    }


def _unmodelled(each: Unmodelled) -> dict[str, Any]:
    return {
        "file": each.place.source,
        "line": each.place.line,
        "text": each.text,
        "hint": each.hint,
    }


def _note(note: Note) -> dict[str, Any]:
    return {
        "kind": note.kind,
        "file": note.place.source,
        "line": note.place.line,
        "text": note.text,
    }

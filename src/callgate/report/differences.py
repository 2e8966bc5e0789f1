"""What changed between two configurations, for people and as plain data."""

from collections.abc import Iterator
from typing import Any

from callgate.check.difference import Change, Difference
from callgate.report.audit_json import evidence_json
from callgate.report.audits import SHOWN, protocols_text, service_words

#: Version of the JSON form.
SCHEMA = "callgate.diff/1"


def difference_lines(found: Difference, old: str, new: str) -> Iterator[str]:
    """The changes, opened ones first; one line says when there are none."""
    if found.undecided:
        families = ", ".join(str(family) for family in found.undecided)
        yield f"Not compared, since one of them says nothing about it: {families}"
    if found.left_out:
        lines = ", ".join(str(line.place) for line in found.left_out[:SHOWN])
        more = f" and {len(found.left_out) - SHOWN} more" if len(found.left_out) > SHOWN else ""
        yield f"Too complex to compare: what is decided only by {lines}{more}"
    if found.equivalent:
        rest = "" if found.complete else ", as far as they were compared"
        yield f"{old} and {new} accept the same packets{rest}."
        return
    yield f"{old} and {new} differ in {found.total} kinds of service"
    for change in found.changes[:SHOWN]:
        yield from _lines(change)
    if found.total > SHOWN:
        yield f"  … and {found.total - SHOWN} more"


def _lines(change: Change) -> Iterator[str]:
    word = "opened" if change.opened else "closed"
    yield f"  {word}: {service_words(change.family, change.protocols, change.ports)}"
    if change.after.witness is not None:
        yield f"    for example {change.after.witness.packet}"
    for when, evidence in (("before", change.before), ("after", change.after)):
        if evidence.line is not None:
            yield f"    {when}: {evidence.line.place}: {evidence.line.text}"


def difference_json(found: Difference, old: str, new: str) -> dict[str, Any]:
    """The changes as plain data."""
    return {
        "schema": SCHEMA,
        "old": old,
        "new": new,
        "equivalent": found.equivalent,
        "total": found.total,
        "undecided": [int(family) for family in found.undecided],
        "left_out": [str(line.place) for line in found.left_out],
        "changes": [
            {
                "opened": change.opened,
                "family": int(change.family),
                "protocols": protocols_text(change.protocols),
                "ports": [list(interval) for interval in change.ports],
                "flows": change.flows,
                "before": evidence_json(change.before),
                "after": evidence_json(change.after),
            }
            for change in found.changes
        ],
    }

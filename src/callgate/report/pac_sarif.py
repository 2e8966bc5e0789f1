"""``callgate pac check`` as SARIF 2.1.0."""

from collections.abc import Sequence
from typing import Any

from callgate.pac.audit import PacAudit
from callgate.report.pac import merged
from callgate.report.sarif import log, result
from callgate.verdicts import Severity, Verdict


def pac_sarif(audits: Sequence[PacAudit]) -> dict[str, Any]:
    """The findings, and the names of the application whose way cannot be told."""
    source = audits[0].source
    results = [
        result(finding.kind, finding.severity, finding.message, finding.line, source)
        for finding, _ in merged(audits)
    ]
    for audit in audits:
        for row in audit.rows:
            if row.verdict in (Verdict.DEPENDS, Verdict.UNKNOWN):
                text = f"{row.question.url} ({audit.reader.name}): {row.verdict}: {row.reason}"
                line = row.told.decision.statement if row.told.decision else None
                kind = f"pac-{row.verdict}"
                results.append(result(kind, Severity.WARNING, text, line, source))
    return log(results)

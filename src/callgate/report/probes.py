"""What a probe found, for a terminal: the ladder, the diagnosis, the evidence."""

from collections.abc import Iterator

from callgate.probe.account import Account
from callgate.probe.findings import Finding, PathResult
from callgate.probe.words import milliseconds
from callgate.report.tables import Table
from callgate.verdicts import Outcome

HEADERS = ("Path", "Result", "Round trip", "What was seen")


def ladder(account: Account) -> Table:
    """The paths, best first."""
    rows = tuple(row(each) for each in account.results)
    return Table(HEADERS, rows, f"{account.document}: paths from here")


def row(result: PathResult) -> tuple[str, str, str, str]:
    """One path: its outcome, by whom, how quick, and why."""
    best = result.best
    quick = milliseconds(best.seconds) if best and best.seconds is not None else ""
    seen = list(dict.fromkeys(map(line, result.findings))) or [result.summary]
    if result.remedy:
        seen.append(f"to check it: {result.remedy}")
    return result.path, outcome_text(result), quick, "\n".join(seen)


def outcome_text(result: PathResult) -> str:
    """``blocked: drop``."""
    return f"{result.outcome}: {result.cause}" if result.cause else str(result.outcome)


def line(finding: Finding) -> str:
    """One probe of a path in one line."""
    where = f" {finding.family}" if finding.family else ""
    outcome = "" if finding.outcome is Outcome.WORKS else f"{finding.outcome}: "
    return f"{finding.probe.server}{where}: {outcome}{finding.summary}"


def diagnosis(account: Account) -> Iterator[str]:
    """The sentences, and the change with its lines."""
    told = account.diagnosis
    yield from told.sentences
    if told.best not in {told.now, "none"}:
        yield f"The best path that can be had: {told.best}."
    change = told.change
    if change is None:
        return
    yield f"One change for {change.path}: {change.words}"
    if change.lines:
        yield f"In {change.dialect}, before the rule that is in the way:"
        yield from (f"  {each}" for each in change.lines)
    if change.hint:
        yield f"For rules of your own site: {change.hint}"


def evidence(account: Account) -> Iterator[str]:
    """What backs each finding that is not simply good."""
    for result in account.results:
        for finding in result.findings:
            yield f"{finding.path} to {finding.probe.server} {finding.family or ''}".rstrip()
            yield f"  {finding.outcome}: {finding.summary}"
            yield from (f"    {each}" for each in finding.evidence)
            yield from (f"    note: {each}" for each in finding.notes)


def foot(account: Account) -> Iterator[str]:
    """How the run was made, and what it could not tell."""
    yield f"{len(account.plan.probes)} probes in {account.seconds:.2f} s; {account.proxy}."
    yield from account.limits

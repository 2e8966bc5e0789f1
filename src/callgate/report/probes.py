"""What a probe found, for a terminal: the ladder, the diagnosis, the evidence."""

from collections.abc import Iterator

from callgate.probe.account import Account
from callgate.probe.findings import Finding, PathResult
from callgate.probe.media import Quality
from callgate.probe.words import milliseconds
from callgate.quality import Proportion
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


QUALITY_HEADERS = (
    "Path",
    "Round trip p50 / p95 / p99 (ms)",
    "Jitter (ms)",
    "Lost (95 % interval)",
    "Mouth to ear (ms)",
    "MOS G.711 / Opus",
)


def quality_table(account: Account) -> Table:
    """What a stream of packets met on each path."""
    rows = tuple(map(_quality_row, account.qualities))
    return Table(QUALITY_HEADERS, rows, "Packets at the pace of speech")


def _quality_row(quality: Quality) -> tuple[str, ...]:
    stream = quality.stream
    if stream is None:
        return quality.path, "nothing came back", "", proportion(quality.lost), "", ""
    return (
        quality.path,
        f"{stream.p50:.1f} / {stream.p95:.1f} / {stream.p99:.1f}",
        f"{stream.jitter:.1f}",
        proportion(quality.lost),
        "" if quality.ear is None else f"{quality.ear:.0f}",
        " / ".join(f"{each.mos:.2f}" for each in quality.ratings),
    )


def quality_notes(account: Account) -> Iterator[str]:
    """How it was measured; the directions of UDP; every parameter of the models."""
    for how in dict.fromkeys((each.how, each.per_second) for each in account.qualities):
        yield f"Measured by {how[1]:.0f} packets a second {how[0]}; one way is taken for half."
    for each in account.directions:
        yield f"UDP {each.direction}: {proportion(each.lost)} lost."
    ratings = [rating for each in account.qualities for rating in each.ratings]
    for model in dict.fromkeys(each.model for each in ratings):
        fixed = next(each for each in ratings if each.model == model).parameters
        told = "; ".join(str(each) for each in fixed if each.source != "measured")
        yield f"{model}: {told}"


def proportion(found: Proportion) -> str:
    """``2.0 % (0.9 to 4.6)``."""
    low, high = found.interval()
    return f"{found.share:.1%} ({low * 100:.1f} to {high * 100:.1f})"

"""What is exempt, or allowed, beyond the application's names by the same line.

A line that exempts a name which the application needs is looked at with names that it does
not need: a neighbour under the same parent, names that only look alike, and any other one.
A proxy that opens nobody's TLS exempts nobody, and one that lets everybody through to
everywhere is the site's own choice: neither is told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from callgate.check.proxy.course import Course, Treatment, course
from callgate.check.proxy.forks import leaves
from callgate.check.proxy.judging import Name
from callgate.names import DomainPattern
from callgate.rules.proxy import Act, NameEntry, ProxyRule, ProxyRuleset, Request
from callgate.verdicts import Asking, Evidence, Finding, Line, Severity

#: The ``kind`` of what is told here: it counts as excess.
TOO_WIDE = "too-wide"
_ELSEWHERE = "elsewhere.example"


@dataclass(frozen=True, slots=True)
class _Sense:
    """One thing that a line can do for a name, and who did it."""

    does: str
    decider: Callable[[Course], ProxyRule | None]
    elsewhere: bool  # whether a line that does it for everybody is worth telling


def too_wide(ruleset: ProxyRuleset, names: tuple[Name, ...]) -> tuple[Finding, ...]:
    """The lines that do too much, each once, with a request that shows it."""
    found: dict[Line, Finding] = {}
    for name in names:
        pattern = DomainPattern.parse(name.label)
        for sense in _senses(ruleset):
            for finding in _wide(ruleset, name, pattern, sense):
                if finding.line is not None:
                    found.setdefault(finding.line, finding)
    return tuple(found.values())


def _senses(ruleset: ProxyRuleset) -> Iterator[_Sense]:
    if ruleset.inspection and any(r.act is Act.BUMP for r in ruleset.inspection.rules.rules):
        yield _Sense("exempts", _exempting, elsewhere=True)
    yield _Sense("lists" if ruleset.role else "allows", _allowing, elsewhere=False)


def _exempting(found: Course) -> ProxyRule | None:
    alone = found.treatment in (Treatment.ALONE, Treatment.WATCHED)
    return found.inspector if found.passes and alone else None


def _allowing(found: Course) -> ProxyRule | None:
    return found.access if found.passes else None


def _wide(
    ruleset: ProxyRuleset, name: Name, pattern: DomainPattern, sense: _Sense
) -> Iterator[Finding]:
    if not name.requests:
        return
    asked = name.requests[-1]
    lines = _deciders(ruleset, asked, sense)
    if not lines:
        return
    everybody = _deciders(ruleset, replace(asked, host=_ELSEWHERE, free=0), sense)
    for stranger, what in _strangers(pattern):
        request = replace(asked, host=stranger, free=0)
        for line in sorted(lines & _deciders(ruleset, request, sense)):
            if sense.elsewhere or line not in everybody:
                entry = _entry(ruleset, asked.host, stranger)
                where = Line(entry.place, entry.text) if entry else line
                yield _finding(where, f"{sense.does} {what} too", request)


def _finding(line: Line, message: str, shown: Request) -> Finding:
    evidence = Evidence(line=line, asking=Asking(shown.method, shown.target))
    text = f"{message}: {shown.host} for one"
    return Finding(TOO_WIDE, Severity.WARNING, text, line, evidence)


def _strangers(pattern: DomainPattern) -> Iterator[tuple[str, str]]:
    """Names that the pattern does not hold, widest first, and what each one shows."""
    yield _ELSEWHERE, "every name"
    parent = pattern.base.partition(".")[2]
    if parent:
        yield f"any-neighbour.{parent}", f"other names of .{parent}"
    yield f"evil-{pattern.base}", "what only ends alike"
    yield f"{pattern.base}.{_ELSEWHERE}", "what only begins alike"


def _deciders(ruleset: ProxyRuleset, request: Request, sense: _Sense) -> set[Line]:
    """The lines that do it for a request, whatever is true of what it does not tell.

    The end of a list is no line that anybody wrote.
    """
    found = leaves(lambda told: course(ruleset, request, told))
    rules = (sense.decider(leaf.result) for leaf in found)
    return {Line(rule.place, rule.text) for rule in rules if rule is not None and rule.terms}


def _entry(ruleset: ProxyRuleset, needed: str, stranger: str) -> NameEntry | None:
    """The entry that covers both names, if it is one entry that does."""
    for entry in ruleset.entries:
        if all(any(each.matches(name) for each in entry.extents) for name in (needed, stranger)):
            return entry
    return None

"""Verdicts about many requests, with a request and the line that decides it.

Like everywhere: ``blocked`` when some name fails whatever is true of what is not known,
``depends`` when one fails or not with conditions, which are named, and ``satisfied`` when
none can fail.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from callgate.check.proxy.course import Course, course
from callgate.check.proxy.forks import Leaf, conditions, leaves
from callgate.check.sufficiency import Answer
from callgate.rules.proxy import ProxyRule, ProxyRuleset, Request
from callgate.verdicts import Asking, Evidence, Line, Verdict

#: How many lines are blamed before it is enough.
_BLAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of each course.

    ``holds`` says whether it is well, ``decider`` which rule is to thank or to blame, and
    ``failing`` is the end of the sentence "3 of 7 names …".
    """

    holds: Callable[[Course], bool]
    decider: Callable[[Course], ProxyRule | None]
    failing: str


@dataclass(frozen=True, slots=True)
class Name:
    """One pattern of the document, and the requests that speak for it."""

    label: str
    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A request that fails, surely or under conditions."""

    label: str
    evidence: Evidence
    conditions: tuple[str, ...] = ()


def judge(ruleset: ProxyRuleset, question: Question, names: Iterable[Name]) -> Answer:
    """Whether all of it is well; TooComplexError where that takes too much."""
    asked = tuple(names)
    faults = [fault for name in asked for fault in _faults(ruleset, question, name)]
    surely = [fault for fault in faults if not fault.conditions]
    told = surely or faults
    if not told:
        good = _course(ruleset, asked[0].requests[0]) if asked and asked[0].requests else None
        proof = (_evidence(good, question),) if good else ()
        return Answer(Verdict.SATISFIED, _count("satisfied for", asked), proof)
    labels = tuple(dict.fromkeys(fault.label for fault in told))
    evidence = _one_per_line(told)
    if surely:
        reason = _failing(labels, len(asked), "is", "are", question.failing)
        return Answer(Verdict.BLOCKED, reason, evidence)
    hanging = tuple(dict.fromkeys(text for fault in told for text in fault.conditions))
    reason = _failing(labels, len(asked), "may be", "may be", question.failing)
    return Answer(Verdict.DEPENDS, reason, evidence, hanging)


def faults(ruleset: ProxyRuleset, question: Question, names: Iterable[Name]) -> tuple[Fault, ...]:
    """Every fault that is sure, one for each name and line."""
    found: dict[tuple[str, Line | None], Fault] = {}
    for name in names:
        for fault in _faults(ruleset, question, name):
            if not fault.conditions:
                found.setdefault((fault.label, fault.evidence.line), fault)
    return tuple(found.values())


def _count(word: str, asked: tuple[Name, ...]) -> str:
    return f"{word} {len(asked)} name{'' if len(asked) == 1 else 's'}"


def _failing(labels: tuple[str, ...], total: int, one: str, many: str, failing: str) -> str:
    """``3 of 7 names are not allowed: *.goto.com, …``."""
    shown = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if len(labels) > 3 else "")
    are = one if len(labels) == 1 else many
    return f"{len(labels)} of {total} names {are} {failing}: {shown}"


def _one_per_line(found: Iterable[Fault]) -> tuple[Evidence, ...]:
    by_line: dict[Line | None, Evidence] = {}
    for fault in found:
        by_line.setdefault(fault.evidence.line, fault.evidence)
    return tuple(by_line.values())[:_BLAMED]


def _faults(ruleset: ProxyRuleset, question: Question, name: Name) -> Iterator[Fault]:
    for request in name.requests:
        fault = _fault(ruleset, question, name.label, request)
        if fault is not None:
            yield fault


def _fault(ruleset: ProxyRuleset, question: Question, label: str, request: Request) -> Fault | None:
    """What fails of a request; where its free part decides, the name itself is tried too."""
    found = leaves(lambda told: course(ruleset, request, told))
    if all(question.holds(leaf.result) for leaf in found):
        return None
    if request.free:
        one = replace(request, free=0)
        concrete = leaves(lambda told: course(ruleset, one, told))
        if not any(question.holds(leaf.result) for leaf in concrete):
            found = concrete
    verdicts = [Leaf(leaf.assumptions, question.holds(leaf.result)) for leaf in found]
    bad = next(leaf for leaf in found if not question.holds(leaf.result))
    return Fault(label, _evidence_of(bad, question), conditions(verdicts))


def _evidence_of(leaf: Leaf[Course], question: Question) -> Evidence:
    evidence = _evidence(leaf.result, question)
    asking = replace(_asking(leaf.result), assumptions=leaf.assumptions)
    return replace(evidence, asking=asking)


def _evidence(found: Course, question: Question) -> Evidence:
    rule = question.decider(found)
    line = None if rule is None else Line(rule.place, rule.text)
    return Evidence(line=line, walk=found.walk, asking=_asking(found))


def _asking(found: Course) -> Asking:
    return Asking(found.request.method, found.request.target)


def _course(ruleset: ProxyRuleset, request: Request) -> Course:
    return leaves(lambda told: course(ruleset, request, told))[0].result

"""Long lists: our slicing beside building one decision diagram of the whole list.

The rival runs on the same diagram package, with the same variables and encoding, so the
ratio shows what slicing and the boxes engine are worth and nothing else. It is stopped
when it runs out of our own limit of nodes; its time is then a lower bound, and says so.
"""

import sys
import time
from collections.abc import Iterator

from benchmarks import generators
from benchmarks.timing import Measurement, best, processor_seconds
from callgate.check import Prepared, Question, hygiene, sufficiency
from callgate.check.asking import Inquiry
from callgate.flows import Family
from callgate.rules import Action

SIZES = (1_000, 10_000, 100_000)
QUESTION = Question("forward")
#: Rules after which the rival is stopped: beyond it takes hours.
_RIVAL_MOST = 10_000


def measurements(sizes=SIZES, shapes=tuple(generators.SHAPES)) -> Iterator[Measurement]:
    """Preparation, sufficiency and dead rules, for each shape and size."""
    for shape in shapes:
        for size in sizes:
            yield from _of(shape, size)


def _of(shape, size):
    prepared = Prepared(generators.ruleset(shape, size))
    satisfied = Prepared(generators.ruleset(shape, size, satisfied=True))
    preparing = processor_seconds(lambda: _prepare(prepared))
    _prepare(satisfied)
    rival, theirs = _whole_list(prepared)
    report, dead = _judged(prepared, removals=False)
    answers = [
        ("prepare, once", preparing),
        ("blocked, with blame", best(lambda: sufficiency(prepared, QUESTION, _NEED))),
        ("satisfied", best(lambda: sufficiency(satisfied, QUESTION, _NEED))),
        (_dead(report), dead),
    ]
    report, spare = _judged(prepared, removals=True)
    if not report.unweighed:
        answers.append(("the same, and what could go", spare))
    for what, ours in answers:
        yield Measurement(f"{shape} {size:>7,}: {what}", ours, rival, theirs)


def _judged(prepared, *, removals):
    """The report, and how long it took: these take longest, and are asked for once."""
    reports = []
    seconds = processor_seconds(lambda: reports.append(hygiene(prepared, removals=removals)))
    return reports[0], seconds


def _dead(report):
    share = "" if report.decided == report.total else f" of {report.decided:,} decided"
    return f"{len(report.findings):,} dead rules{share}"


def _prepare(prepared):
    columns = prepared.columns(Family.V4)
    return columns.meeting(_NEED, QUESTION.state)


def _whole_list(prepared):
    """Permit and reachable sets of the whole list; the need is then one intersection."""
    inquiry = Inquiry((prepared,), QUESTION, Family.V4, _NEED)
    start = time.process_time()
    permitted, left = inquiry.space.false, inquiry.space.true
    count = 0
    try:
        for count, rule in enumerate(prepared.rules, 1):
            matched = inquiry.encoder.match(rule.match)
            if rule.action is Action.ACCEPT:
                permitted = permitted | (left & matched)
            left = left & ~matched
            if count == _RIVAL_MOST and len(prepared.rules) > 2 * count:
                break
        (inquiry.region & ~permitted).satisfiable()
    except MemoryError:
        pass
    taken = time.process_time() - start
    whole = count == len(prepared.rules)
    return f"whole-list BCDD{'' if whole else f' (only {count:,} rules)'}", taken


_NEED = generators.need()

if __name__ == "__main__":
    chosen = tuple(int(word) for word in sys.argv[1:] if word.isdigit()) or SIZES
    named = tuple(w for w in sys.argv[1:] if w in generators.SHAPES) or tuple(generators.SHAPES)
    for each in measurements(chosen, named):
        print(each, flush=True)

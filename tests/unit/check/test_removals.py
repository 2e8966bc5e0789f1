"""Lines that could go, and lines that look so and could not."""

import pytest

from benchmarks import generators
from callgate.check import Limits, Prepared, hygiene
from callgate.flows import Family, IntervalSet
from callgate.places import Place
from callgate.rules import (
    ANYTHING,
    Action,
    Chain,
    Condition,
    Entry,
    Literal,
    Match,
    Rule,
    Ruleset,
    Varies,
)

UDP, TCP = IntervalSet.points((17,)), IntervalSet.points((6,))
ACCEPT, DROP, REJECT, LOG = Action.ACCEPT, Action.DROP, Action.REJECT, Action.CONTINUE


def ports(low, high=None, protocol=UDP):
    return Match(protocol=protocol, destination_port=IntervalSet.of((low, high or low)))


def under(text, negated=False, varies=Varies.NEVER):
    return Match(conditions=(Literal(Condition(text, Place(""), varies), negated),))


def spare(*rules, default=DROP, **chains):
    """The lines that could go; rules are pairs or triples with a target, a list is one line."""
    made, line = {}, 0
    for name, some in {"forward": rules, **chains}.items():
        found = []
        for each in some:
            line += 1
            for action, match, *target in each if isinstance(each, list) else [each]:
                place = Place("r", line)
                found.append(Rule(action, match, place, f"line {line}", "".join(target)))
        made[name] = Chain(name, tuple(found), default if name == "forward" else Action.RETURN)
    entries = (Entry("forward", ("forward",)),)
    prepared = Prepared(Ruleset("t", "r", made, entries, frozenset({Family.V4})))
    dead = {finding.line for finding in hygiene(prepared).findings}
    report = hygiene(prepared, removals=True)
    assert not report.unweighed
    return [
        finding.line.place.line
        for finding in report.findings
        if finding.line not in dead and finding.kind == "redundant"
    ]


#: Each list as it is, and once as a graph: behind a jump to a chain that does nothing.
WAYS = pytest.mark.parametrize("graph", [False, True])


def listed(graph, *rules, **options):
    if not graph:
        return spare(*rules, **options)
    found = spare((Action.JUMP, ports(60000), "idle"), *rules, idle=[(LOG, ANYTHING)], **options)
    return [line - 1 for line in found]


@WAYS
@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        # What the default does anyway.
        ([(DROP, ports(5)), (ACCEPT, ports(7))], [1]),
        # A bigger line behind it; the middle one is about other packets.
        ([(ACCEPT, ports(5)), (DROP, ports(9)), (ACCEPT, ports(1, 8))], [1, 2]),
        # By union, of lines that are needed themselves.
        ([(ACCEPT, ports(1, 9)), (ACCEPT, ports(1, 5)), (ACCEPT, ports(6, 9))], []),
        ([(ACCEPT, ports(3, 7)), (ACCEPT, ports(1, 5)), (ACCEPT, ports(6, 9))], [1]),
        # Another action gets a part of it first.
        ([(ACCEPT, ports(1, 5)), (DROP, ports(5)), (ACCEPT, ports(1, 9))], []),
        # ...or would, if the line were gone: it is dead only because of it.
        ([(ACCEPT, ports(5)), (DROP, ports(5)), (ACCEPT, ports(1, 9))], []),
        # ...but what was taken before does not come to the line at all.
        ([(DROP, ports(5)), (ACCEPT, ports(1, 5)), (DROP, ports(5)), (ACCEPT, ports(1, 9))], [2]),
        # A drop and a rejection are two things, and so may two rejections be.
        ([(REJECT, ports(5)), (ACCEPT, ports(7))], []),
        ([(REJECT, ports(5)), (REJECT, ports(1, 9))], []),
        # A denial at the very end is written to be seen.
        ([(ACCEPT, ports(7)), (DROP, ANYTHING)], []),
        ([(ACCEPT, ports(7)), (DROP, ports(5)), (DROP, ANYTHING)], [2]),
        # What logs is not looked at.
        ([(LOG, ports(5)), (ACCEPT, ports(5))], []),
        # One line of several rules goes altogether.
        ([[(ACCEPT, ports(1, 5)), (ACCEPT, ports(4, 9))]], []),
        ([[(ACCEPT, ports(1, 5)), (ACCEPT, ports(4, 9))], (ACCEPT, ports(1, 10))], [1]),
        # Under a condition less comes to it, and less is vouched for.
        ([(ACCEPT, under("a")), (ACCEPT, ANYTHING)], [1]),
        ([(ACCEPT, ports(5)), (ACCEPT, under("a"))], []),
        (
            [
                (DROP, under("a")),
                (ACCEPT, ports(5)),
                (DROP, under("a", negated=True)),
                (DROP, ports(8)),
            ],
            [3],
        ),
        # It counts, and others may look at that.
        ([(ACCEPT, under("limit", varies=Varies.COUNTED)), (ACCEPT, ANYTHING)], []),
    ],
)
def test_lists(graph, rules, expected):
    assert listed(graph, *rules) == expected


def test_what_a_called_chain_does_counts():
    called = {"a": [(ACCEPT, ports(1, 9)), (Action.RETURN, ports(20, 25))]}
    assert spare((ACCEPT, ports(5)), (Action.JUMP, ANYTHING, "a"), **called) == [1]
    assert spare((ACCEPT, ports(15)), (Action.JUMP, ANYTHING, "a"), **called) == []
    behind = (ACCEPT, ports(15, 25))
    assert spare((ACCEPT, ports(20)), (Action.JUMP, ANYTHING, "a"), behind, **called) == [1]
    assert spare((ACCEPT, ports(20)), (Action.GOTO, ANYTHING, "a"), behind, **called) == []


def test_what_would_leave_a_called_chain_is_taken_for_a_change():
    called = {"a": [(ACCEPT, ports(5)), (DROP, ports(6)), (DROP, ports(1, 8))]}
    assert spare((Action.JUMP, ANYTHING, "a"), **called) == [3]


def test_a_base_chain_that_is_called_has_no_default_there():
    deny = Rule(DROP, ports(5), Place("r", 1), "line 1")
    jump = Rule(Action.JUMP, ANYTHING, Place("r", 2), "line 2", "input")
    chains = {"input": Chain("input", (deny,), DROP), "forward": Chain("forward", (jump,), ACCEPT)}
    entries = (Entry("forward", ("forward",)),)
    prepared = Prepared(Ruleset("t", "r", chains, entries, frozenset({Family.V4})))
    assert not hygiene(prepared, removals=True).findings


@pytest.mark.parametrize("shape", ["acl", "wide"])
def test_what_is_too_much_is_counted(shape):
    prepared = Prepared(generators.ruleset(shape, 300))
    report = hygiene(prepared, Limits(steps=40), removals=True)
    assert report.unweighed

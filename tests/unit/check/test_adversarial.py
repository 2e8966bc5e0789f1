"""Rulesets made to break the engine: an answer or "too complex here", soon, in little memory."""

import random
import re
import time
from pathlib import Path

import pytest

from callgate.check import (
    Limits,
    Prepared,
    Question,
    TooComplexError,
    difference,
    excess,
    explain,
    hygiene,
    sufficiency,
)
from callgate.errors import InputError
from callgate.flows import Box, Family, FlowSet, IntervalSet, Packet
from callgate.flows.boxes import any_address
from callgate.places import Place
from callgate.rules import (
    ANYTHING,
    Action,
    Addresses,
    Chain,
    Condition,
    Entry,
    Literal,
    Match,
    Rule,
    Ruleset,
)
from callgate.verdicts import Verdict

UDP = IntervalSet.points((17,))
ANY = any_address(Family.V4)
QUESTION = Question("forward")
PORTS = IntervalSet.of((1024, 65535))
NEED = FlowSet.of(Box(Family.V4, UDP, ANY, ANY, PORTS, IntervalSet.points((3478,))))
SECONDS = 10
MEGABYTES = 500


PROCESS = Path("/proc/self")


def memory(field):
    """VmRSS (now) or VmHWM (the most since it was reset) in MB; see proc(5)."""
    status = (PROCESS / "status").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB$", status, re.M)[1]) / 1024


@pytest.fixture(autouse=True)
def _within_bounds():
    # Tests before this one may have left much behind: only what is added counts.
    (PROCESS / "clear_refs").write_text("5")
    before = memory("VmRSS")
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS
    assert memory("VmHWM") - before < MEGABYTES


def rule(line, action, match=ANYTHING, target=""):
    return Rule(action, match, Place("bad.rules", line), f"line {line}", target)


def ruleset(rules, default=Action.DROP, **chains):
    every = {"forward": Chain("forward", tuple(rules), default)}
    every |= {name: Chain(name, tuple(some)) for name, some in chains.items()}
    return Prepared(
        Ruleset(
            "test", "bad.rules", every, (Entry("forward", ("forward",)),), frozenset({Family.V4})
        )
    )


def honestly(question, *args):
    """The answer, or None when it is honestly too complex."""
    try:
        return question(*args)
    except TooComplexError:
        return None


def fragments(count):
    chance = random.Random(3)
    for line in range(1, count + 1):
        source, target = (chance.getrandbits(32) >> 12 << 12 for _ in range(2))
        low = chance.randint(1024, 60000)
        yield rule(
            line,
            Action.ACCEPT,
            Match(
                protocol=UDP,
                source=Addresses(IntervalSet.of((source, source + 4095))),
                destination=Addresses(IntervalSet.of((target, target + 4095))),
                source_port=IntervalSet.of((low, low + 5000)),
                destination_port=IntervalSet.points((3478,)),
            ),
        )


def test_a_need_that_ten_thousand_fragments_shred():
    answer = honestly(sufficiency, ruleset(fragments(10_000)), QUESTION, NEED)
    assert answer is None or answer.verdict is Verdict.BLOCKED


def test_a_need_that_fragments_shred_before_all_is_accepted():
    rules = [*fragments(10_000), rule(10_001, Action.ACCEPT)]
    answer = honestly(sufficiency, ruleset(rules), QUESTION, NEED)
    assert answer is None or answer.verdict is Verdict.SATISFIED


def conditional(action, count):
    for line in range(1, count + 1):
        literal = Literal(Condition(f"limit {line}/s"), negated=line % 2 == 0)
        address = line * 7919 % 2**16 << 16
        source = Addresses(IntervalSet.of((address, address + 0xFFFF)))
        yield rule(line, action, Match(source=source, conditions=(literal,)))


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.DROP])
def test_five_thousand_conditions(action):
    prepared = ruleset(conditional(action, 5_000), Action.ACCEPT)
    answer = honestly(sufficiency, prepared, QUESTION, NEED)
    expected = Verdict.SATISFIED if action is Action.ACCEPT else Verdict.DEPENDS
    assert answer is None or answer.verdict is expected
    if answer is not None and expected is Verdict.DEPENDS:
        assert answer.conditions


def test_five_thousand_conditions_on_the_same_packets():
    rules = [
        rule(line, Action.DROP, Match(conditions=(Literal(Condition(f"limit {line}")),)))
        for line in range(1, 5_001)
    ]
    answer = honestly(sufficiency, ruleset(rules, Action.ACCEPT), QUESTION, NEED)
    assert answer is None or answer.verdict is Verdict.DEPENDS


def deep(depth, **leaf):
    """Chains that jump to the next one, and each has a rule of its own behind the jump."""
    chains = {
        f"c{n}": (rule(n, Action.JUMP, target=f"c{n + 1}"), rule(n + depth, Action.CONTINUE))
        for n in range(depth)
    }
    chains[f"c{depth}"] = (rule(9, Action.ACCEPT, **leaf),)
    return ruleset([rule(0, Action.JUMP, target="c0")], **chains)


def test_jumps_two_thousand_deep():
    prepared = deep(2_000)
    assert sufficiency(prepared, QUESTION, NEED).verdict is Verdict.SATISFIED
    walk = explain(prepared, QUESTION, NEED.witness()).evidence[0].walk
    assert len(walk) == 2_002
    report = hygiene(prepared)
    assert report.decided == report.total
    assert len(report.findings) == 2_000


def test_every_level_calls_the_next_one_twice():
    """A walk that follows each call would take two to the power of forty steps."""
    chains = {
        f"c{n}": (
            rule(2 * n, Action.JUMP, _cond(n), f"c{n + 1}"),
            rule(2 * n + 1, Action.JUMP, target=f"c{n + 1}"),
        )
        for n in range(40)
    }
    chains["c40"] = (
        rule(99, Action.ACCEPT, Match(protocol=UDP, destination_port=IntervalSet.of((1, 3000)))),
    )
    prepared = ruleset([rule(100, Action.JUMP, target="c0")], **chains)
    answer = honestly(sufficiency, prepared, QUESTION, NEED)
    assert answer is None or answer.verdict is Verdict.BLOCKED
    report = honestly(hygiene, prepared)
    assert report is None or report.decided <= report.total


def _cond(number):
    return Match(conditions=(Literal(Condition(f"condition {number}")),))


def test_a_loop_of_jumps_is_an_error_with_its_line():
    with pytest.raises(InputError, match=r"bad.rules:3: loop"):
        ruleset(
            [rule(1, Action.JUMP, target="a")],
            a=[rule(2, Action.JUMP, target="b")],
            b=[rule(3, Action.GOTO, target="a")],
        )


BIG = IntervalSet(tuple((n * 40_000, n * 40_000 + 99) for n in range(100_000)))


@pytest.mark.parametrize("question", [sufficiency, excess])
def test_a_set_of_a_hundred_thousand_networks(question):
    shared = Match(protocol=UDP, destination=Addresses(BIG))
    prepared = ruleset([rule(n, Action.ACCEPT, shared) for n in range(1, 30)])
    answer = honestly(question, prepared, QUESTION, NEED)
    if question is sufficiency and answer is not None:
        assert answer.verdict is Verdict.BLOCKED
        assert answer.evidence[0].witness.packet.destination not in BIG


def test_hygiene_of_big_sets():
    shared = Match(destination=Addresses(BIG))
    prepared = ruleset([rule(n, Action.ACCEPT, shared) for n in range(1, 4)])
    report = honestly(hygiene, prepared)
    assert report is None or len(report.findings) == 2


def test_the_difference_of_big_sets():
    holed = IntervalSet(BIG.intervals[:50_000] + BIG.intervals[50_001:])
    old, new = (
        ruleset([rule(1, Action.ACCEPT, Match(destination=Addresses(some)))])
        for some in (BIG, holed)
    )
    found = honestly(difference, old, new, QUESTION)
    if found is not None:
        assert found.total == 1
        lost = found.changes[0].before.witness.packet.destination
        assert BIG.intervals[50_000][0] <= lost <= BIG.intervals[50_000][1]


def test_few_nodes_and_few_steps_are_said_to_be_few():
    for limits in (Limits(nodes=1 << 12, steps=900), Limits(steps=100)):
        question = Question("forward", limits=limits)
        with pytest.raises(TooComplexError, match="too complex here"):
            sufficiency(ruleset(fragments(3_000)), question, NEED)


def test_a_packet_is_explained_in_a_list_of_fragments():
    packet = Packet(Family.V4, 17, 1, 2, 1024, 3478)
    answer = explain(ruleset(fragments(10_000)), QUESTION, packet)
    assert answer.verdict is Verdict.BLOCKED
    assert str(answer.evidence[0].line).endswith("default of forward: drop")

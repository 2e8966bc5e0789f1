"""Dead rules against every packet there is, and the two engines against each other."""

from itertools import product

from hypothesis import given, settings

from callgate.check import Limits, Prepared, hygiene
from callgate.check.arrivals import arrivals
from callgate.check.walk import Circumstances, walk
from callgate.flows import FlowSet
from callgate.rules import ConnectionState
from tests.property.rulespace import CONDITIONS, flat_rulesets, packets_of, rulesets

STATES = (ConnectionState.NEW, ConnectionState.ESTABLISHED, ConnectionState.INVALID)
PACKETS = [p for p in packets_of(FlowSet.everything(), protocols=(5, 6, 17, 47)) if not p.to_name]


def lines_met(prepared, interfaces=("lan",)):
    """The lines that some packet meets on its way, by trying all of them."""
    met = set()
    entry = prepared.ruleset.entries[0]
    for packet, state, name, *held in product(
        PACKETS, STATES, interfaces, *((False, True) for _ in CONDITIONS)
    ):
        conditions = dict(zip(CONDITIONS, held, strict=True))
        around = Circumstances(state, name, name, conditions)
        met |= {step.line for step in walk(prepared, entry, packet, around).steps}
    return met


def chains_led_to(ruleset):
    """Chains that an entry names or some rule of such a chain, disabled ones too, points at."""
    found = {name for entry in ruleset.entries for name in entry.chains}
    while True:
        pointed_at = {rule.target for name in found for rule in ruleset.chains[name].rules} - {""}
        if pointed_at <= found:
            return found
        found |= pointed_at


def lines_of(prepared):
    """The lines that are judged: those of chains which decide something."""
    return {
        prepared.line(number)
        for name in chains_led_to(prepared.ruleset)
        for number in prepared.spans[name]
        if prepared.rules[number].enabled
    }


@settings(max_examples=30, deadline=None)
@given(flat_rulesets(wired=False))
def test_dead_lines_of_a_list_are_those_that_no_packet_meets(ruleset):
    prepared = Prepared(ruleset)
    report = hygiene(prepared)
    dead = {finding.line for finding in report.findings}
    expected = lines_of(prepared) - lines_met(prepared)
    assert dead <= expected
    # Only where a condition stands both ways may the answer be missing.
    assert len(expected) - len(dead) <= report.total - report.decided


@settings(max_examples=30, deadline=None)
@given(rulesets(wired=False))
def test_dead_lines_of_a_graph_are_those_that_no_packet_meets(ruleset):
    prepared = Prepared(ruleset)
    report = hygiene(prepared)
    dead = {finding.line for finding in report.findings}
    assert report.decided == report.total
    assert dead == lines_of(prepared) - lines_met(prepared)


@settings(max_examples=30, deadline=None)
@given(flat_rulesets())
def test_both_engines_find_the_same_dead_rules(ruleset):
    prepared = Prepared(ruleset)
    boxes = {finding.line for finding in hygiene(prepared).findings}
    undecided = hygiene(prepared).total - hygiene(prepared).decided
    diagrams = {
        prepared.line(number) for number, fate in arrivals(prepared, Limits()).items() if fate.dead
    }
    assert boxes <= diagrams
    assert len(diagrams - boxes) <= undecided


@settings(max_examples=30, deadline=None)
@given(flat_rulesets(names=True))
def test_what_boxes_call_dead_with_names_is_dead(ruleset):
    prepared = Prepared(ruleset)
    boxes = {finding.line for finding in hygiene(prepared).findings}
    diagrams = {
        prepared.line(number) for number, fate in arrivals(prepared, Limits()).items() if fate.dead
    }
    assert boxes <= diagrams


@settings(max_examples=30, deadline=None)
@given(flat_rulesets())
def test_named_lines_stand_before_the_dead_one(ruleset):
    for finding in hygiene(Prepared(ruleset)).findings:
        assert all(line.place < finding.line.place for line in finding.related)
        assert (finding.kind == "empty") is not bool(finding.related)

"""Lines that could go: without such a line every packet meets the same fate."""

from dataclasses import replace
from itertools import product

from hypothesis import given, settings

from callgate.check import Prepared, hygiene
from callgate.check.candidates import candidates
from callgate.check.walk import Circumstances, walk
from tests.property.rulespace import CONDITIONS, flat_rulesets, rulesets
from tests.property.test_hygiene_oracle import PACKETS, STATES


def spare_lines(prepared):
    report = hygiene(prepared, removals=True)
    dead = {finding.line for finding in hygiene(prepared).findings}
    return {finding.line for finding in report.findings} - dead, dead, report


def fates(ruleset):
    """What becomes of every packet in all circumstances; logs aside."""
    prepared = Prepared(ruleset)
    entry = ruleset.entries[0]
    found = []
    for packet, state, *held in product(PACKETS, STATES, *((False, True) for _ in CONDITIONS)):
        around = Circumstances(state, "lan", "lan", dict(zip(CONDITIONS, held, strict=True)))
        found.append(walk(prepared, entry, packet, around).action)
    return found


def without(ruleset, prepared, lines):
    chains = {
        name: replace(
            chain,
            rules=tuple(
                rule
                for number, rule in zip(prepared.spans[name], chain.rules, strict=True)
                if prepared.line(number) not in lines
            ),
        )
        for name, chain in ruleset.chains.items()
    }
    return replace(ruleset, chains=chains)


@settings(max_examples=25, deadline=None)
@given(flat_rulesets(wired=False))
def test_a_line_of_a_list_that_could_go_changes_nothing(ruleset):
    prepared = Prepared(ruleset)
    spare, _, _ = spare_lines(prepared)
    if spare:
        before = fates(ruleset)
        for line in spare:
            assert fates(without(ruleset, prepared, {line})) == before


@settings(max_examples=25, deadline=None)
@given(rulesets(wired=False))
def test_a_line_of_a_graph_that_could_go_changes_nothing(ruleset):
    prepared = Prepared(ruleset)
    spare, _, report = spare_lines(prepared)
    assert not report.unweighed
    if spare:
        before = fates(ruleset)
        for line in spare:
            assert fates(without(ruleset, prepared, {line})) == before


@settings(max_examples=25, deadline=None)
@given(flat_rulesets(wired=False, conditions=False))
def test_every_line_of_a_list_that_could_go_is_found(ruleset):
    """Where dead lines are gone and there are no conditions, none is missed."""
    prepared = Prepared(ruleset)
    ruleset = without(ruleset, prepared, spare_lines(prepared)[1])
    prepared = Prepared(ruleset)
    spare, _, report = spare_lines(prepared)
    assert not report.unweighed
    before = fates(ruleset)
    for number in prepared.spans["base"]:
        line = prepared.line(number)
        asked = prepared.rules[number].enabled and candidates(prepared, [number])
        if asked and line not in spare:
            assert fates(without(ruleset, prepared, {line})) != before

from dataclasses import replace

import pytest

from callgate.errors import InputError, UsageError
from callgate.places import Place
from callgate.rules import ANYTHING, Action, Chain, Entry, Rule, Ruleset, verify_graph


def leave(action, target, line=1):
    return Rule(action, ANYTHING, Place("f", line), f"{action.value} {target}", target)


def ruleset(*chains, entry=("base",)):
    return Ruleset("test", "f", {c.name: c for c in chains}, (Entry("forward", entry),))


def base(*rules):
    return Chain("base", rules, Action.DROP)


def test_a_graph_where_two_ways_lead_to_one_chain_is_no_loop():
    verify_graph(
        ruleset(
            base(leave(Action.JUMP, "a"), leave(Action.GOTO, "b")),
            Chain("a", (leave(Action.JUMP, "b"),)),
            Chain("b", ()),
        )
    )


@pytest.mark.parametrize("action", [Action.JUMP, Action.GOTO])
def test_a_loop_is_reported_at_the_rule_that_closes_it(action):
    with pytest.raises(InputError, match=r"f:7: loop of chains: 'a'"):
        verify_graph(
            ruleset(
                base(leave(Action.JUMP, "a")),
                Chain("a", (leave(Action.JUMP, "b", 3),)),
                Chain("b", (leave(action, "a", 7),)),
            )
        )


def test_a_loop_that_no_entry_reaches_is_a_loop_all_the_same():
    with pytest.raises(InputError, match="loop"):
        verify_graph(ruleset(base(), Chain("a", (leave(Action.JUMP, "a"),))))


def test_every_missing_target_is_reported():
    with pytest.raises(InputError) as caught:
        verify_graph(
            ruleset(base(leave(Action.JUMP, "x", 1), leave(Action.GOTO, "y", 2)), entry=("z",))
        )
    assert len(caught.value.mistakes) == 3


def test_an_entry_needs_a_default():
    with pytest.raises(InputError, match="no default"):
        verify_graph(ruleset(Chain("base", ())))


def test_thousands_of_chains_need_no_recursion():
    depth = 20_000
    chains = [Chain(f"c{i}", (leave(Action.JUMP, f"c{i + 1}"),)) for i in range(depth)]
    verify_graph(ruleset(base(leave(Action.JUMP, "c0")), *chains, Chain(f"c{depth}", ())))


def test_an_unknown_entry_names_those_that_there_are():
    with pytest.raises(UsageError, match="entries: forward"):
        ruleset(base()).entry("input")


def test_only_a_jump_has_a_target():
    with pytest.raises(ValueError, match="target"):
        Rule(Action.ACCEPT, ANYTHING, Place("f"), "", "a")
    with pytest.raises(ValueError, match="target"):
        Rule(Action.JUMP, ANYTHING, Place("f"), "")


def test_answers_pass_an_entry_that_is_there():
    rules = ruleset(base())
    verify_graph(replace(rules, entries=(Entry("a", ("base",), reply="b"), Entry("b", ()))))
    with pytest.raises(InputError, match="answers to 'a' pass 'c'"):
        verify_graph(replace(rules, entries=(Entry("a", ("base",), reply="c"),)))

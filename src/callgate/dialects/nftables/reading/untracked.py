"""What ``notrack`` does to later tests of the connection state.

A packet that a ``notrack`` rule holds is untracked and never new. Such rules are few, so
the answer is kept simple: where a later rule tests the state of packets that one of them
may hold, its test depends on the condition "notrack …".
"""

from dataclasses import replace

from callgate.dialects.nftables.reading.conjunction import both, with_literals
from callgate.rules import ANY_STATE, Condition, ConnectionState, Literal, Note, Rule


def after_notrack(rule: Rule, notes: list[Note]) -> list[Rule]:
    """A rule in the light of the notrack rules before it: itself, or several."""
    if rule.match.state == ANY_STATE:
        return [rule]
    stateless = replace(rule.match, state=ANY_STATE)
    touching = [note for note in notes if both(stateless, note.match) is not None]
    conditions = [Condition(f"notrack: {note.text}", note.place) for note in touching]
    if ConnectionState.UNTRACKED not in rule.match.state:
        still = with_literals(rule.match, tuple(Literal(each, True) for each in conditions))
        return [rule if still is None else replace(rule, match=still)]
    found = [rule]
    for note, condition in zip(touching, conditions, strict=True):
        reached = both(stateless, note.match)
        held = None if reached is None else with_literals(reached, (Literal(condition),))
        if held is not None:
            found.append(replace(rule, match=held))
    return found

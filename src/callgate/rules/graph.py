"""The chain graph: every target exists, and no jump comes back to where it came from."""

from collections.abc import Iterator

from callgate.errors import InputError, Mistake
from callgate.rules.rule import Action, Chain, Rule
from callgate.rules.ruleset import Ruleset

_LEAVES = frozenset({Action.JUMP, Action.GOTO})


def verify_graph(ruleset: Ruleset) -> None:
    """InputError for each target and entry that is not there, and for each loop.

    The kernel refuses such rulesets too. Every engine relies on this; it walks without
    recursion, for chains may be thousands deep.
    """
    mistakes = [
        Mistake(rule.place, f"chain {chain.name!r} goes to {rule.target!r}, which is not there")
        for chain in ruleset.chains.values()
        for rule in leaves(chain)
        if rule.target not in ruleset.chains
    ]
    mistakes += [
        Mistake(entry.place, f"entry {entry.name!r} names chain {name!r}, which is not there")
        for entry in ruleset.entries
        for name in entry.chains
        if name not in ruleset.chains
    ]
    entries = {entry.name for entry in ruleset.entries}
    mistakes += [
        Mistake(entry.place, f"answers to {entry.name!r} pass {entry.reply!r}, which is not there")
        for entry in ruleset.entries
        if entry.reply and entry.reply not in entries
    ]
    mistakes += [
        Mistake(ruleset.chains[name].place, f"chain {name!r} is an entry and has no default")
        for name in {name for entry in ruleset.entries for name in entry.chains}
        if name in ruleset.chains and ruleset.chains[name].default is Action.RETURN
    ]
    if not mistakes:
        mistakes = [
            Mistake(rule.place, f"loop of chains: {rule.target!r} comes back to itself")
            for rule in _closing(ruleset)
        ]
    if mistakes:
        raise InputError(mistakes)


def leaves(chain: Chain) -> Iterator[Rule]:
    """The rules of a chain that lead to another chain."""
    return (rule for rule in chain.rules if rule.enabled and rule.action in _LEAVES)


def _closing(ruleset: Ruleset) -> Iterator[Rule]:
    """The rules that close a loop, by depth-first search."""
    finished: set[str] = set()
    for start in ruleset.chains:
        if start in finished:
            continue
        path = {start: leaves(ruleset.chains[start])}
        while path:
            name = next(reversed(path))
            rule = next(path[name], None)
            if rule is None:
                finished.add(name)
                del path[name]
            elif rule.target in path:
                yield rule
            elif rule.target not in finished:
                path[rule.target] = leaves(ruleset.chains[rule.target])

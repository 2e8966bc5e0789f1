"""Rules that test the state of packets which the raw table left untracked.

Such a packet is untracked and never new, so a later test of its state depends on whether
the rule in the raw table took it (:mod:`callgate.dialects.nftables.reading.untracked`,
the same netfilter in other words).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from callgate.dialects.nftables.reading.untracked import after_notrack
from callgate.rules import ANY_STATE, ANYTHING, Chain, Note

#: Pairs of such rules that are looked at one by one; beyond, they count as one rule.
_PAIRS_MAX: Final = 100_000


def in_their_light(chains: Mapping[str, Chain], notes: list[Note]) -> dict[str, Chain]:
    """The chains, with tests of the state that know of the rules in ``notes``."""
    untracking = [note for note in notes if note.kind == "notrack"]
    if not untracking:
        return dict(chains)
    tests = sum(rule.match.state != ANY_STATE for chain in chains.values() for rule in chain.rules)
    if tests * len(untracking) > _PAIRS_MAX:
        text = f"any of {len(untracking)} rules that leave packets untracked"
        untracking = [Note("notrack", text, untracking[0].place, ANYTHING)]
    return {name: _seen(chain, untracking) for name, chain in chains.items()}


def _seen(chain: Chain, untracking: list[Note]) -> Chain:
    rules = [each for rule in chain.rules for each in after_notrack(rule, untracking)]
    return replace(chain, rules=tuple(rules))

"""Which chains a packet meets, in order: the entries INPUT, FORWARD and OUTPUT.

Netfilter walks the tables at each hook by priority. The filter table's chain is always in
the series; a chain of another table only where it, or a chain that it leads to, can stop
a packet. What other tables do besides (translate, mark, leave untracked) are notes.
"""

from collections.abc import Mapping
from typing import Final

from callgate.places import Place
from callgate.rules import Action, Chain, Entry
from callgate.rules.graph import leaves

#: Entry -> (hook, entry of the answers, chains in order of hook and priority).
_WAYS: Final = {
    "INPUT": (
        "input",
        "OUTPUT",
        ("raw/PREROUTING", "mangle/PREROUTING", "nat/PREROUTING",
         "mangle/INPUT", "filter/INPUT", "security/INPUT", "nat/INPUT"),
    ),
    "FORWARD": (
        "forward",
        "",
        ("raw/PREROUTING", "mangle/PREROUTING", "nat/PREROUTING",
         "mangle/FORWARD", "filter/FORWARD", "security/FORWARD",
         "mangle/POSTROUTING", "nat/POSTROUTING"),
    ),
    "OUTPUT": (
        "output",
        "INPUT",
        ("raw/OUTPUT", "mangle/OUTPUT", "nat/OUTPUT", "filter/OUTPUT", "security/OUTPUT",
         "mangle/POSTROUTING", "nat/POSTROUTING"),
    ),
}  # fmt: skip
_STOPS: Final = frozenset({Action.DROP, Action.REJECT, Action.UNMODELLED})


def entries(chains: Mapping[str, Chain], prefixes: list[str], place: Place) -> list[Entry]:
    """The three ways through the box; ``prefixes`` are those of the families' chains."""
    stopping = _stopping(chains)
    found: list[Entry] = []
    for name, (hook, reply, series) in _WAYS.items():
        keys = [f"{prefix}{key}" for prefix in prefixes for key in series]
        met = [key for key in keys if key in stopping or (key in chains and "filter/" in key)]
        first = next((chains[key].place for key in met if "filter/" in key), place)
        found.append(Entry(name, tuple(met), hook, first, reply))
    return found


def _stopping(chains: Mapping[str, Chain]) -> set[str]:
    """Chains in which a packet can die, or be taken where we do not see it."""
    callers: dict[str, list[str]] = {}
    for key, chain in chains.items():
        for rule in leaves(chain):
            callers.setdefault(rule.target, []).append(key)
    waiting = [
        key
        for key, chain in chains.items()
        if chain.default in _STOPS or any(rule.action in _STOPS for rule in chain.rules)
    ]
    found: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += callers.get(key, [])
    return found

"""A whole configuration: chains, where packets enter, and what was not modelled."""

from collections.abc import Mapping
from dataclasses import dataclass

from callgate.errors import UsageError
from callgate.flows import Family
from callgate.places import Place
from callgate.rules.match import BOTH_FAMILIES, Match
from callgate.rules.rule import Chain


@dataclass(frozen=True, slots=True)
class Entry:
    """A way through the device: the chains that a packet passes one after the other.

    ``name`` is what ``--chain``, ``--zone`` or ``--interface`` say (``forward``,
    ``filter/FORWARD``, ``inside in``). ``hook`` groups entries of one kind: ``input``,
    ``output``, ``forward`` or a dialect's own word. Chains of nftables stand in order of
    their priority.

    ``reply`` is the name of the entry that answers pass on their way back, and empty where
    that is this one. It is another one on a router, which judges each direction by lists of
    its own, and on a firewall that looks at first packets only.
    """

    name: str
    chains: tuple[str, ...]
    hook: str = "forward"
    place: Place = Place("")  # noqa: RUF009 - immutable
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Unmodelled:
    """Something in the text that answers can only name; ``hint`` says what to do about it."""

    text: str
    place: Place
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A rule outside the filter that may change a packet (nat, mangle, raw).

    ``kind`` is its word (``dnat``, ``snat``, ``redirect``, ``mark``, ``notrack``); a note
    is shown with every need that meets ``match``.
    """

    kind: str
    text: str
    place: Place
    match: Match


@dataclass(frozen=True, slots=True)
class Ruleset:
    """What one configuration says.

    ``families`` are those that it decides: an ``iptables-save`` file says nothing about
    IPv6, and a need there is then *unknown*. ``stateful`` devices let the packets of a
    known connection pass without asking their rules (ASA, FortiGate, PAN-OS, security
    groups); netfilter asks, and its rulesets say so with a state.
    """

    dialect: str
    source: str
    chains: Mapping[str, Chain]
    entries: tuple[Entry, ...]
    families: frozenset[Family] = BOTH_FAMILIES
    unmodelled: tuple[Unmodelled, ...] = ()
    notes: tuple[Note, ...] = ()
    stateful: bool = False

    def entry(self, name: str) -> Entry:
        """The entry of that name; UsageError lists those that there are."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        known = ", ".join(entry.name for entry in self.entries) or "none"
        raise UsageError(f"{self.source}: no entry {name!r}", hint=f"entries: {known}")

    @property
    def rule_count(self) -> int:
        """How many rules stand in all chains together."""
        return sum(len(chain.rules) for chain in self.chains.values())

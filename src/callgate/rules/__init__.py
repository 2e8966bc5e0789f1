"""What a configuration says: chains of rules, whatever language it was written in (pure).

Theory of operation
-------------------
* A :class:`Ruleset` is a graph of chains (:class:`Chain`). A question starts at an
  :class:`Entry`: a *series* of chains that a packet must pass one after the other (the
  base chains of one nftables hook in order of priority; on a router the list of the
  interface that it comes in by and the list of the one that it leaves by). An accept
  ends the chain of the series, a drop ends everything. A flat list is a graph of one
  chain. A security zone is an interface.
* A chain is walked from its first rule on. A :class:`Rule` acts on what its
  :class:`Match` holds: accept, drop and reject decide; jump comes back, goto comes back
  to where the last *jump* came from, return goes there now; continue (log, count, mark)
  does nothing. What falls off the end meets the chain's ``default``.
* A match is one set per dimension, and ``None`` where it does not constrain. A negation
  is the complement of that set, which is exact. What ties dimensions together
  (concatenations, verdict maps, service groups) becomes several rules that share one
  place and one text, and are one rule to the reader.
* What we do not model (limit, recent, time, user, application, TCP flags) is a
  :class:`Condition`, known by its text: the same text is the same free yes or no
  wherever it stands, and answers say that they depend on it. Tests with a memory of their
  own (two limits) are told apart line by line (:mod:`callgate.rules.apart`).
* State is seen from connection tracking. ``NEW`` stands for a first packet, so for TCP
  for a SYN without ACK: "SYN only" is ``NEW`` and its negation is everything but
  ``NEW``. Other tests of TCP flags are conditions.
* Nothing is dropped: what a parser met and did not model also stands in
  :attr:`Ruleset.unmodelled`, and what may rewrite packets before or after (nat, mangle)
  in :attr:`Ruleset.notes`.

Big sets are shared: rules that use the same named set hold the *same*
:class:`~callgate.flows.IntervalSet` object, and the engines work on it only once.
"""

from callgate.rules.addresses import ANY_ADDRESS, NO_ADDRESS, Addresses, Names
from callgate.rules.apart import told_apart
from callgate.rules.graph import verify_graph
from callgate.rules.interfaces import Interfaces
from callgate.rules.match import ANYTHING, BOTH_FAMILIES, Condition, Literal, Match, Varies
from callgate.rules.rule import Action, Chain, Rule
from callgate.rules.ruleset import Entry, Note, Ruleset, Unmodelled
from callgate.rules.state import ANY_STATE, ConnectionState

__all__ = [
    "ANYTHING",
    "ANY_ADDRESS",
    "ANY_STATE",
    "BOTH_FAMILIES",
    "NO_ADDRESS",
    "Action",
    "Addresses",
    "Chain",
    "Condition",
    "ConnectionState",
    "Entry",
    "Interfaces",
    "Literal",
    "Match",
    "Names",
    "Note",
    "Rule",
    "Ruleset",
    "Unmodelled",
    "Varies",
    "told_apart",
    "verify_graph",
]

"""What a match on destinations says about a packet to a *name*.

A name is an atom of the question (``*.goto.com``) and what it will lead to is not known
here. So

* every address of a family holds every name;
* a pattern of the rule that covers the atom holds it;
* a pattern that covers part of the atom (``app.goto.com``), or any name the question does
  not list, holds it if "the name is app.goto.com";
* a list of addresses holds it if "the name leads to one of these addresses".

The last two are conditions, and so the answer depends on them by name. Which patterns a
product's own wildcard covers is its parser's business; what is published or resolved for a
name is a need by address, and the caller's.
"""

from callgate.flows import Family, IntervalSet, networks_of
from callgate.names import DomainPattern
from callgate.rules import Addresses

#: How many networks a condition's text names before it counts the rest.
_SHOWN = 3


def is_any(addresses: Addresses | None, family: Family) -> bool:
    """Whether a match takes every address of a family, and so every name."""
    if addresses is None:
        return True
    values = addresses.family(family)
    return len(values) == 1 and values.size == 1 << family.bits


def covered(pattern: DomainPattern, atom: DomainPattern | None) -> bool | None:
    """Whether a pattern holds an atom: yes, no or in part (None); atom None is any name."""
    if atom is None:
        return None
    if pattern.covers(atom):
        return True
    return None if atom.covers(pattern) else False


def is_pattern(pattern: DomainPattern) -> str:
    """The condition that a packet's name is one that the pattern holds."""
    return f"the destination's name is {pattern}"


def leads_to(values: IntervalSet, family: Family) -> str:
    """The condition that a packet's name leads into a list of addresses."""
    networks = networks_of(IntervalSet(values.intervals[:_SHOWN]), family)
    shown = ", ".join(map(str, networks[:_SHOWN]))
    if len(values) <= _SHOWN and len(networks) <= _SHOWN:
        return f"the destination's name leads to {shown}"
    return f"the destination's name leads to {shown} or the rest of list {_digest(values):08x}"


def _digest(values: IntervalSet) -> int:
    """Tells lists apart whose first networks are the same (FNV-1a, 32 bits of it)."""
    digest = 0xCBF29CE484222325
    for low, high in values:
        digest = ((digest ^ low ^ (high << 1)) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return digest & 0xFFFFFFFF

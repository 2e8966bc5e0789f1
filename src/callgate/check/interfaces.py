"""Interfaces as a finite domain: one cell for all that no rule can tell apart.

A rule names interfaces exactly or by a prefix with a star. Two names are in one cell if
every rule of the question treats them alike, so a cell per name, one per prefix (for "any
other name that begins so"), one for "no interface" and one for all the rest are enough.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from callgate.flows import IntervalSet
from callgate.rules import Interfaces, Ruleset

#: How a prefix cell, and the cell of all other names, are called in a witness.
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class InterfaceCells:
    """A representative name for each cell; the last cell stands for every other name."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, rulesets: Iterable[Ruleset], asked: Iterable[str] = ()) -> "InterfaceCells":
        """The cells that these rulesets, and the names in a question, make necessary."""
        written = {name for ruleset in rulesets for name in _names_in(ruleset)} | set(asked)
        exact = {name for name in written if not name.endswith("*")}
        fresh = {_fresh(name[:-1], exact) for name in written if name.endswith("*")}
        other = _fresh("", exact | fresh)
        return cls((*sorted({"", *exact, *fresh} - {other}), other))

    @property
    def bits(self) -> int:
        """How many bits number the cells."""
        return max(1, (len(self.names) - 1).bit_length())

    def set_of(self, interfaces: Interfaces) -> IntervalSet:
        """The numbers of the cells that a match holds.

        The last cell takes all numbers that are left, so that every number is a cell.
        """
        last = len(self.names) - 1
        return IntervalSet.of(
            *(
                (cell, (1 << self.bits) - 1 if cell == last else cell)
                for cell, name in enumerate(self.names)
                if name in interfaces
            )
        )

    def name(self, number: int) -> str:
        """The representative of a cell."""
        return self.names[min(number, len(self.names) - 1)]


def _names_in(ruleset: Ruleset) -> Iterable[str]:
    for interfaces in interfaces_of(ruleset):
        yield from interfaces.names


def interfaces_of(ruleset: Ruleset) -> set[Interfaces]:
    """Every match on interfaces in a ruleset."""
    return {
        interfaces
        for chain in ruleset.chains.values()
        for rule in chain.rules
        for interfaces in (rule.match.in_interface, rule.match.out_interface)
        if interfaces is not None
    }


def _fresh(prefix: str, taken: set[str]) -> str:
    """A name that begins with the prefix and is none of the taken ones."""
    name = prefix + _OTHER
    while name in taken:
        name += "x"
    return name

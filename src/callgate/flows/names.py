"""Which slot of the destination axis stands for which domain pattern.

An atom is a pattern of the profile (or the apex of one, so that a target which cannot
help matching it can be caught at it). Slots that no atom takes mean "another name".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from callgate.flows.axes import NAME_BASE, NAME_LAST, NAME_SLOTS
from callgate.flows.intervals import IntervalSet
from callgate.names import DomainPattern

#: Every name there is.
ANY_NAME = IntervalSet.of((NAME_BASE, NAME_LAST))


@dataclass(frozen=True, slots=True)
class NameAtoms:
    """The domain patterns that a question is about, in slot order."""

    patterns: tuple[DomainPattern, ...] = ()

    @classmethod
    def of(cls, patterns: Iterable[DomainPattern]) -> "NameAtoms":
        """Atoms for these patterns and for the apex of each wildcard among them."""
        wanted = set(patterns)
        wanted |= {DomainPattern(pattern.base) for pattern in wanted}
        if len(wanted) >= NAME_SLOTS:
            raise ValueError(f"more than {NAME_SLOTS - 1} domain patterns")
        return cls(tuple(sorted(wanted)))

    def covered_by(self, patterns: Iterable[DomainPattern]) -> IntervalSet:
        """The slots of the atoms that these patterns cover completely."""
        wanted = tuple(patterns)
        return IntervalSet.points(
            NAME_BASE + slot
            for slot, atom in enumerate(self.patterns)
            if any(pattern.covers(atom) for pattern in wanted)
        )

    def label(self, slot: int) -> str:
        """How to call the name at a point of the destination axis."""
        index = slot - NAME_BASE
        return str(self.patterns[index]) if index < len(self.patterns) else "another name"

"""Which addresses, or which names, one end of a match holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from callgate.flows import Family, IntervalSet, Network, prefixes_of
from callgate.flows.boxes import any_address
from callgate.names import DomainPattern


@dataclass(frozen=True, slots=True)
class Names:
    """The names that some pattern covers, or with ``negated`` all the others.

    The patterns say what the *target* would match: where its ``*.goto.com`` also takes
    the apex, its parser gives both patterns.
    """

    patterns: tuple[DomainPattern, ...] = ()
    negated: bool = False

    def __bool__(self) -> bool:
        return self.negated or bool(self.patterns)


NO_NAME = Names()


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses of both families, and names; a match on both takes either.

    Every address of a family includes every name that leads to it.
    """

    v4: IntervalSet = IntervalSet.EMPTY
    v6: IntervalSet = IntervalSet.EMPTY
    names: Names = NO_NAME

    @classmethod
    def of(cls, networks: Iterable[Network]) -> "Addresses":
        """The addresses of networks of either family."""
        every = tuple(networks)
        return cls(prefixes_of(every, Family.V4), prefixes_of(every, Family.V6))

    def family(self, family: Family) -> IntervalSet:
        """The addresses of one family."""
        return self.v4 if family is Family.V4 else self.v6

    def complement(self) -> "Addresses":
        """Every address that is not here, and every name if no name is here."""
        return Addresses(
            any_address(Family.V4) - self.v4,
            any_address(Family.V6) - self.v6,
            Names(self.names.patterns, not self.names.negated) if self.names else NO_NAME,
        )

    def __or__(self, other: "Addresses") -> "Addresses":
        """Either of two; ValueError when it takes a list of names and a negated one."""
        if self.names.negated != other.names.negated and self.names and other.names:
            raise ValueError("a list of names and a negated list of names in one match")
        if self.names.negated:
            raise ValueError("two negated lists of names in one match")
        return Addresses(
            self.v4 | other.v4,
            self.v6 | other.v6,
            Names((*self.names.patterns, *other.names.patterns), other.names.negated),
        )


NO_ADDRESS = Addresses()
ANY_ADDRESS = Addresses(any_address(Family.V4), any_address(Family.V6), Names(negated=True))

"""The names among the destinations, in the words of a rule table.

Atoms nest: ``*.goto.com`` holds ``*.a.goto.com``, and "another name" holds them all. A
pattern is written out only where it differs from the narrowest one around it: held
where that one is missing (a piece of its own), or missing where that one is held (an
exception of the piece that it is cut from).
"""

from dataclasses import dataclass

from callgate.flows.axes import NAME_BASE
from callgate.flows.intervals import IntervalSet
from callgate.flows.names import NameAtoms
from callgate.flows.wording import listing
from callgate.names import DomainPattern

#: What stands around everything: a name that no atom speaks of.
_ANOTHER = None
_Atom = DomainPattern | None


def name_words(slots: IntervalSet, atoms: NameAtoms) -> list[str]:
    """Domain patterns, the widest only, with their exceptions."""
    nest = _Nest(slots, atoms)
    candidates: list[_Atom] = [_ANOTHER, *atoms.patterns]
    return [nest.words(atom) for atom in candidates if nest.piece(atom) == (atom,)]


@dataclass(frozen=True, slots=True)
class _Nest:
    """Which atoms are held, and which one stands around which."""

    slots: IntervalSet
    atoms: NameAtoms

    def held(self, atom: _Atom) -> bool:
        patterns = self.atoms.patterns
        index = len(patterns) if atom is _ANOTHER else patterns.index(atom)
        return NAME_BASE + index in self.slots

    def around(self, atom: DomainPattern) -> _Atom:
        """The narrowest atom that covers this one and is another."""
        wider = [each for each in self.atoms.patterns if each != atom and each.covers(atom)]
        return max(wider, key=lambda each: len(each.base), default=_ANOTHER)

    def piece(self, atom: _Atom) -> tuple[_Atom, ...]:
        """The written pattern that a held atom belongs to; empty when it is not held."""
        if not self.held(atom):
            return ()
        if atom is _ANOTHER:
            return (atom,)
        return self.piece(self.around(atom)) or (atom,)

    def words(self, atom: _Atom) -> str:
        exceptions = [
            str(each)
            for each in self.atoms.patterns
            if not self.held(each) and self.piece(self.around(each)) == (atom,)
        ]
        name = "every name" if atom is _ANOTHER else str(atom)
        return f"{name} except {listing(exceptions)}" if exceptions else name

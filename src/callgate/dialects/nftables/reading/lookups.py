"""Named sets and maps as they are known from the text alone."""

from dataclasses import dataclass, field

from callgate.dialects.nftables.reading.cursor import SyntaxMistakeError
from callgate.dialects.nftables.reading.tree import Elements, Expression, SetName, Table

#: Sets whose contents change while the ruleset runs.
_CHANGING = frozenset({"dynamic", "timeout"})


@dataclass(slots=True)
class Lookups:
    """The sets of one table; ``updated`` are those that rules fill."""

    table: Table
    updated: frozenset[str]
    _contents: dict[str, Elements | None] = field(default_factory=dict)
    _literals: dict[int, tuple[Elements, bool]] = field(default_factory=dict)

    def contents(self, value: Expression) -> Expression | None:
        """A set in place of its name; None when the text does not say what is in it."""
        if isinstance(value, Elements):
            return None if self._passing_once(value) else value
        if not isinstance(value, SetName):
            return value
        if value.name not in self.table.sets:
            raise SyntaxMistakeError(
                value.place,
                f"there is no set {value.name!r} in table {self.table.family} {self.table.name}",
            )
        if value.name not in self._contents:
            self._contents[value.name] = self._read(value.name)
        return self._contents[value.name]

    def _passing_once(self, elements: Elements) -> bool:
        """Worked out once for a definition, however many rules use it."""
        if id(elements) not in self._literals:
            self._literals[id(elements)] = (elements, _passing(elements))
        return self._literals[id(elements)][1]

    def _read(self, name: str) -> Elements | None:
        found = self.table.sets[name]
        elements = Elements(tuple(found.entries), found.place)
        if found.flags & _CHANGING or name in self.updated or _passing(elements):
            return None
        return elements


def _passing(elements: Elements) -> bool:
    return any(each.passing for each in elements.entries)

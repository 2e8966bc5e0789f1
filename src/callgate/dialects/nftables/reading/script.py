"""What a script has built so far: tables by family and name, and what lies outside.

The commands of a script run one after the other, so a ``flush`` or a ``delete`` forgets
what stood before it and keeps what follows.
"""

from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.nftables.reading.cursor import SyntaxMistakeError
from callgate.dialects.nftables.reading.tree import Chain, NamedSet, Table
from callgate.places import Place

FAMILIES: Final = ("ip", "ip6", "inet", "arp", "bridge", "netdev")


@dataclass(frozen=True, slots=True)
class Address:
    """Which object a command means."""

    family: str
    table: str
    name: str
    place: Place


@dataclass(slots=True)
class Script:
    """The tables that the commands so far leave behind, in order of their making."""

    tables: dict[tuple[str, str], Table] = field(default_factory=dict)

    def table(self, family: str, name: str, place: Place) -> Table:
        """The table of that name, made if it is not there."""
        return self.tables.setdefault((family, name), Table(family, name, place))

    def existing(self, at: Address) -> Table:
        """The table that a command means; a mistake when this text does not make it."""
        table = self.tables.get((at.family, at.table))
        if table is None:
            raise SyntaxMistakeError(
                at.place,
                f"there is no table {at.family} {at.table} in this text",
                "give the whole ruleset: nft list ruleset",
            )
        return table

    def chain(self, at: Address) -> Chain:
        """The chain that a command means; a mistake when this text does not make it."""
        chain = self.existing(at).chains.get(at.name)
        if chain is None:
            raise SyntaxMistakeError(
                at.place, f"there is no chain {at.name!r} in table {at.family} {at.table}"
            )
        return chain

    def named_set(self, at: Address) -> NamedSet:
        """The set or map that a command means; a mistake when this text does not make it."""
        found = self.existing(at).sets.get(at.name)
        if found is None:
            raise SyntaxMistakeError(
                at.place, f"there is no set {at.name!r} in table {at.family} {at.table}"
            )
        return found

    def flush(self, family: str) -> None:
        """Forget every table, or those of one family."""
        self.tables = {
            key: each for key, each in self.tables.items() if family and key[0] != family
        }

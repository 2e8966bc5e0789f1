"""Zones, and the pairs of them that a rule is for.

A universal rule takes every packet from one of its zones to another; an intrazone rule only
what stays in a zone, an interzone rule only what leaves it. Source: PAN-OS Web Interface Help,
"Policies > Security", rule type.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callgate.dialects.pan_os.reading.scopes import Scope
from callgate.dialects.pan_os.reading.tree import Node
from callgate.rules import Interfaces

Pair = tuple[Interfaces | None, Interfaces | None]
ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones of one scope, each with its interfaces: defined ones, and those in rules."""

    members: dict[str, tuple[str, ...]]

    def pairs(self, node: Node) -> Iterator[Pair]:
        """Where a packet comes in and goes out, for one rule."""
        incoming, outgoing = (node.words(key) or (ANY,) for key in ("from", "to"))
        kind = node.word("rule-type")
        if kind == "intrazone":
            yield from self._within(incoming, outgoing)
        elif kind == "interzone":
            yield from self._between(incoming, outgoing)
        else:
            yield self._interfaces(incoming), self._interfaces(outgoing)

    def within(self) -> Iterator[Pair]:
        """Every zone with itself."""
        return self._within((ANY,), (ANY,))

    def _within(self, incoming: tuple[str, ...], outgoing: tuple[str, ...]) -> Iterator[Pair]:
        for zone in self._named(incoming):
            if ANY in outgoing or zone in outgoing:
                yield self._interfaces((zone,)), self._interfaces((zone,))

    def _between(self, incoming: tuple[str, ...], outgoing: tuple[str, ...]) -> Iterator[Pair]:
        for zone in self._named(incoming):
            others = tuple(each for each in outgoing if each != zone)
            if ANY in outgoing:
                yield self._interfaces((zone,)), Interfaces(self._names((zone,)), negated=True)
            elif others:
                yield self._interfaces((zone,)), self._interfaces(others)
        if ANY in incoming:
            elsewhere = Interfaces(self._names(tuple(self.members)), negated=True)
            yield elsewhere, self._interfaces(outgoing)

    def _named(self, zones: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.members) if ANY in zones else zones

    def _names(self, zones: tuple[str, ...]) -> tuple[str, ...]:
        found = [each for zone in zones for each in (zone, *self.members.get(zone, ()))]
        return tuple(dict.fromkeys(found))

    def _interfaces(self, zones: tuple[str, ...]) -> Interfaces | None:
        return None if ANY in zones else Interfaces(self._names(zones))


def of_scope(scope: Scope) -> Zones:
    """The zones that a scope defines, and those that only its rules name."""
    members: dict[str, tuple[str, ...]] = {}
    for home in scope.homes:
        for zone in home.below("zone"):
            found = [each for kind in zone.below("network") for each in kind.children]
            members[zone.name] = (*members.get(zone.name, ()), *found)
    for base in scope.bases:
        for rule in base.below("security", "rules"):
            for key in ("from", "to"):
                for name in rule.words(key):
                    members.setdefault(name, ())
    members.pop(ANY, None)
    return Zones(members)

"""Which lists a packet meets on its way through a router, and which ones its answers meet.

Source: "Cisco IOS Security Configuration Guide: Access Control Lists": an inbound list is
asked before routing, an outbound list after; a list that is bound and not defined permits
everything. "Zone-Based Policy Firewalls": an inbound list comes before the zones' policy,
an outbound list behind it; traffic between a zone and an interface without one is
dropped, as is traffic between zones without a zone-pair; within a zone it passes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.cisco.ends import ONLY_V4, ONLY_V6
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.lines import Line
from callgate.dialects.cisco_ios.interfaces import Interface
from callgate.dialects.cisco_ios.zones import ZonePair
from callgate.rules import Action, Chain, ConnectionState, Entry, Match, Rule

#: Beyond so many interfaces that filter, the ways between each two are not listed.
_INTERFACE_LIMIT: Final = 64
_NOWHERE: Final = "no interface"
_OPPOSITE: Final = {"in": "out", "out": "in"}


@dataclass
class Crossing:
    """Makes the entries: each pair of filtering interfaces, each side, zones, lists."""

    findings: Findings
    chains: dict[str, Chain]
    lists: tuple[str, ...]
    interfaces: Mapping[str, Interface]
    zones: Mapping[tuple[str, str], ZonePair]
    _entries: dict[str, Entry] = field(default_factory=dict)

    def entries(self) -> tuple[Entry, ...]:
        """Every way in; fills ``chains`` with what they name."""
        filtering = [each for each in self.interfaces.values() if each.filters]
        for entry in (*self._pairs(filtering), *self._sides(filtering), *self._zone_pairs()):
            self._entries.setdefault(entry.name, entry)
        for name in self.lists:
            place = self.chains[name].place
            self._entries.setdefault(name, Entry(name, (name,), "list", place, _NOWHERE))
        if self.lists:
            self._entries[_NOWHERE] = Entry(_NOWHERE, (self._unknown_way(),), "reply")
        return tuple(self._entries.values())

    def _unknown_way(self) -> str:
        """What the answers to a list meet: nothing says where the list is bound."""
        text = "which list the answers meet: name an interface and a direction"
        place = next(iter(self.chains.values())).place
        rule = Rule(Action.UNMODELLED, Match(), place, text)
        self.chains[_NOWHERE] = Chain(_NOWHERE, (rule,), Action.DROP, place=place)
        return _NOWHERE

    def _pairs(self, filtering: list[Interface]) -> Iterator[Entry]:
        if len(filtering) > _INTERFACE_LIMIT:
            hint = f"{len(filtering)} interfaces: ask by interface and direction, not by pair"
            self.findings.report(filtering[0].line, hint)
            return
        for source in filtering:
            for target in filtering:
                if source is not target:
                    yield from self._pair(source, target)

    def _pair(self, source: Interface, target: Interface) -> Iterator[Entry]:
        name, back = f"{source.name} > {target.name}", f"{target.name} > {source.name}"
        place = source.line.place(self.findings.source)
        between = self._between(source, target)
        chains = self._way(source, target)
        answers = (
            *self._side(target, "in", answers=True),
            *self._zone_answers(source, target, between),
            *self._side(source, "out"),
        )
        if answers == self._way(target, source):
            yield Entry(name, chains, "forward", place, back)
            return
        reply = f"answers to {name}"
        yield Entry(name, chains, "forward", place, reply)
        yield Entry(reply, answers, "reply", place)

    def _way(self, source: Interface, target: Interface) -> tuple[str, ...]:
        """What a first packet meets from one interface to another."""
        between = self._between(source, target)
        return (*self._side(source, "in"), *between, *self._side(target, "out"))

    def _between(self, source: Interface, target: Interface) -> tuple[str, ...]:
        """The policy between the zones of two interfaces."""
        if source.zone == target.zone:
            pair = self.zones.get((source.zone, target.zone))
            return (pair.chain,) if pair and source.zone else ()
        pair = self.zones.get((source.zone, target.zone))
        if pair is not None:
            return (pair.chain,)
        name = f"{source.zone or 'no zone'} > {target.zone or 'no zone'}: no zone-pair"
        place = source.line.place(self.findings.source)
        text = f"no zone-pair from {source.zone or 'no zone'} to {target.zone or 'no zone'}"
        self.chains.setdefault(name, Chain(name, (), Action.DROP, place=place, default_text=text))
        return (name,)

    def _zone_answers(
        self, source: Interface, target: Interface, between: tuple[str, ...]
    ) -> tuple[str, ...]:
        pair = self.zones.get((source.zone, target.zone))
        return (pair.answers,) if pair and between else between

    def _side(
        self, interface: Interface, direction: str, *, answers: bool = False
    ) -> tuple[str, ...]:
        """The chains of one direction; for answers with what inspection lets in."""
        names = tuple(self._known(name, line) for name, line in interface.lists.get(direction, ()))
        if not (answers and interface.inspected and direction == "in"):
            return names
        return tuple(self._with_inspection(name, interface) for name in names)

    def _with_inspection(self, name: str, interface: Interface) -> str:
        """A list behind the openings that inspection (CBAC) makes for answers."""
        opened = f"{name} behind the inspection of {interface.name}"
        place = interface.line.place(self.findings.source)
        rules = tuple(
            Rule(
                Action.ACCEPT,
                Match(state=ConnectionState.ESTABLISHED, conditions=(literal,)),
                literal.condition.place,
                literal.condition.text,
            )
            for literal in interface.inspected
        )
        old = self.chains[name]
        self.chains[opened] = Chain(
            opened,
            (*rules, *old.rules),
            old.default,
            old.families,
            place,
            old.default_place or old.place,
            old.default_text,
        )
        return opened

    def _known(self, name: str, line: Line) -> str:
        """The name of a list; one that is not defined permits everything."""
        wanted = ONLY_V6 if line.words[0] == "ipv6" else ONLY_V4
        found = self.chains.get(name)
        if found is None or found.families != wanted:
            name = f"{name} (not defined)"
            place = line.place(self.findings.source)
            text = f"{line.text} (there is no such list: everything passes)"
            self.chains.setdefault(name, Chain(name, (), Action.ACCEPT, wanted, place, place, text))
        return name

    def _sides(self, filtering: list[Interface]) -> Iterator[Entry]:
        for interface in filtering:
            if not interface.lists:
                continue
            place = interface.line.place(self.findings.source)
            for direction, opposite in _OPPOSITE.items():
                name, back = f"{interface.name} {direction}", f"{interface.name} {opposite}"
                yield Entry(name, self._side(interface, direction), direction, place, back)

    def _zone_pairs(self) -> Iterator[Entry]:
        for (source, target), pair in self.zones.items():
            name = f"{source} > {target}"
            place = pair.line.place(self.findings.source)
            reply = f"answers to {name}"
            hook = "forward"
            if "self" in {source, target}:
                hook = "output" if source == "self" else "input"
            yield Entry(name, (pair.chain,), hook, place, reply)
            yield Entry(reply, (pair.answers,), "reply", place)

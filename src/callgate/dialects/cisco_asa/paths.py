"""Which lists and which implicit rules a packet meets on its way through the ASA.

Source: "Cisco ASA Series Firewall CLI Configuration Guide", chapter "Access Rules":
interface access rules come first, then the global rule, then the implicit deny; where no
list is bound to the interface that a packet comes in by, traffic from a higher to a lower
security level passes and the rest does not; interfaces of one level exchange nothing
without ``same-security-traffic``, whatever their lists say. Only the first packet of a
connection meets the rules: answers pass by the connection table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.lines import Line
from callgate.dialects.cisco_asa.interfaces import Interface
from callgate.flows import Family
from callgate.rules import BOTH_FAMILIES, Action, Chain, Entry, Match, Rule

#: A name with a space: no list can have it.
GLOBAL: Final = "global rule"
#: Beyond so many interfaces the ways between each two are not listed.
_INTERFACE_LIMIT: Final = 64


@dataclass
class Bindings:
    """The ``access-group`` lines: which lists are bound where, and by which line."""

    at_interface: dict[tuple[str, str], list[tuple[str, Line]]] = field(default_factory=dict)
    everywhere: list[tuple[str, Line]] = field(default_factory=list)

    def lists(self, interface: str, direction: str) -> list[tuple[str, Line]]:
        """The lists at one side of an interface, the last binding last."""
        return self.at_interface.get((interface, direction), [])

    def remove(self, words: tuple[str, ...]) -> bool:
        """Take back the binding whose line says this; whether there was one."""
        for lists in (*self.at_interface.values(), self.everywhere):
            for binding in lists:
                if binding[1].words == words:
                    lists.remove(binding)
                    return True
        return False


@dataclass
class Crossing:
    """Makes the entries: each ordered pair of interfaces, each binding, each list."""

    findings: Findings
    lists: Mapping[str, Chain]
    interfaces: Mapping[str, Interface]
    bindings: Bindings
    #: ``inter-interface`` and ``intra-interface``, where they are permitted.
    same_security: frozenset[str]
    chains: dict[str, Chain] = field(default_factory=dict)

    def entries(self) -> tuple[Entry, ...]:
        """Every way in; fills ``chains`` with what they name."""
        self.chains = dict(self.lists)
        found = [*self._pairs(), *self._sides(), *self._globally()]
        found += [Entry(name, (name,), "list", c.place) for name, c in self.lists.items()]
        return tuple({entry.name: entry for entry in reversed(found)}.values())[::-1]

    def _pairs(self) -> Iterator[Entry]:
        passing = [each for each in self.interfaces.values() if not each.management_only]
        if len(passing) > _INTERFACE_LIMIT:
            hint = f"{len(passing)} interfaces: ask by interface and direction, not by pair"
            self.findings.report(passing[0].line, hint)
            return
        for source in passing:
            for target in passing:
                if source is not target or "intra-interface" in self.same_security:
                    yield self._pair(source, target)

    def _pair(self, source: Interface, target: Interface) -> Entry:
        name = f"{source.name} > {target.name}"
        chains = self._inward(source.name)
        if self._forbidden(source, target):
            why = "the same security level, and no same-security-traffic permit"
            chains = (self._levels(name, source, Action.DROP, why, BOTH_FAMILIES), *chains)
        else:
            chains += self._by_level(name, source, target, chains)
        chains += self._outward(target.name)
        return Entry(name, chains, "forward", source.line.place(self.findings.source))

    def _by_level(
        self, name: str, source: Interface, target: Interface, chains: tuple[str, ...]
    ) -> tuple[str, ...]:
        """What decides for the families that no list sees."""
        unseen = BOTH_FAMILIES.difference(*(self.chains[chain].families for chain in chains))
        if not unseen:
            return ()
        if source.level >= target.level:
            why, action = "no list decides: not to a higher level", Action.ACCEPT
        else:
            why, action = "no list decides: to a higher level", Action.DROP
        return (self._levels(name, source, action, why, unseen),)

    def _forbidden(self, source: Interface, target: Interface) -> bool:
        """Whether two interfaces of one level may not speak; one may to itself if listed."""
        return (
            source is not target
            and source.level == target.level
            and "inter-interface" not in self.same_security
        )

    def _levels(
        self, name: str, source: Interface, action: Action, why: str, families: frozenset[Family]
    ) -> str:
        chain = f"{name} by security level"
        place, text = source.line.place(self.findings.source), f"{source.line.text} ({why})"
        self.chains[chain] = Chain(chain, (), action, families, place=place, default_text=text)
        return chain

    def _inward(self, interface: str) -> tuple[str, ...]:
        """The chains that decide what comes in; none where no list is bound."""
        mine = self._bound(self.bindings.lists(interface, "in"))
        everywhere = self.bindings.everywhere
        if not everywhere:
            return mine
        names = [*mine, *self._bound(everywhere)]
        if len(names) == 1:
            return tuple(names)
        together = f"{interface} in, then {GLOBAL}"
        if together not in self.chains:
            rules = tuple(rule for name in names for rule in self.chains[name].rules)
            place = everywhere[-1][1].place(self.findings.source)
            text = "implicit deny after the global list"
            self.chains[together] = Chain(
                together, rules, Action.DROP, place=place, default_text=text
            )
        return (together,)

    def _outward(self, interface: str) -> tuple[str, ...]:
        return self._bound(self.bindings.lists(interface, "out"))

    def _bound(self, bindings: list[tuple[str, Line]]) -> tuple[str, ...]:
        """The lists of one place: the last binding of each family holds."""
        last: dict[frozenset[Family], str] = {}
        for name, line in bindings:
            last[self.chains[self._known(name, line)].families] = name
        return tuple(last.values())

    def _known(self, name: str, line: Line) -> str:
        """The name of a list that is there; one that is not decides what nobody knows."""
        if name not in self.chains:
            self.findings.report(line, f"there is no access list {name!r}")
            place = line.place(self.findings.source)
            unknown = Rule(Action.UNMODELLED, Match(), place, line.text)
            self.chains[name] = Chain(name, (unknown,), Action.DROP, place=place)
        return name

    def _sides(self) -> Iterator[Entry]:
        for (interface, direction), lists in self.bindings.at_interface.items():
            if lists:
                names = self._inward(interface) if direction == "in" else self._bound(lists)
                place = lists[0][1].place(self.findings.source)
                hook = "input" if direction == "control-plane" else direction
                yield Entry(f"{interface} {direction}", names, hook, place)

    def _globally(self) -> Iterator[Entry]:
        if self.bindings.everywhere:
            place = self.bindings.everywhere[0][1].place(self.findings.source)
            yield Entry(GLOBAL, self._bound(self.bindings.everywhere), "in", place)

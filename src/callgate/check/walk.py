"""One packet's walk through the chains, rule by rule: a plain interpreter.

It shares nothing with the engines but the ruleset, and so is what their answers are
confirmed with: every witness is walked before it is shown. It is also the oracle of the
tests, and ``callgate explain``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from callgate.check.names import covered, is_any, is_pattern, leads_to
from callgate.check.prepared import Prepared
from callgate.flows import NameAtoms, Packet
from callgate.flows.axes import NAME_BASE
from callgate.names import DomainPattern
from callgate.rules import Action, Addresses, Chain, ConnectionState, Entry, Match, Rule
from callgate.verdicts import Assumption, Line, Step

_EFFECTS = {
    Action.ACCEPT: "accepts",
    Action.DROP: "drops",
    Action.REJECT: "rejects",
    Action.RETURN: "returns",
    Action.CONTINUE: "goes on",
    Action.UNMODELLED: "does something that Callgate does not model",
}

NO_ATOMS = NameAtoms()

#: The decider of a packet that no chain of the series looks at.
_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything about a packet that is not in the packet.

    ``conditions`` says by text which unmodelled conditions hold; one that is not listed
    does not hold.
    """

    state: ConnectionState = ConnectionState.NEW
    in_interface: str = ""
    out_interface: str = ""
    conditions: Mapping[str, bool] = field(default_factory=dict)
    atoms: NameAtoms = NO_ATOMS


@dataclass(slots=True)
class Walk:
    """What happened: ``action`` decided, at ``decider`` (a rule's number in Prepared)."""

    action: Action
    decider: int
    steps: list[Step]
    assumptions: list[Assumption]


def walk(prepared: Prepared, entry: Entry, packet: Packet, circumstances: Circumstances) -> Walk:
    """Lead one packet through the series of an entry's chains, line by line."""
    walker = _Walker(prepared, packet, circumstances)
    action, decider = Action.ACCEPT, _NOBODY
    for name in entry.chains:
        action, decider = walker.series(name)
        if action is not Action.ACCEPT:
            break
    used = [Assumption(text, holds) for text, holds in walker.used.items()]
    return Walk(action, decider, walker.steps, used)


class _Walker:
    def __init__(self, prepared: Prepared, packet: Packet, around: Circumstances) -> None:
        self.prepared = prepared
        self.packet = packet
        self.around = around
        self.steps: list[Step] = []
        self.used: dict[str, bool] = {}

    def series(self, name: str) -> tuple[Action, int]:
        """Walk one base chain to a decision."""
        chain = self.prepared.ruleset.chains[name]
        #: Where to go on after a return; only jumps are remembered, as a goto does not come back.
        back: list[tuple[str, Iterator[int]]] = []
        here, numbers = name, self._numbers(chain)
        while True:
            number = next(numbers, None)
            if number is None:
                if not back:
                    return self._default(chain)
                here, numbers = back.pop()
                continue
            rule = self.prepared.rules[number]
            if not self._matches(rule):
                continue
            self._note(here, number, _EFFECTS.get(rule.action) or f"goes to {rule.target}")
            match rule.action:
                case Action.JUMP | Action.GOTO:
                    if rule.action is Action.JUMP:
                        back.append((here, numbers))
                    here = rule.target
                    numbers = self._numbers(self.prepared.ruleset.chains[here])
                case Action.RETURN:
                    numbers = iter(())
                case Action.CONTINUE:
                    pass
                case _:
                    return rule.action, number

    def _numbers(self, chain: Chain) -> Iterator[int]:
        if self.packet.family not in chain.families:
            return iter(())
        return iter(self.prepared.spans[chain.name])

    def _default(self, chain: Chain) -> tuple[Action, int]:
        number = self.prepared.spans[chain.name].stop
        if self.packet.family not in chain.families:
            return Action.ACCEPT, _NOBODY
        self._note(chain.name, number, _EFFECTS[chain.default])
        return chain.default, number

    def _note(self, chain: str, number: int, effect: str) -> None:
        rule = self.prepared.rules[number]
        self.steps.append(Step(chain, Line(rule.place, rule.text), effect))

    def _matches(self, rule: Rule) -> bool:
        """Whether a rule takes the packet. Conditions come last: what fails needs none."""
        match = rule.match
        return rule.enabled and self._header(match) and self._surely(match)

    def _header(self, match: Match) -> bool:
        packet, around = self.packet, self.around
        return (
            packet.family in match.families
            and (match.protocol is None or packet.protocol in match.protocol)
            and (match.source_port is None or packet.source_port in match.source_port)
            and (
                match.destination_port is None or packet.destination_port in match.destination_port
            )
            and (match.source is None or packet.source in match.source.family(packet.family))
            and around.state in match.state
            and (match.in_interface is None or around.in_interface in match.in_interface)
            and (match.out_interface is None or around.out_interface in match.out_interface)
        )

    def _surely(self, match: Match) -> bool:
        return self._destination(match.destination) and all(
            self._holds(literal.condition.text) != literal.negated for literal in match.conditions
        )

    def _destination(self, wanted: Addresses | None) -> bool:
        family = self.packet.family
        if wanted is None or is_any(wanted, family):
            return True
        values = wanted.family(family)
        if not self.packet.to_name:
            return self.packet.destination in values
        if values and self._holds(leads_to(values, family)):
            return True
        if not wanted.names:
            return False
        held = any(self._name(pattern) for pattern in wanted.names.patterns)
        return held != wanted.names.negated

    def _name(self, pattern: DomainPattern) -> bool:
        patterns, slot = self.around.atoms.patterns, self.packet.destination - NAME_BASE
        whole = covered(pattern, patterns[slot] if slot < len(patterns) else None)
        return self._holds(is_pattern(pattern)) if whole is None else whole

    def _holds(self, condition: str) -> bool:
        self.used[condition] = self.around.conditions.get(condition, False)
        return self.used[condition]

"""Lines of a chain graph that could go: the lines behind them do the same with what they take.

Each chain is read from its end to its beginning, and at each rule it is known which packets
that stand there would be accepted, dropped or rejected before they leave the chain. What
arrives at a line and what the line decides would fall there. If it all meets the same fate,
the line could go. A line that is dead vouches for none, but may be in the way: the packets
would come to it. What would leave a chain that others jump to undecided is taken for a
change: who called it is not looked at.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from callgate.check.encode import Encoder
from callgate.check.limits import Meter
from callgate.check.prepared import Prepared
from callgate.rules import Action, Chain, Rule, Varies
from callgate.rules.graph import leaves

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region

#: The actions whose lines are looked at.
DECIDES = (Action.ACCEPT, Action.DROP, Action.REJECT)


@dataclass(slots=True)
class _Ahead:
    """What becomes of packets from a place in a chain on; all else is not followed."""

    decided: "dict[Action, Region]"
    returned: "Region"

    def copy(self) -> "_Ahead":
        return _Ahead(dict(self.decided), self.returned)


class GraphRemovals:
    """One way through a ruleset, in one family.

    ``met`` says by number what arrives at each rule there, ``dead`` which rules are dead
    on every way.
    """

    def __init__(
        self,
        prepared: Prepared,
        encoder: Encoder,
        meter: Meter,
        met: "dict[int, Region]",
        dead: Collection[int],
    ) -> None:
        self.prepared = prepared
        self.encoder = encoder
        self.meter = meter
        self.space = encoder.space
        self._met, self._dead = met, dead
        self._known: dict[str, _Ahead] = {}
        self._needed: set[int] = set()

    def needed(self, chains: Collection[str]) -> set[int]:
        """Those of the rules met whose removal could change something.

        ``chains`` are the base chains of the entry. TooComplexError beyond the limits.
        """
        for name in self._callees_first(chains):
            self._known[name] = self._read(self.prepared.ruleset.chains[name])
        return self._needed

    def _callees_first(self, chains: Collection[str]) -> list[str]:
        """Every chain that these lead to, each behind all that it leads to itself."""
        found: dict[str, None] = {}
        stack = [(name, False) for name in chains]
        while stack:
            name, opened = stack.pop()
            if opened:
                found[name] = None
            elif name not in found:
                stack.append((name, True))
                chain = self.prepared.ruleset.chains[name]
                stack += [(rule.target, False) for rule in leaves(chain)]
        return list(found)

    def _read(self, chain: Chain) -> _Ahead:
        ahead = self._at_the_end(chain)
        if self.space.family not in chain.families:
            return ahead
        span = self.prepared.spans[chain.name]
        behind = ahead.copy()
        for number in reversed(span):
            rule = self.prepared.rules[number]
            if number + 1 in span and self.prepared.rules[number + 1].place != rule.place:
                behind = ahead.copy()
            if not rule.enabled or rule.action is Action.CONTINUE:
                continue
            self.meter.step()
            if number in self._met and not self._could_go(number, rule, behind):
                self._needed.add(number)
            if number in self._dead:
                self._pass_dead(rule, ahead)
            else:
                self._pass(rule, ahead)
        return ahead

    def _at_the_end(self, chain: Chain) -> _Ahead:
        nothing = dict.fromkeys(DECIDES, self.space.false)
        if self.space.family not in chain.families:
            return _Ahead(nothing | {Action.ACCEPT: self.space.true}, self.space.false)
        if chain.default is Action.RETURN:
            return _Ahead(nothing, self.space.true)
        if chain.default in nothing:
            nothing[chain.default] = self.space.true
        return _Ahead(nothing, self.space.false)

    def _could_go(self, number: int, rule: Rule, behind: _Ahead) -> bool:
        counts = any(each.condition.varies is not Varies.NEVER for each in rule.match.conditions)
        if rule.action not in DECIDES or counts:
            return False
        left = self._met[number] & ~behind.decided[rule.action]
        return not left.satisfiable()

    def _pass_dead(self, rule: Rule, ahead: _Ahead) -> None:
        """Step over a dead rule: what it would do differently counts, and nothing else."""
        others = ~self.encoder.match(rule.match)
        ahead.returned = ahead.returned & others
        ahead.decided = {
            action: region if action is rule.action else region & others
            for action, region in ahead.decided.items()
        }

    def _pass(self, rule: Rule, ahead: _Ahead) -> None:
        """Step over a rule, towards the beginning of the chain."""
        matched = self.encoder.match(rule.match)
        back = matched & ahead.returned
        old = ahead.decided
        ahead.decided = {action: region & ~matched for action, region in old.items()}
        ahead.returned = ahead.returned & ~matched
        if rule.action in DECIDES:
            ahead.decided[rule.action] = ahead.decided[rule.action] | matched
        elif rule.action is Action.RETURN:
            ahead.returned = ahead.returned | matched
        elif rule.action in {Action.JUMP, Action.GOTO}:
            there = self._known[rule.target]
            for action, region in there.decided.items():
                ahead.decided[action] = ahead.decided[action] | (matched & region)
            if rule.action is Action.GOTO:
                ahead.returned = ahead.returned | (matched & there.returned)
            else:
                ahead.returned = ahead.returned | (back & there.returned)
                for action, region in old.items():
                    comes_back = matched & there.returned & region
                    ahead.decided[action] = ahead.decided[action] | comes_back

"""Lines of a chain graph that could go: the lines behind them do the same with what they take.

Each chain is read from its end to its beginning, and at each rule it is known which packets
that stand there would be accepted, dropped or rejected before they leave the chain. What
arrives at a line and what the line decides would fall there. If it all meets the same fate,
the line could go. A line that nothing arrives at vouches for none, but may be in the way:
the packets would come to it. What would leave a chain that others jump to undecided is taken for a
change: who called it is not looked at.
"""

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from callgate.check.encode import Encoder
from callgate.check.limits import Meter
from callgate.check.prepared import Prepared
from callgate.rules import Action, Chain, Rule
from callgate.rules.graph import leaves

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region
#: What is followed, in the order of _Ahead.
_FOLLOWED = (Action.ACCEPT, Action.DROP, Action.RETURN)


@dataclass(slots=True)
class _Ahead:
    """What becomes of packets from a place in a chain on; all else is not followed."""

    accepted: "Region"
    dropped: "Region"
    returned: "Region"

    def only(self, region: "Region") -> None:
        """Leave out all packets but these."""
        self.accepted = self.accepted & region
        self.dropped = self.dropped & region
        self.returned = self.returned & region


class GraphRemovals:
    """One way through a ruleset, in one family; ``met`` says by number what arrives there.

    ``needed`` collects those of the rules met whose removal could change something.
    """

    def __init__(
        self,
        prepared: Prepared,
        encoder: Encoder,
        meter: Meter,
        met: "dict[int, Region]",
        needed: set[int],
    ) -> None:
        self.prepared = prepared
        self.encoder = encoder
        self.meter = meter
        self.space = encoder.space
        self._met = met
        self._known: dict[str, _Ahead] = {}
        self._needed = needed

    def weigh(self, chains: Collection[str]) -> None:
        """Read the base chains of the entry; TooComplexError beyond the limits."""
        for name in self._callees_first(chains):
            self._known[name] = self._read(self.prepared.ruleset.chains[name], Action.RETURN)
        for name in chains:
            chain = self.prepared.ruleset.chains[name]
            self._read(chain, chain.default)

    def _callees_first(self, chains: Collection[str]) -> list[str]:
        """Every chain that is called from these, each behind all that it calls itself."""
        found: dict[str, None] = {}
        stack = [(name, False) for name in self._called(chains)]
        while stack:
            name, opened = stack.pop()
            if opened:
                found[name] = None
            elif name not in found:
                stack.append((name, True))
                stack += [(target, False) for target in self._called([name])]
        return list(found)

    def _called(self, chains: Collection[str]) -> list[str]:
        every = self.prepared.ruleset.chains
        return [rule.target for name in chains for rule in leaves(every[name])]

    def _read(self, chain: Chain, default: Action) -> _Ahead:
        """What is ahead at the beginning of a chain; one that was called has no default."""
        ahead = self._at_the_end(chain, default)
        if self.space.family not in chain.families:
            return ahead
        span = self.prepared.spans[chain.name]
        behind = copy(ahead)
        for number in reversed(span):
            rule = self.prepared.rules[number]
            if number + 1 in span and self.prepared.rules[number + 1].place != rule.place:
                behind = copy(ahead)
            if not rule.enabled or rule.action is Action.CONTINUE:
                continue
            self.meter.step()
            self.space.tidy()
            if number not in self._met:
                self._pass_dead(rule, ahead)
                continue
            if number not in self._needed and not self._could_go(number, rule.action, behind):
                self._needed.add(number)
            self._pass(rule, ahead)
        return ahead

    def _at_the_end(self, chain: Chain, default: Action) -> _Ahead:
        if self.space.family not in chain.families and default is not Action.RETURN:
            default = Action.ACCEPT
        every, none = self.space.true, self.space.false
        return _Ahead(*(every if default is action else none for action in _FOLLOWED))

    def _could_go(self, number: int, action: Action, behind: _Ahead) -> bool:
        if action is Action.ACCEPT:
            left = self._met[number] & ~behind.accepted
        elif action is Action.DROP:
            left = self._met[number] & ~behind.dropped
        else:
            return False
        return not left.satisfiable()

    def _pass_dead(self, rule: Rule, ahead: _Ahead) -> None:
        """Step over what nothing arrives at: only what it would do differently counts."""
        others = ~self.encoder.match(rule.match)
        if rule.action is not Action.ACCEPT:
            ahead.accepted = ahead.accepted & others
        if rule.action is not Action.DROP:
            ahead.dropped = ahead.dropped & others
        ahead.returned = ahead.returned & others

    def _pass(self, rule: Rule, ahead: _Ahead) -> None:
        """Step over a rule, towards the beginning of the chain."""
        matched = self.encoder.match(rule.match)
        if rule.action in {Action.JUMP, Action.GOTO}:
            self._pass_call(rule, matched, ahead)
            return
        accepted, dropped, returned = ahead.accepted, ahead.dropped, ahead.returned
        takes = rule.action
        others = ~matched
        ahead.accepted = accepted | matched if takes is Action.ACCEPT else accepted & others
        ahead.dropped = dropped | matched if takes is Action.DROP else dropped & others
        ahead.returned = returned | matched if takes is Action.RETURN else returned & others

    def _pass_call(self, rule: Rule, matched: "Region", ahead: _Ahead) -> None:
        """Step over a rule that leads to another chain; from a jump packets come back."""
        there = self._known[rule.target]
        if rule.action is Action.JUMP:
            ahead.only(~(matched & ~there.returned))
        else:
            ahead.only(~matched)
            ahead.returned = ahead.returned | (matched & there.returned)
        ahead.accepted = ahead.accepted | (matched & there.accepted)
        ahead.dropped = ahead.dropped | (matched & there.dropped)

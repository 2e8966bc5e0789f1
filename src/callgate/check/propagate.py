"""Propagation of a region of packets over the graph of chains.

Theory of operation
-------------------
* A region enters a chain and meets those of its rules that the NumPy filter let through,
  in order. What a rule's match holds of it is accepted, denied or returned, or enters
  another chain; the rest goes on. When nothing is left the chain is done.
* What becomes of a packet in a chain does not depend on how it came there. So what is
  known of a chain is kept: the region that was walked and how it came out. A second call
  walks only what is new.
* A ruleset can be made so that a chain is called with ever new slivers, twice as many at
  each level. Therefore the third walk of a chain takes everything that is left of the
  question at once, and no chain is walked more than three times. ``arrivals`` switches
  that off where it matters that only true arrivals are recorded (dead rules); the meter
  then bounds the work.
* Chains are walked by generators on a stack of our own: jumps may be thousands deep.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from callgate.check.encode import Encoder
from callgate.check.limits import Meter
from callgate.check.prepared import Prepared
from callgate.flows import FlowSet
from callgate.rules import Action, Chain, ConnectionState, Entry

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region

_WALKS = 2


@dataclass(slots=True)
class Outcome:
    """How a region came out of a chain: disjoint parts."""

    accepted: "Region"
    denied: "Region"
    unknown: "Region"
    returned: "Region"

    def within(self, region: "Region") -> "Outcome":
        """The same for a part of the region."""
        return Outcome(
            self.accepted & region,
            self.denied & region,
            self.unknown & region,
            self.returned & region,
        )

    def add(self, other: "Outcome") -> None:
        """Take in what became of another region."""
        self.accepted = self.accepted | other.accepted
        self.denied = self.denied | other.denied
        self.unknown = self.unknown | other.unknown
        self.returned = self.returned | other.returned


@dataclass(slots=True)
class _Known:
    """What is known of a chain so far."""

    walked: "Region"
    outcome: Outcome
    walks: int = 0


_Walk = Generator[tuple[str, "Region"], Outcome, Outcome]


@dataclass
class Propagation:
    """One question's walk over one ruleset; see the module's theory of operation.

    ``met`` and ``decided``, if they are dictionaries, collect by rule number what met a
    rule and what was denied (or not known) by it. ``watch`` is told of each rule that
    denies something which truly arrives there, and may raise to end the walk.
    """

    prepared: Prepared
    encoder: Encoder
    about: FlowSet
    states: ConnectionState
    meter: Meter
    arrivals: bool = False
    decided: "dict[int, Region] | None" = None
    met: "dict[int, Region] | None" = None
    watch: "Callable[[int, Region], None] | None" = None
    _known: dict[str, _Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._exact = True
        columns = self.prepared.columns(self.encoder.space.family)
        self._meeting = columns.meeting(self.about, self.states)
        self._sizes = columns.sizes

    def run(self, entry: Entry, region: "Region") -> Outcome:
        """How a region comes out of a series of chains; nothing is returned from there."""
        space = self.encoder.space
        self._whole = region
        result = Outcome(region, space.false, space.false, space.false)
        for name in entry.chains:
            chain = self.prepared.ruleset.chains[name]
            passed = self._call(name, result.accepted)
            self._fall(chain, passed)
            result.accepted = passed.accepted
            result.denied = result.denied | passed.denied
            result.unknown = result.unknown | passed.unknown
        return result

    def walked(self, name: str) -> "Region":
        """What came to a chain so far."""
        known = self._known.get(name)
        return self.encoder.space.false if known is None else known.walked

    def _fall(self, chain: Chain, passed: Outcome) -> None:
        """Apply the default to what came to the end of a base chain."""
        if not passed.returned.satisfiable():
            return
        if self.encoder.space.family not in chain.families:
            passed.accepted = passed.accepted | passed.returned
            return
        self._settle(self.prepared.spans[chain.name].stop, passed.returned, passed)

    def _call(self, name: str, region: "Region") -> Outcome:
        """Walk a chain and all chains that it leads to, without recursion."""
        stack = [self._visit(name, region)]
        answer: Outcome | None = None
        while True:
            try:
                # The first send must be None: that is how generators begin.
                target, part = stack[-1].send(answer)  # type: ignore[arg-type]
                stack.append(self._visit(target, part))
                answer = None
            except StopIteration as finished:
                answer = finished.value
                stack.pop()
                if not stack:
                    assert answer is not None  # noqa: S101 - walks return their outcome
                    return answer

    def _visit(self, name: str, region: "Region") -> _Walk:
        """What becomes of a region in a chain, walking only what is new."""
        false = self.encoder.space.false
        known = self._known.get(name)
        if known is None:
            known = _Known(false, Outcome(false, false, false, false))
            self._known[name] = known
        fresh = region & ~known.walked
        if fresh.satisfiable():
            if known.walks >= _WALKS and not self.arrivals:
                fresh = self._whole & ~known.walked
                self._exact = False
            known.walks += 1
            known.walked = known.walked | fresh
            known.outcome.add((yield from self._walk(name, fresh)))
        return known.outcome.within(region)

    def _walk(self, name: str, region: "Region") -> _Walk:
        """Lead a region through the rules of one chain."""
        chain = self.prepared.ruleset.chains[name]
        false = self.encoder.space.false
        result = Outcome(false, false, false, false)
        if self.encoder.space.family in chain.families:
            for number in self._numbers(name):
                self.meter.step()
                self.encoder.space.tidy()
                rule = self.prepared.rules[number]
                matched = self.encoder.match(rule.match)
                hit = region & matched
                if not hit.satisfiable():
                    continue
                if self.met is not None:
                    self.met[number] = self.met.get(number, false) | hit
                if rule.action is Action.CONTINUE:
                    continue
                region = region & ~matched
                if rule.action in {Action.JUMP, Action.GOTO}:
                    part = yield rule.target, hit
                    result.accepted = result.accepted | part.accepted
                    result.denied = result.denied | part.denied
                    result.unknown = result.unknown | part.unknown
                    if rule.action is Action.JUMP:
                        region = region | part.returned
                    else:
                        result.returned = result.returned | part.returned
                else:
                    self._settle(number, hit, result)
                if not region.satisfiable():
                    break
        result.returned = result.returned | region
        return result

    def _numbers(self, name: str) -> Iterator[int]:
        """The rules of a chain that may meet the question, in an order that means the same.

        Accepts that follow each other are interchangeable: the biggest goes first, and
        often leaves nothing for the others to do.
        """
        span = self.prepared.spans[name]
        found = (self._meeting[span.start : span.stop].nonzero()[0] + span.start).tolist()
        if self.met is not None:
            yield from found
            return
        rules, sizes = self.prepared.rules, self._sizes
        accepts: list[int] = []
        for number in found:
            action = rules[number].action
            if action is Action.ACCEPT:
                accepts.append(number)
            elif action is not Action.CONTINUE:
                yield from sorted(accepts, key=sizes.__getitem__, reverse=True)
                accepts.clear()
                yield number
        yield from sorted(accepts, key=sizes.__getitem__, reverse=True)

    def _settle(self, number: int, hit: "Region", result: Outcome) -> None:
        """Let a rule (or a default) decide a region."""
        action = self.prepared.rules[number].action
        if action is Action.ACCEPT:
            result.accepted = result.accepted | hit
        elif action is Action.RETURN:
            result.returned = result.returned | hit
        else:
            if action.denies:
                result.denied = result.denied | hit
            else:
                result.unknown = result.unknown | hit
            if self.watch is not None and action.denies and self._exact:
                self.watch(number, hit)
            if self.decided is not None:
                self.decided[number] = self.decided.get(number, self.encoder.space.false) | hit

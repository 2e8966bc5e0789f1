"""Proof by packets: a ruleset in a real kernel opens exactly what the policy says.

Theory of operation
-------------------
* A flow is *open* when its first packet arrives and the answer comes back. A ruleset that
  lets packets out and not their answers in is therefore caught.
* What arrives without being expected is *excess*, answered or not. What is expected and
  not open is *missing*; it is tried once more before it counts.
* Before anything is said, the accounts must balance: every packet sent came to the
  judge, and every one that it let through arrived. Else packets were lost by something
  that is not the ruleset, and the proof says that and nothing more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from callgate.errors import ToolError
from callgate.flows import Family, IntervalSet, Network
from callgate.flows.ports import PortRange
from callgate.flows.prefixes import address_of
from callgate.lab.arena import Arena, Rules
from callgate.lab.exchange import exchange
from callgate.lab.lanes import Flows, Ground, Lane, Ports, plan
from callgate.netns.marker import one_cpu
from callgate.policy.model import Direction, Policy
from callgate.policy.site import On

#: Called with the lane that is about to be tried.
Progress = Callable[[Lane], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one lane: sets of its ports."""

    lane: Lane
    expected: IntervalSet
    arrived: IntervalSet
    answered: IntervalSet

    @property
    def open(self) -> IntervalSet:
        """Ports whose packets arrived and were answered."""
        return self.arrived & self.answered

    @property
    def missing(self) -> IntervalSet:
        """Ports that should be open and are not."""
        return self.expected - self.open

    @property
    def excess(self) -> IntervalSet:
        """Ports that packets reached and should not have."""
        return (self.arrived | self.answered) - self.expected

    @property
    def holds(self) -> bool:
        """Whether the lane is as expected."""
        return self.open == self.expected == self.arrived

    def differences(self) -> list[str]:
        """What is wrong, one line each, with port ranges; empty when nothing is."""
        lane = self.lane
        way = "to" if lane.direction is Direction.OUT else "unsolicited from"
        peer = f"{way} {address_of(lane.vendor, lane.family)}"
        if lane.direction is Direction.OUT:
            peer += f" from {address_of(lane.client, lane.family)}"
        return [
            f"{word}: {lane.protocol} {runs(found, lane.ports)} {peer}"
            for word, found in self._wrong()
            if found
        ]

    def _wrong(self) -> Sequence[tuple[str, IntervalSet]]:
        unanswered = self.missing & self.arrived
        return (
            ("closed, should be open", self.missing - unanswered),
            ("no answer comes back", unanswered),
            ("open, should be closed", self.excess),
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of every lane."""

    outcomes: tuple[Outcome, ...]
    packets: int

    @property
    def holds(self) -> bool:
        """Whether the open set equals the policy on everything that was tried."""
        return all(outcome.holds for outcome in self.outcomes)

    def differences(self) -> list[str]:
        """Every difference, one line each."""
        return [line for outcome in self.outcomes for line in outcome.differences()]


@dataclass(frozen=True, slots=True)
class Claim:
    """A ruleset, the place that it is for, and the flows that it should open there.

    ``clients`` None is a host that filters for itself. ``apart`` are networks to be tried
    inside and outside of, even where the flows do not tell them apart.
    """

    rules: Rules
    on: On
    flows: Flows
    clients: tuple[Network, ...] | None
    families: tuple[Family, ...] = tuple(Family)
    apart: tuple[Network, ...] = ()

    @classmethod
    def of(cls, policy: Policy, rules: Rules, apart: tuple[Network, ...] = ()) -> "Claim":
        """That these rules do what a policy says."""
        flows = {direction: policy.flows(direction) for direction in Direction}
        return cls(rules, policy.on, flows, policy.clients, policy.families, apart)


def prove(claim: Claim, ports: Ports, progress: Progress = lambda lane: None) -> Proof:
    """Load a ruleset and try it with real packets, against the flows that it should open.

    Raises ToolError when the rules are refused, or when packets were lost on the way.
    """
    lanes = plan(Ground(claim.flows, claim.clients, claim.apart), claim.families, ports)
    outcomes: list[Outcome] = []
    packets = 0
    with Arena(claim.rules, claim.on, lanes) as arena, one_cpu():
        for direction in (Direction.IN, Direction.OUT):
            found, sent = _try_all(
                arena,
                [lane for lane in lanes if lane.direction is direction],
                claim.flows,
                progress,
            )
            outcomes += found
            packets += sent
    return Proof(tuple(outcomes), packets)


def _try_all(
    arena: Arena, lanes: Sequence[Lane], flows: Flows, progress: Progress
) -> tuple[list[Outcome], int]:
    """Try lanes of one direction; resend what is missing once."""
    direction = lanes[0].direction
    expected = {lane: lane.open_in(flows) for lane in lanes}
    arena.begin(direction)
    sent = 0
    for lane in lanes:
        progress(lane)
        sent += exchange(arena, lane, lane.ports)
    outcomes = _read(arena, expected)
    missing = [outcome for outcome in outcomes if outcome.missing]
    for outcome in missing:
        sent += exchange(arena, outcome.lane, outcome.missing)
    _balance(arena, direction, sent)
    return (_read(arena, expected) if missing else outcomes), sent


def _read(arena: Arena, expected: dict[Lane, IntervalSet]) -> list[Outcome]:
    direction = next(iter(expected)).direction
    firsts = arena.seen(arena.receiver(direction))
    answers = arena.seen(arena.sender(direction))
    return [
        Outcome(lane, ports, firsts.first(lane), answers.answer(lane))
        for lane, ports in expected.items()
    ]


def _balance(arena: Arena, direction: Direction, sent: int) -> None:
    judged, passed, arrived = arena.counts(direction)
    if (judged, passed) != (sent, arrived):
        raise ToolError(
            f"packets were lost that no rule dropped: sent {sent}, judged {judged}, "
            f"let through {passed}, arrived {arrived}",
            hint="the proof says nothing about the ruleset; try again on a quieter machine",
        )


def runs(found: IntervalSet, tried: IntervalSet) -> str:
    """Port ranges as text; ports that were not tried do not break a range.

    ``45000-49999`` when each port tried between these two was found.
    """
    gaps = tried - found
    whole = IntervalSet.of((found.lowest, found.intervals[-1][1])) - gaps
    ranges = []
    for low, high in whole:
        members = found & IntervalSet.of((low, high))
        if members:
            ranges.append(PortRange(members.lowest, members.intervals[-1][1]))
    return ",".join(str(each) for each in ranges)

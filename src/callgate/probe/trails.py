"""One probe's part of the log, read as a trail: how far it came and what ended it (pure).

An attempt that reached its end counts before one that did not, and hard evidence before
silence: hedged attempts only differ by luck.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from callgate.probe.events import (
    Broken,
    Burst,
    Event,
    Fact,
    Http,
    Icmp,
    Looked,
    NoRoute,
    NotPossible,
    Opened,
    Passed,
    ProxyAnswered,
    Refused,
    Secured,
    Silent,
    Step,
    Stun,
    Tunnel,
)
from callgate.probe.targets import Probe, Way

Kind = TypeVar("Kind")
_GRANTED = range(200, 300)


@dataclass(frozen=True, slots=True)
class Trail:
    """``answer`` is what proves that the far end was reached; ``end`` hard evidence against it.

    ``step`` is where the trail ends; with neither answer nor end that is silence.
    """

    probe: Probe
    events: tuple[Event, ...]
    answer: Event | None
    end: Event | None
    step: Step

    def first(self, kind: type[Kind]) -> Kind | None:
        """The first fact of a kind, from the attempt that counts if it has one."""
        deciding = self.answer or self.end
        if deciding is not None:
            own = [each.fact for each in self.events if each.attempt == deciding.attempt]
            found = next((fact for fact in own if isinstance(fact, kind)), None)
            if found is not None:
                return found
        return next(self.all(kind), None)

    def all(self, kind: type[Kind]) -> Iterator[Kind]:
        """Every fact of a kind."""
        return (each.fact for each in self.events if isinstance(each.fact, kind))

    @property
    def silent(self) -> bool:
        """Whether nothing ended it but time."""
        return self.answer is None and self.end is None

    @property
    def small_only(self) -> bool:
        """Whether it works with small segments, and did not with large ones."""
        if self.answer is None:
            return False
        opened = self.first(Opened)
        others = {each.attempt for each in self.events} - {self.answer.attempt}
        return opened is not None and opened.small and bool(others)

    @property
    def responded(self) -> bool:
        """Whether anything came back from where the first packet went."""
        kinds = Opened | Refused | Stun | Passed | ProxyAnswered
        return any(isinstance(each.fact, kinds) for each in self.events)

    @property
    def here_only(self) -> bool:
        """Whether our own machine would not send a single packet."""
        sent = [each for each in self.events if not isinstance(each.fact, Looked | Silent)]
        return bool(sent) and all(isinstance(each.fact, NoRoute) for each in sent)


def trail(probe: Probe, log: Iterable[Event]) -> Trail:
    """Read a probe's events, in the order of the log."""
    events = tuple(each for each in log if each.probe == probe.id)
    small = {e.attempt for e in events if isinstance(e.fact, Opened) and e.fact.small}
    answers = [each for each in events if _proves(probe.way, each.fact)]
    answer = min(answers, key=lambda each: each.attempt in small, default=None)
    ends = [each for each in events if _ends(probe.way, each.fact)]
    end = max(ends, key=lambda each: _reached(each.fact), default=None)
    deciding = answer or end
    if deciding is not None:
        step = _reached(deciding.fact)
    else:
        step = max((_reached(each.fact) for each in events), default=Step.RESOLVE)
    return Trail(probe, events, answer, None if answer else end, step)


def _proves(way: Way, fact: Fact) -> bool:
    match way, fact:
        case ((Way.TURN_UDP | Way.TURN_TCP | Way.TURN_TLS | Way.MEDIA), Stun(classic=False)):
            return True
        case Way.WEB, Http():
            return True
        case Way.SELF, Passed(back=True, plain=False):
            return True
        case Way.PROXY, ProxyAnswered():
            return True
        case _:
            return False


def _ends(way: Way, fact: Fact) -> bool:
    match fact:
        case Refused() | Icmp() | Broken() | NotPossible():
            return True
        case Tunnel(status=status):
            return status not in _GRANTED
        case Http():
            return way is not Way.WEB
        case _:
            return False


def _reached(fact: Fact) -> Step:
    """The step that a fact belongs to; what follows it when it is a success."""
    match fact:
        case Looked() | NotPossible():
            return Step.RESOLVE
        case Silent(step=step) | Broken(step=step):
            return step
        case Refused() | Icmp() | NoRoute() | Opened() | Burst():
            return Step.REACH
        case Tunnel():
            return Step.ASK
        case Secured():
            return Step.HANDSHAKE
        case _:
            return Step.REQUEST

"""Reflexive lists: which answers ``evaluate`` lets in, because a ``reflect`` line let out.

A line ``permit … reflect NAME`` records each connection that it lets out, and ``evaluate NAME``
in another list takes the answers to it. A connection that an earlier line without ``reflect``
lets out is not recorded; where lines overlap like that, no answer is given here.

Source: "Cisco IOS Security Configuration Guide: Access Control Lists", IP Session Filtering
(Reflexive Access Lists).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from callgate.flows import IntervalSet
from callgate.flows.axes import TYPED
from callgate.rules import Action, Addresses, ConnectionState, Match, Rule

_TYPED = IntervalSet.points(TYPED)


@dataclass
class Reflexive:
    """What is recorded, by the name of the reflexive list."""

    _answers: dict[str, list[Match]] = field(default_factory=dict)
    #: Lists whose connections cannot be told apart from those of other lines.
    _doubtful: set[str] = field(default_factory=set)

    def record(self, entries: Iterable[tuple[str, list[Rule]]]) -> None:
        """The entries of one list in order, each with the name it reflects into, if any."""
        plain: list[Match] = []
        for name, rules in entries:
            permitted = [rule.match for rule in rules if rule.action is Action.ACCEPT]
            if not name:
                plain += permitted
                continue
            mine = self._answers.setdefault(name, [])
            for match in permitted:
                if any(overlap(match, earlier) for earlier in plain) or _has_names(match):
                    self._doubtful.add(name)
                else:
                    mine.append(mirrored(match))

    def answers(self, name: str) -> list[Match] | None:
        """The answers that ``evaluate NAME`` takes; None where that is not known."""
        return None if name in self._doubtful else self._answers.get(name)

    def hint(self, name: str) -> str:
        """Why it is not known."""
        if name in self._doubtful:
            return f"an earlier line lets out some of what is reflected into {name!r}"
        return f"no line of this text reflects into {name!r}"


def mirrored(match: Match) -> Match:
    """The answers to what a match takes: both ends change places, in a known connection."""
    typed = match.protocol is not None and bool(match.protocol & _TYPED)
    return replace(
        match,
        source=match.destination,
        destination=match.source,
        source_port=None if typed else match.destination_port,
        destination_port=None if typed else match.source_port,
        state=ConnectionState.ESTABLISHED,
    )


def overlap(one: Match, other: Match) -> bool:
    """Whether some packet may be taken by both."""
    return bool(one.families & other.families) and all(
        mine is None or theirs is None or _meet(mine, theirs)
        for mine, theirs in (
            (one.protocol, other.protocol),
            (one.source, other.source),
            (one.destination, other.destination),
            (one.source_port, other.source_port),
            (one.destination_port, other.destination_port),
        )
    )


def _meet(one: IntervalSet | Addresses, other: IntervalSet | Addresses) -> bool:
    if isinstance(one, IntervalSet) and isinstance(other, IntervalSet):
        return bool(one & other)
    if isinstance(one, Addresses) and isinstance(other, Addresses):
        return bool(one.v4 & other.v4) or bool(one.v6 & other.v6) or bool(one.names or other.names)
    return True


def _has_names(match: Match) -> bool:
    """Answers come from addresses, and which ones a name leads to is not known."""
    return match.destination is not None and bool(match.destination.names)

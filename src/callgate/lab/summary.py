"""A proof in few words: which ports are open, expected and observed (pure)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from callgate.flows import Family, IntervalSet, Network, Protocol
from callgate.flows.prefixes import address_of
from callgate.lab.campaign import Case
from callgate.lab.proof import Outcome, Proof, runs
from callgate.policy.model import Direction, Networks

#: Which set of an outcome a summary is about.
Which = Callable[[Outcome], IntervalSet]

#: Packets from an address that is none of the clients; worth a line only if they pass.
_STRANGERS: Final = "from strangers"
_ELSEWHERE: Final = "elsewhere"
_UNSOLICITED: Final = "unsolicited in"


def expected_lines(case: Case, proof: Proof, family: Family) -> tuple[str, ...]:
    """What should be open, one line for each kind of destination."""
    return _lines(case, proof, family, lambda outcome: outcome.expected)


def observed_lines(case: Case, proof: Proof, family: Family) -> tuple[str, ...]:
    """What is open, in the same words."""
    return _lines(case, proof, family, lambda outcome: outcome.open | outcome.excess)


def holds(proof: Proof, family: Family) -> bool:
    """Whether everything of a family is as expected."""
    return all(outcome.holds for outcome in _of(proof, family))


def _of(proof: Proof, family: Family) -> list[Outcome]:
    return [outcome for outcome in proof.outcomes if outcome.lane.family is family]


def _lines(case: Case, proof: Proof, family: Family, which: Which) -> tuple[str, ...]:
    """``to turn-networks: udp 3478, tcp 443``; destinations that are alike share a line."""
    by_place: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in _of(proof, family):
        by_place[_place(case, outcome)].append(outcome)
    texts = {place: _services(by_place[place], which) for place in sorted(by_place)}
    strangers, unsolicited = (texts.pop(place, "") for place in (_STRANGERS, _UNSOLICITED))
    alike: dict[str, list[str]] = defaultdict(list)
    # Named places first, the rest of the world last.
    for place in sorted(texts, key=lambda place: (place == _ELSEWHERE, place)):
        alike[texts[place]].append(place)
    lines = [
        f"to {'anywhere' if len(alike) == 1 else ' and '.join(places)}: {text or 'nothing'}"
        for text, places in alike.items()
    ]
    if strangers:
        lines.append(f"{_STRANGERS}: {strangers}")
    return (*lines, f"{_UNSOLICITED}: {unsolicited or 'nothing'}")


def _services(outcomes: list[Outcome], which: Which) -> str:
    by_protocol: dict[Protocol, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_protocol[outcome.lane.protocol].append(outcome)
    found = ((each, _ports(by_protocol[each], which)) for each in sorted(by_protocol, reverse=True))
    return ", ".join(f"{protocol} {ports}" for protocol, ports in found if ports)


def _ports(outcomes: Iterable[Outcome], which: Which) -> str:
    """The ports open on any lane of a kind."""
    found, tried = IntervalSet.EMPTY, IntervalSet.EMPTY
    for outcome in outcomes:
        found |= which(outcome)
        tried |= outcome.lane.ports
    return runs(found, tried) if found else ""


def _place(case: Case, outcome: Outcome) -> str:
    """What the policy calls the far end: a network list's name, or elsewhere."""
    lane, clients = outcome.lane, case.policy.clients
    if lane.direction is Direction.IN:
        return _UNSOLICITED
    if clients is not None and not _within(clients, lane.family, lane.client):
        return _STRANGERS
    return _list_of(case, lane.family, lane.vendor)


def _list_of(case: Case, family: Family, address: int) -> str:
    named = list(case.lists.items())
    named += [
        (str(rule.destination), rule.destination.prefixes)
        for rule in case.policy.rules
        if isinstance(rule.destination, Networks)
    ]
    found = (name for name, prefixes in named if _within(prefixes, family, address))
    return next(found, _ELSEWHERE)


def _within(prefixes: Iterable[Network], family: Family, address: int) -> bool:
    return any(net.version == family and address_of(address, family) in net for net in prefixes)

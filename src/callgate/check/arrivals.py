"""Which rules of a chain graph some packet arrives at, by leading everything through it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from callgate.check.asking import Inquiry, Question
from callgate.check.fates import Fate
from callgate.check.limits import Limits, TooComplexError
from callgate.check.prepared import Prepared
from callgate.check.space import bounded
from callgate.flows import Box, Family, FlowSet
from callgate.flows.boxes import ANY_PROTOCOL, any_address
from callgate.rules import ANY_STATE, Action, Entry

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region

    from callgate.check.propagate import Propagation

#: How many packets of a dead rule are followed to see what takes them.
_FOLLOWED = 3
#: Steps beyond four for each rule before a walk of true arrivals is given up.
_STEPS = 20_000
#: Of how many dead rules the packets are followed: each walk may be long.
_EXPLAINED = 300
_Fates = dict[int, Fate]


@dataclass(frozen=True, slots=True)
class Way:
    """One entry in one family: what arrived at each rule, if ``complete`` all of it.

    Its diagrams take memory: what is to be known of a way is asked before the next is led.
    """

    entry: Entry
    inquiry: Inquiry
    met: "dict[int, Region]"
    complete: bool


def arrivals(
    prepared: Prepared, limits: Limits, onlooker: Callable[[Way], None] | None = None
) -> _Fates:
    """The fate of each enabled rule; an onlooker is shown each way that was led.

    A walk that becomes too complex leaves the rules that nothing has arrived at so far
    undecided; those that something has arrived at are alive in any case.
    """
    fates = {
        number: Fate(dead=True, entered=False)
        for number, rule in enumerate(prepared.rules)
        if rule.enabled
    }
    for span in prepared.spans.values():
        # The default of a chain is no line that could be removed.
        fates.pop(span.stop, None)
    # True arrivals are not bounded by the size of the graph, so the steps must be.
    limits = replace(limits, steps=min(limits.steps, _STEPS + 4 * len(prepared.rules)))
    for entry in prepared.ruleset.entries:
        for family in sorted(prepared.ruleset.families):
            way = _arrive(prepared, entry, family, limits, fates)
            if onlooker is not None:
                onlooker(way)
            # Its diagrams are freed before the next are made.
            del way
    return fates


def _arrive(prepared: Prepared, entry: Entry, family: Family, limits: Limits, fates: _Fates) -> Way:
    every = any_address(family)
    about = FlowSet.of(
        Box.everything(family) if prepared.has_names else Box(family, ANY_PROTOCOL, every, every)
    )
    question = Question(entry.name, ANY_STATE, limits=limits)
    inquiry = Inquiry((prepared,), question, family, about)
    propagation = inquiry.propagation(prepared, arrivals=True)
    met = propagation.met = {}
    complete = True
    try:
        with bounded():
            propagation.run(entry, inquiry.region)
    except TooComplexError:
        complete = False
        for number, fate in fates.items():
            if fate.dead:
                fates[number] = replace(fate, dead=None)
    for number in met:
        if number in fates:
            fates[number] = Fate(dead=False)
    try:
        with bounded():
            dead = [number for number, fate in fates.items() if fate.dead and not fate.by]
            for turn, number in enumerate(dead):
                fates[number] = _explained(
                    prepared, inquiry, propagation, number, follow=turn < _EXPLAINED
                )
    except TooComplexError:
        # What is dead stays dead; only the lines to name are missing.
        pass
    return Way(entry, inquiry, met, complete)


def _explained(
    prepared: Prepared,
    inquiry: Inquiry,
    propagation: "Propagation",
    number: int,
    *,
    follow: bool,
) -> Fate:
    """Why a rule is dead: the rules that decide some of its packets, if asked to follow them."""
    match = inquiry.encoder.match(prepared.rules[number].match)
    left: Region = match & propagation.walked(prepared.chain_of(number))
    if not left.satisfiable():
        return Fate(dead=True, entered=False, empty=not match.satisfiable())
    takers: list[int] = []
    while follow and left.satisfiable() and len(takers) < _FOLLOWED:
        taker = inquiry.evidence(prepared, left, Action).walk.decider
        takers.append(taker)
        left = left & ~inquiry.encoder.match(prepared.rules[taker].match)
    return Fate(True, tuple(dict.fromkeys(takers)))

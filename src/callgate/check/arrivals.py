"""Which rules of a chain graph some packet arrives at, by leading everything through it."""

from typing import TYPE_CHECKING

from callgate.check.asking import Inquiry, Question
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
_Fates = dict[int, tuple[bool | None, tuple[int, ...], bool]]


def arrivals(prepared: Prepared, limits: Limits) -> _Fates:
    """For each enabled rule: whether it is dead, what takes its packets, and if any come.

    A walk that becomes too complex leaves the rules that nothing has arrived at so far
    undecided; those that something has arrived at are alive in any case.
    """
    fates: _Fates = {
        number: (True, (), False) for number, rule in enumerate(prepared.rules) if rule.enabled
    }
    for span in prepared.spans.values():
        # The default of a chain is no line that could be removed.
        fates.pop(span.stop, None)
    for entry in prepared.ruleset.entries:
        for family in sorted(prepared.ruleset.families):
            _arrive(prepared, entry, family, limits, fates)
    return fates


def _arrive(
    prepared: Prepared, entry: Entry, family: Family, limits: Limits, fates: _Fates
) -> None:
    every = any_address(family)
    about = FlowSet.of(
        Box.everything(family) if prepared.has_names else Box(family, ANY_PROTOCOL, every, every)
    )
    question = Question(entry.name, ANY_STATE, limits=limits)
    inquiry = Inquiry((prepared,), question, family, about)
    propagation = inquiry.propagation(prepared, arrivals=True)
    met = propagation.met = {}
    try:
        with bounded():
            propagation.run(entry, inquiry.region)
    except TooComplexError:
        for number, (dead, by, entered) in fates.items():
            if dead:
                fates[number] = (None, by, entered)
    for number in met:
        if number in fates:
            fates[number] = (False, (), True)
    try:
        with bounded():
            for number, (dead, by, _) in fates.items():
                if dead and not by:
                    fates[number] = (True, *_takers(prepared, inquiry, propagation, number))
    except TooComplexError:
        # What is dead stays dead; only the lines to name are missing.
        return


def _takers(
    prepared: Prepared, inquiry: Inquiry, propagation: "Propagation", number: int
) -> tuple[tuple[int, ...], bool]:
    """The rules that decide some packets of a dead rule, and whether any come to its chain."""
    match = inquiry.encoder.match(prepared.rules[number].match)
    left: Region = match & propagation.walked(prepared.chain_of(number))
    takers: list[int] = []
    if not left.satisfiable():
        return (), match.satisfiable() is False
    for _ in range(_FOLLOWED):
        proof = inquiry.evidence(prepared, left, Action)
        taker = proof.walk.decider
        takers.append(taker)
        left = left & ~inquiry.encoder.match(prepared.rules[taker].match)
        if not left.satisfiable():
            break
    return tuple(dict.fromkeys(takers)), True

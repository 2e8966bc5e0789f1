"""What else is open: everything that a ruleset accepts beyond a set of allowed flows.

The answer is a list of services, riskiest first, each with one packet and the line that
lets it in. Flows that are open only under a condition count as open, and say so.
"""

from dataclasses import dataclass

from callgate.check.asking import Inquiry, Question
from callgate.check.prepared import Prepared
from callgate.check.services import Service, services
from callgate.check.space import bounded
from callgate.flows import Box, Family, FlowSet, IntervalSet
from callgate.flows.boxes import ANY_PROTOCOL, any_address
from callgate.rules import Action
from callgate.verdicts import Evidence


@dataclass(frozen=True, slots=True)
class Excess:
    """One service that is open beyond what is allowed.

    ``flows`` counts pairs of source and destination address over all ports; ``certain``
    is false when some of it is open only under conditions.
    """

    family: Family
    protocols: IntervalSet
    ports: IntervalSet
    flows: int
    certain: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ExcessReport:
    """The riskiest services, and how many there are altogether.

    ``undecided`` are the families that the ruleset says nothing about.
    """

    services: tuple[Excess, ...]
    total: int
    undecided: tuple[Family, ...] = ()


def excess(
    prepared: Prepared, question: Question, allowed: FlowSet, *, most: int = 50
) -> ExcessReport:
    """The ``most`` riskiest services beyond the allowed; TooComplexError beyond the limits."""
    found: list[tuple[tuple[bool, bool, int], Excess]] = []
    total = 0
    for family in Family:
        if family in prepared.ruleset.families:
            count, some = _in_family(prepared, question, allowed, family, most)
            total += count
            found += some
    # Sorted is stable, so equal risks keep IPv4 first.
    found.sort(key=lambda pair: pair[0], reverse=True)
    undecided = tuple(family for family in Family if family not in prepared.ruleset.families)
    return ExcessReport(tuple(piece for _, piece in found[:most]), total, undecided)


def _in_family(
    prepared: Prepared, question: Question, allowed: FlowSet, family: Family, most: int
) -> tuple[int, list[tuple[tuple[bool, bool, int], Excess]]]:
    with bounded():
        about = _universe(prepared, question, family)
        inquiry = Inquiry((prepared,), question, family, about, lists_hold_names=False)
        region = inquiry.region & ~inquiry.encoder.flows(allowed)
        entry = prepared.ruleset.entry(question.entry)
        opened = inquiry.propagation(prepared).run(entry, region).accepted
        every = services(inquiry.space, opened, inquiry.meter)
        some = [(service.risk, _excess(prepared, inquiry, service)) for service in every[:most]]
    return len(every), some


def _universe(prepared: Prepared, question: Question, family: Family) -> FlowSet:
    """Every flow to an address, and where names are spoken of also to a name."""
    if prepared.has_names or question.atoms.patterns:
        return FlowSet.of(Box.everything(family))
    every = any_address(family)
    return FlowSet.of(Box(family, ANY_PROTOCOL, every, every))


def _excess(prepared: Prepared, inquiry: Inquiry, service: Service) -> Excess:
    space = inquiry.space
    conditions = space.quantified(space.conditions.values())
    certain = service.region.exists(conditions) == service.region.forall(conditions)
    proof = inquiry.evidence(prepared, service.region, (Action.ACCEPT,))
    return Excess(
        space.family, service.protocols, service.ports, service.flows, certain, proof.evidence
    )

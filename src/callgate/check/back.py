"""The way back: whether answers to a need's flows pass, once the connection stands.

A device that keeps a table of connections lets them pass without asking its rules
(``Ruleset.stateful``). Elsewhere the turned-around flows are led through the chains with
state ESTABLISHED. A name has no address here, so answers from a name come from anywhere,
and a name whose answers do not pass from everywhere is *unknown* and not blocked.
"""

from dataclasses import replace

from callgate.check.asking import Question, without_implied_names
from callgate.check.prepared import Prepared
from callgate.check.sufficiency import Answer, sufficiency
from callgate.flows import Box, FlowSet, IntervalSet
from callgate.flows.axes import NAME_BASE, TYPED
from callgate.flows.boxes import ANY_PORT, any_address
from callgate.verdicts import Verdict


def return_path(
    prepared: Prepared, question: Question, need: FlowSet, *, entry: str | None = None
) -> Answer:
    """Whether what comes back passes.

    ``entry`` is where answers enter, if that is neither the same entry nor its ``reply``.
    """
    if prepared.ruleset.stateful:
        return Answer(Verdict.SATISFIED, "answers of known connections pass unasked")
    need = without_implied_names(need, (prepared,))
    back = question.turned(entry or prepared.ruleset.entry(question.entry).reply)
    by_address = sufficiency(prepared, back, _turned(need, named=False))
    by_name = sufficiency(prepared, back, _turned(need, named=True))
    if by_address.verdict is not Verdict.SATISFIED or by_name.verdict is Verdict.SATISFIED:
        return by_address
    reason = "answers pass from some addresses only, and where a name leads to is not known"
    return replace(by_name, verdict=Verdict.UNKNOWN, reason=reason)


def _turned(need: FlowSet, *, named: bool) -> FlowSet:
    """The flows back from addresses, or from names. ICMP types are left open."""
    names_from = IntervalSet.of((NAME_BASE, 2 * NAME_BASE))
    boxes = []
    for box in need.boxes():
        if named != bool(box.destination & names_from):
            continue
        source = any_address(box.family) if named else box.destination
        typed = bool(box.protocol & IntervalSet.points(TYPED))
        boxes.append(
            Box(
                box.family,
                box.protocol,
                source,
                box.source,
                ANY_PORT if typed else box.destination_port,
                ANY_PORT if typed else box.source_port,
            )
        )
    return FlowSet.of(*boxes)

"""One packet, line by line: ``callgate explain``."""

from callgate.check.asking import Question
from callgate.check.prepared import Prepared
from callgate.check.sufficiency import Answer, sufficiency
from callgate.flows import Box, FlowSet, IntervalSet, Packet
from callgate.flows.axes import PORTED, TYPED
from callgate.flows.boxes import ANY_PORT


def explain(prepared: Prepared, question: Question, packet: Packet) -> Answer:
    """What becomes of one packet; the evidence's walk shows each line that it meets.

    A packet whose fate depends on conditions or interfaces comes with a walk in which it
    dies, and with what that walk took for granted.
    """
    return sufficiency(prepared, question, FlowSet.of(_box(packet)))


def _box(packet: Packet) -> Box:
    numbered = packet.protocol in PORTED | TYPED
    return Box(
        packet.family,
        IntervalSet.points((packet.protocol,)),
        IntervalSet.points((packet.source,)),
        IntervalSet.points((packet.destination,)),
        IntervalSet.points((packet.source_port,)) if packet.protocol in PORTED else ANY_PORT,
        IntervalSet.points((packet.destination_port,)) if numbered else ANY_PORT,
    )

"""Whether the link carries as much as a picture takes (pure).

Theory of operation
-------------------
* One voice does not fill a thin link, and a call is more than one voice. So twice, by UDP and by
  TCP, somewhat more is sent, and those packets count that come about as soon as the first.
* What is more than a link carries waits, longer and longer, and is lost when the queue is full.
* Packets of UDP that are lost at random leave the others in time, and a stream that repeats
  lost ones may be late without being too much: only both together show a thin link.
"""

from typing import Final

from callgate.probe.events import Event, Load
from callgate.probe.targets import Plan

#: How far packets may lie behind the quickest one, in ms.
IN_TIME: Final = 150.0
#: The share of them that has to come in time.
_ENOUGH: Final = 0.5


def thin_link(plan: Plan, log: tuple[Event, ...]) -> str:
    """What shows that the link is too thin for a picture; empty when nothing does."""
    ways = {each.id: each.way for each in plan.probes}
    loads = [(ways[each.probe], each.fact) for each in log if isinstance(each.fact, Load)]
    poor = [(way, fact) for way, fact in loads if _in_time(fact) < _ENOUGH]
    by_udp = next((fact for way, fact in poor if way.datagrams), None)
    if by_udp is None or all(way.datagrams for way, _ in poor):
        return ""
    share = f"{_in_time(by_udp):.0%}"
    return f"of {by_udp.kilobits} kbit/s only {share} come in time, by UDP, and by TCP as few"


def _in_time(fact: Load) -> float:
    """The share that came about as soon as the quickest one."""
    came = [each for each in fact.round_trips if each is not None]
    soon = min(came, default=0.0) + IN_TIME
    return sum(each <= soon for each in came) / len(fact.round_trips)

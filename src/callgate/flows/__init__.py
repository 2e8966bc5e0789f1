"""Exact sets of flows: prefixes, ports, boxes, FlowSet (pure).

Theory of operation
-------------------
A *flow* is a first packet, a point on six axes (:mod:`callgate.flows.axes`):
family, protocol, destination, destination port, source, source port.

* Every axis is a range of non-negative integers and a constraint on it is an
  :class:`IntervalSet`.
* A :class:`Box` is one constraint per axis: what one simple rule says.
* A :class:`FlowSet` is any finite union of boxes, kept canonical: two sets hold the same
  flows if and only if they compare equal.

A destination is an address *or a name*: above the addresses of the axis lie slots for
domain atoms (:class:`NameAtoms`), so "any destination" covers every name, and a list of
addresses covers none.
"""

from callgate.flows.axes import Family, Protocol
from callgate.flows.boxes import Box, Packet
from callgate.flows.describe import Description, describe
from callgate.flows.flowset import FlowSet
from callgate.flows.intervals import IntervalSet
from callgate.flows.names import NameAtoms
from callgate.flows.ports import PortRange
from callgate.flows.prefixes import Network, networks_of, prefixes_of

__all__ = [
    "Box",
    "Description",
    "Family",
    "FlowSet",
    "IntervalSet",
    "NameAtoms",
    "Network",
    "Packet",
    "PortRange",
    "Protocol",
    "describe",
    "networks_of",
    "prefixes_of",
]

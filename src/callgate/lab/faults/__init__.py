"""Named, composable faults of a network, and what is true about each (pure).

Theory of operation
-------------------
* A :class:`Fault` is data: what it changes in the lab (:mod:`.changes`) and what that does
  to each path (:mod:`.truth`). :meth:`callgate.lab.stage.Stage.broken` carries it out.
* The truth of several faults is derived from their own (:mod:`.combination`), or said to be
  undefined.
* Faults are found by name (:mod:`.registry`); another distribution adds its own by an entry
  point of the group ``callgate.faults``.
"""

from callgate.lab.faults.combination import Combination, Undefined
from callgate.lab.faults.fault import FAMILIES, Fault, every
from callgate.lab.faults.registry import combine, find, names
from callgate.lab.faults.truth import Path, Place, Sign, Step, Truth, blocked, degraded

__all__ = [
    "FAMILIES",
    "Combination",
    "Fault",
    "Path",
    "Place",
    "Sign",
    "Step",
    "Truth",
    "Undefined",
    "blocked",
    "combine",
    "degraded",
    "every",
    "find",
    "names",
]

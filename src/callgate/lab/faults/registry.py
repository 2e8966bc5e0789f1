"""All faults by name: those that come with Callgate, and those that are installed.

Another distribution adds one with an entry point of the group ``callgate.faults`` that
names a :class:`callgate.lab.faults.fault.Fault`. A built-in name cannot be taken over.
"""

import difflib
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from callgate.errors import UsageError
from callgate.lab.faults import dns, network, payload, proxies, servers, tcp, udp
from callgate.lab.faults.combination import Combination
from callgate.lab.faults.fault import Fault

GROUP: Final = "callgate.faults"
_ALL: Final[tuple[Fault, ...]] = (
    *dns.FAULTS,
    *tcp.FAULTS,
    *udp.FAULTS,
    *payload.FAULTS,
    *network.FAULTS,
    *proxies.FAULTS,
    *servers.FAULTS,
)
BUILT_IN: Final = {each.name: each for each in _ALL}


def names() -> list[str]:
    """Every name that :func:`find` knows: built-in ones first, then the installed ones."""
    return [*BUILT_IN, *sorted(_installed().keys() - BUILT_IN.keys())]


def find(name: str) -> Fault:
    """The fault with this name; UsageError names what was probably meant."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    installed = _installed()
    if name in installed:
        return _load(installed[name])
    near = difflib.get_close_matches(name, names(), n=1)
    raise UsageError(
        f"there is no fault {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        hint="`callgate lab faults` lists them",
    )


def combine(*wanted: str) -> Combination:
    """These faults at the same time; UsageError for a name that is none, or that comes twice."""
    doubled = {name for name in wanted if wanted.count(name) > 1}
    if doubled:
        raise UsageError(f"the fault {min(doubled)!r} is given twice")
    return Combination(tuple(map(find, wanted)))


def _load(entry: EntryPoint) -> Fault:
    found = entry.load()
    if not isinstance(found, Fault) or found.name != entry.name:
        raise UsageError(
            f"the plug-in {entry.value!r} is no fault called {entry.name!r}",
            hint=f"an entry point of {GROUP} names a callgate.lab.faults.Fault",
        )
    return found


def _installed() -> dict[str, EntryPoint]:
    return {each.name: each for each in entry_points(group=GROUP)}

"""Readers of what decides by name: proxies, and the lists that they take.

Like :mod:`callgate.dialects.reading`, with a :class:`~callgate.rules.proxy.ProxyRuleset` as
the result. A bare list of names looks like any other list of names, so that the reader of
one never claims a text: ``--dialect`` says what it is for.

Another distribution adds one with an entry point of the group ``callgate.proxy-readers``
that names a class; its constructor takes no arguments. A built-in name cannot be taken over.
"""

import importlib
from importlib.metadata import EntryPoint, entry_points
from typing import Final
from typing import Protocol as Interface

from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition import SIGNS
from callgate.errors import UsageError
from callgate.rules.proxy import ProxyRuleset


class ProxyReader(Interface):
    """One proxy's language, as far as it can be read."""

    @property
    def name(self) -> str:
        """The word that ``--dialect`` takes."""

    @property
    def title(self) -> str:
        """The product, as its vendor writes it."""

    def detect(self, text: str) -> bool:
        """Whether a text looks like this language and like no other; never raises."""

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> ProxyRuleset:
        """What the text says; InputError holds every mistake with its place."""


GROUP: Final = "callgate.proxy-readers"
#: Name -> ``module:class``; imported on first use.
READERS: Final[dict[str, str]] = {
    "squid": "callgate.dialects.squid.reading:SquidReader",
    "zscaler": "callgate.dialects.lists.reading:ZscalerReader",
    "pan-edl": "callgate.dialects.lists.reading:PanUrlReader",
    "pan-edl-domain": "callgate.dialects.lists.reading:PanDomainReader",
    "pan-exclusion": "callgate.dialects.lists.reading:PanExclusionReader",
    "umbrella": "callgate.dialects.lists.reading:UmbrellaReader",
    "fortigate-proxy": "callgate.dialects.lists.fortigate_reading:FortigateProxyReader",
}


def names() -> list[str]:
    """Every name that :func:`find` knows: built-in ones first, then the installed ones."""
    return [*READERS, *sorted(_installed().keys() - READERS.keys())]


def find(name: str) -> ProxyReader:
    """The reader of this name; UsageError lists those that there are."""
    if name in READERS:
        module, _, attribute = READERS[name].partition(":")
        built_in: ProxyReader = getattr(importlib.import_module(module), attribute)()
        return built_in
    installed = _installed()
    if name in installed:
        found: ProxyReader = installed[name].load()()
        return found
    known = ", ".join(names())
    raise UsageError(f"no proxy dialect {name!r} can be read", hint=f"readable: {known}")


def claims(text: str) -> list[str]:
    """The names of the readers that claim a text; no built-in one is imported for that."""
    return [name for name in names() if _is_claimed(name, text)]


def _is_claimed(name: str, text: str) -> bool:
    if name in READERS and name in SIGNS:
        return SIGNS[name](text)
    return find(name).detect(text)


def _installed() -> dict[str, EntryPoint]:
    return {each.name: each for each in entry_points(group=GROUP)}

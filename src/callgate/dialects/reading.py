"""What a reader is: ``detect`` and ``parse``, and the table of those that there are.

A reader turns what is written on a device into a :class:`~callgate.rules.Ruleset`. It is
pure: what a text includes comes through an :data:`Include` that the caller passes in.
``parse`` returns a ruleset or raises :class:`~callgate.errors.InputError`, whatever the
text is; what it meets and does not model stands in the ruleset with its place.

Another distribution adds one with an entry point of the group ``callgate.readers`` that
names a class; its constructor takes no arguments. A built-in name cannot be taken over.
"""

import importlib
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Final
from typing import Protocol as Interface

from callgate.dialects.recognition import SIGNS
from callgate.errors import InputError, Mistake, UsageError
from callgate.places import Place
from callgate.rules import Ruleset

#: The texts, each with its source, that a name or a pattern of names in a text stands for.
#: InputError or ToolError where there is none.
Include = Callable[[str], Iterable[tuple[str, str]]]


def nothing_to_include(name: str) -> Iterable[tuple[str, str]]:
    """The :data:`Include` of a text that stands alone; always raises InputError."""
    raise InputError([Mistake(Place(name), "the text names another file, and only it was given")])


class Reader(Interface):
    """One target's language, as far as it can be read."""

    @property
    def name(self) -> str:
        """The word that ``--dialect`` takes."""

    @property
    def title(self) -> str:
        """The product, as its vendor writes it."""

    def detect(self, text: str) -> bool:
        """Whether a text looks like this language and like no other; never raises."""

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the text says; InputError holds every mistake with its place."""


GROUP: Final = "callgate.readers"
#: Name -> ``module:class``; imported on first use.
READERS: Final[dict[str, str]] = {
    "nftables": "callgate.dialects.nftables.reading:NftablesReader",
    "iptables": "callgate.dialects.iptables.reading:IptablesReader",
    "cisco-asa": "callgate.dialects.cisco_asa:CiscoAsa",
    "cisco-ios": "callgate.dialects.cisco_ios:CiscoIos",
    "juniper-srx": "callgate.dialects.juniper_srx:SrxReader",
    "fortigate": "callgate.dialects.fortigate:FortigateReader",
    "pan-os": "callgate.dialects.pan_os:PanOsReader",
    "windows": "callgate.dialects.windows:WindowsReader",
    "aws": "callgate.dialects.aws:AwsReader",
}


def names() -> list[str]:
    """Every name that :func:`find` knows: built-in ones first, then the installed ones."""
    return [*READERS, *sorted(_installed().keys() - READERS.keys())]


def find(name: str) -> Reader:
    """The reader of this name; UsageError lists those that there are."""
    if name in READERS:
        module, _, attribute = READERS[name].partition(":")
        built_in: Reader = getattr(importlib.import_module(module), attribute)()
        return built_in
    installed = _installed()
    if name in installed:
        found: Reader = installed[name].load()()
        return found
    known = ", ".join(names()) or "none"
    raise UsageError(f"no dialect {name!r} can be read", hint=f"readable: {known}")


def recognise(text: str, source: str) -> Reader:
    """The one reader that claims a text; InputError when none does or several do."""
    found = claims(text)
    if len(found) == 1:
        return find(found[0])
    what = "it could be " + " or ".join(found) if found else "this is no configuration that we know"
    raise InputError([Mistake(Place(source, 1), what, "say which with --dialect")])


def claims(text: str) -> list[str]:
    """The names of the readers that claim a text; no built-in one is imported for that."""
    return [name for name in names() if _is_claimed(name, text)]


def _is_claimed(name: str, text: str) -> bool:
    if name in READERS and name in SIGNS:
        return SIGNS[name](text)
    return find(name).detect(text)


def _installed() -> dict[str, EntryPoint]:
    return {each.name: each for each in entry_points(group=GROUP)}

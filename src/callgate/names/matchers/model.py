"""What a matcher is: how one product reads an entry of one kind of list.

Theory of operation
-------------------
A matcher answers four questions about its product, and keeps the answers consistent:

* ``entries_for`` what to write for a pattern of the document,
* ``read``        what an entry covers that stands in somebody's list,
* ``matches``     whether the product takes a host for one that the entry names,
* ``beyond``      what the written entries take in besides the pattern: declared excess;
  ``short_of`` what they cannot reach.

``traits`` is the row for people: apex, depth, case, dots, grammar, and whether somebody has
seen the product do it (*measured*), its vendor says so (*documented*) or nobody has
confirmed it (*unconfirmed*). What is unconfirmed is said wherever the row is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from callgate.names.extents import Extent, outermost, shortfall
from callgate.names.hosts import host_name
from callgate.names.patterns import DomainPattern, normalise


class Confirmed(Enum):
    """How well we know what a product does."""

    MEASURED = "measured"  # it was given hosts, and this is what it did
    DOCUMENTED = "documented"  # its vendor's page or its source says so
    UNCONFIRMED = "unconfirmed"  # the sources leave something open: see the note

    def __str__(self) -> str:
        return self.value


class Fate(Enum):
    """What becomes of an entry in its product."""

    READ = "read"
    NOTHING = "matches nothing"  # accepted without a word, and then idle
    REJECTED = "rejected"  # the product says that it is no entry
    UNMODELLED = "not modelled"  # it may mean something; we do not say what

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Reading:
    """How a product reads an entry: what it covers, or why it covers nothing we can name.

    ``reason`` is one line. Where the fate is READ it is empty, or says what the entry takes
    in besides its extents and no extent can express.
    """

    extents: tuple[Extent, ...] = ()
    fate: Fate = Fate.READ
    reason: str = ""

    def covers(self, pattern: DomainPattern) -> bool:
        """Whether this entry alone covers every name of a pattern."""
        return not shortfall(self.extents, Extent.of(pattern))


def nothing(reason: str) -> Reading:
    """The product accepts the entry, and it matches no host."""
    return Reading(fate=Fate.NOTHING, reason=reason)


def rejected(reason: str) -> Reading:
    """The product does not accept the entry."""
    return Reading(fate=Fate.REJECTED, reason=reason)


def unmodelled(reason: str) -> Reading:
    """We do not say what the entry means."""
    return Reading(fate=Fate.UNMODELLED, reason=reason)


def named(text: str, least: int = 0, most: int | None = 0) -> Reading:
    """The extent at a name that an entry holds; not modelled where it is no name."""
    if not text.isascii():
        return unmodelled("not ASCII: write the name as A-labels (xn--…)")
    try:
        return Reading((Extent(normalise(text), least, most),))
    except ValueError as error:
        return unmodelled(str(error))


@dataclass(frozen=True, slots=True)
class Traits:
    """The row of a product in the table of matchers; texts are one line each."""

    id: str
    title: str
    apex: str  # whether what we write for *.goto.com also takes goto.com
    depth: str
    case: str
    trailing_dot: str  # in the entry / of the host
    slash: str
    grammar: str
    source: str
    confirmed: Confirmed
    note: str = ""  # the trap of this list, or what is not confirmed


class Matcher:
    """One product's reading of names. Subclasses say how; instances have no state."""

    traits: ClassVar[Traits]

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """What to write for a pattern."""
        raise NotImplementedError

    def read(self, entry: str) -> Reading:
        """What an entry covers, as the product reads it."""
        raise NotImplementedError

    def host(self, host: str) -> str | None:
        """The name that the product compares, from what a client sends; None matches nothing."""
        return host_name(host)

    def matches(self, entry: str, host: str) -> bool:
        """Whether the product takes this host for one that the entry names."""
        name = self.host(host)
        return name is not None and any(each.matches(name) for each in self.read(entry).extents)

    def entries(self, patterns: Iterable[DomainPattern]) -> tuple[str, ...]:
        """The list for several patterns, sorted by name, without entries within another one."""
        found = {
            entry: self.read(entry).extents
            for pattern in sorted(patterns)
            for entry in self.entries_for(pattern)
        }
        kept = set(outermost(extent for extents in found.values() for extent in extents))
        return tuple(entry for entry, extents in found.items() if not kept.isdisjoint(extents))

    def beyond(self, pattern: DomainPattern) -> tuple[Extent, ...]:
        """What the entries for a pattern take in besides it."""
        wanted = (Extent.of(pattern),)
        return tuple(
            piece for extent in self._written(pattern) for piece in shortfall(wanted, extent)
        )

    def short_of(self, pattern: DomainPattern) -> tuple[Extent, ...]:
        """What the entries for a pattern leave out of it: the limits of the product."""
        return shortfall(self._written(pattern), Extent.of(pattern))

    def _written(self, pattern: DomainPattern) -> tuple[Extent, ...]:
        return tuple(
            extent for entry in self.entries_for(pattern) for extent in self.read(entry).extents
        )

"""The requests that together speak for every name of a pattern.

Lists tell names apart by the bases of their entries and by depth. So below a pattern's base
one name is asked for each name that some entry is about, each name between that and the
base, and below each of those one for every depth up to which depths are told apart; the
label that stands there is one that no list speaks of, and counts as free: it stands for all
of them. Depths beyond behave like the last one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from callgate.check.limits import TooComplexError
from callgate.names import DomainPattern
from callgate.names.extents import Extent
from callgate.rules.proxy.tests import suffixes

#: The most hosts that one pattern is cut into.
LIMIT: Final = 4000
#: The longest name that DNS takes (RFC 1035 section 2.3.4).
_NAME_MAX: Final = 253
_LABEL: Final = "any-name"


@dataclass(frozen=True, order=True, slots=True)
class Host:
    """A name; its first ``free`` characters stand for any labels that no list speaks of."""

    name: str
    free: int = 0


def hosts(pattern: DomainPattern, extents: Iterable[Extent]) -> tuple[Host, ...]:
    """The hosts that speak for a pattern, given what the lists cover."""
    if not pattern.below:
        return (Host(pattern.base),)
    near = [each for each in extents if _touches(each, pattern.base)]
    named = _named(pattern.base, near)
    found = [Host(name) for name in sorted(named)]
    label = _unspoken(named)
    for base in (pattern.base, *sorted(named)):
        found += _below(base, label, near)
        if len(found) > LIMIT:
            raise TooComplexError(
                f"too complex here: lists name more than {LIMIT} names below {pattern.base}"
            )
    return tuple(found)


def _touches(extent: Extent, base: str) -> bool:
    """Whether an extent speaks of the base, of what is above it, or of a name below it."""
    return extent.base.endswith("." + base) or extent.labels_before(base) is not None


def _named(base: str, near: Iterable[Extent]) -> set[str]:
    """The names below the base that entries are about, and those between."""
    return {name for extent in near for name in suffixes(extent.base) if name.endswith("." + base)}


def _unspoken(named: Iterable[str]) -> str:
    """A label that none of the names holds."""
    spoken = {label for name in named for label in name.split(".")}
    label, number = _LABEL, 0
    while label in spoken:
        number += 1
        label = f"{_LABEL}-{number}"
    return label


def _below(base: str, label: str, near: Iterable[Extent]) -> Iterator[Host]:
    """One name below the base for each depth that is told apart, and one deeper."""
    told_apart = 0
    for extent in near:
        before = extent.labels_before(base)
        if before is not None:
            told_apart = max(told_apart, (extent.most or extent.least) - before)
    for depth in range(1, told_apart + 2):
        free = ".".join([label] * depth)
        if len(free) + 1 + len(base) <= _NAME_MAX:
            yield Host(f"{free}.{base}", len(free))

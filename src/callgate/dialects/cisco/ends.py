"""Where a packet comes from or goes to, as one end of an access list's line says it."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from callgate.flows import Family, IntervalSet
from callgate.names import DomainPattern
from callgate.rules import BOTH_FAMILIES, Addresses, Literal, Names

ONLY_V4: Final = frozenset({Family.V4})
ONLY_V6: Final = frozenset({Family.V6})


class Alternative(NamedTuple):
    """Addresses of some families (None is all of them), if the condition holds."""

    families: frozenset[Family]
    addresses: Addresses | None
    condition: Literal | None = None


#: Any of the alternatives.
End = tuple[Alternative, ...]

ANYWHERE: Final[End] = (Alternative(BOTH_FAMILIES, None),)
ANY_V4: Final[End] = (Alternative(ONLY_V4, None),)
ANY_V6: Final[End] = (Alternative(ONLY_V6, None),)


def end_of(addresses: Addresses) -> End:
    """The end that is just these addresses."""
    return (Alternative(BOTH_FAMILIES, addresses),)


def uncertain(condition: Literal, families: frozenset[Family] = BOTH_FAMILIES) -> End:
    """The end that could be anything of those families."""
    return (Alternative(families, None, condition),)


def merged(alternatives: Iterable[Alternative]) -> End:
    """The same alternatives with the addresses of each kind in one set."""
    kinds: dict[tuple[frozenset[Family], Literal | None], list[Addresses | None]] = {}
    for families, addresses, condition in alternatives:
        kinds.setdefault((families, condition), []).append(addresses)
    return tuple(
        Alternative(families, _union(sets), condition)
        for (families, condition), sets in kinds.items()
    )


def _union(sets: list[Addresses | None]) -> Addresses | None:
    known = [each for each in sets if each is not None]
    if len(known) < len(sets):
        return None
    if len(known) == 1:
        return known[0]
    patterns: dict[DomainPattern, None] = {}
    for each in known:
        patterns.update(dict.fromkeys(each.names.patterns))
    return Addresses(
        IntervalSet.of(*(pair for each in known for pair in each.v4)),
        IntervalSet.of(*(pair for each in known for pair in each.v6)),
        Names(tuple(patterns)),
    )

"""Objects and groups of objects: members by name, nested, without going round in circles."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from callgate.places import Place

Part = TypeVar("Part")
#: Devices nest groups eight deep or so; what nests deeper is a mistake or an attack.
_DEPTH: Final = 16
#: A group that unfolds to more than this is one condition.
_PARTS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Group:
    """The names in a group; ``refused`` says why they cannot be followed, if so."""

    members: tuple[tuple[str, Place], ...]
    place: Place
    refused: str = ""


@dataclass
class Members(Generic[Part]):
    """Resolves names of one kind (addresses, services) to parts.

    ``objects`` gives the parts of a name that is no group, ``groups`` those that are one;
    ``unknown`` makes a part that hangs on a condition, of a name, a place and a hint.
    """

    objects: Callable[[str], list[Part] | None]
    groups: Callable[[str], Group | None]
    unknown: Callable[[str, Place, str], Part]

    def __post_init__(self) -> None:
        self._known: dict[str, list[Part]] = {}

    def resolve(self, names: Iterable[str], place: Place) -> list[Part]:
        """The parts of all these names; one that is not there is a condition."""
        return [part for name in names for part in self._one(name, place, ())]

    def _one(self, name: str, place: Place, above: tuple[str, ...]) -> list[Part]:
        if name not in self._known:
            found = self.objects(name)
            if found is None:
                group = self.groups(name)
                if group is None:
                    return [self.unknown(name, place, f"there is no object {name!r}")]
                found = self._group(name, group, above)
            self._known[name] = found
        return self._known[name]

    def _group(self, name: str, group: Group, above: tuple[str, ...]) -> list[Part]:
        refused = group.refused
        if name in above or len(above) >= _DEPTH:
            refused = "groups that hold each other"
        elif not refused and not group.members:
            refused = "a group without members"
        if refused:
            return [self.unknown(name, group.place, refused)]
        found: list[Part] = []
        for member, place in group.members:
            found += self._one(member, place, (*above, name))
            if len(found) > _PARTS:
                return [self.unknown(name, group.place, "too many members to follow")]
        return found

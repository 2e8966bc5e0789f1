"""Objects and groups of objects: members by name, nested, without going round in circles."""

from collections.abc import Callable, Iterable
from typing import Final, Generic, TypeVar

from callgate.dialects.fortigate.reading.findings import Findings
from callgate.dialects.fortigate.reading.tables import Edit, Table
from callgate.places import Place
from callgate.rules import Literal

Part = TypeVar("Part")
#: Groups nest eight deep at most on a device; what nests deeper is a mistake or an attack.
_DEPTH: Final = 16
#: A group that unfolds to more than this is a condition.
_PARTS: Final = 20_000


class Members(Generic[Part]):
    """Resolves names of one kind (addresses, services) to parts."""

    def __init__(
        self,
        tables: tuple[Table, Table],
        findings: Findings,
        *,
        read: Callable[[Edit], list[Part]],
        unknown: Callable[[Literal], Part],
        built_in: Callable[[str], list[Part] | None],
    ) -> None:
        """``tables`` are the objects and the groups of them."""
        self._objects, self._groups = (table.edits for table in tables)
        self._read, self._unknown = read, unknown
        self._findings = findings
        self._built_in = built_in
        self._known: dict[str, list[Part]] = {}

    def resolve(self, names: Iterable[str], place: Place) -> list[Part]:
        """The parts of all these names; one that is not there is a condition."""
        return [part for name in names for part in self._one(name, place, ())]

    def _one(self, name: str, place: Place, above: tuple[str, ...]) -> list[Part]:
        if name in self._known:
            return self._known[name]
        if name in self._objects:
            found = self._read(self._objects[name])
        elif name in self._groups:
            found = self._group(self._groups[name], above)
        else:
            built_in = self._built_in(name)
            if built_in is None:
                return [self._condition(name, place, f"there is no object {name!r}")]
            found = built_in
        self._known[name] = found
        return found

    def _group(self, group: Edit, above: tuple[str, ...]) -> list[Part]:
        if group.name in above or len(above) >= _DEPTH:
            return [self._condition(group.name, group.place, "groups that hold each other")]
        if group.word("exclude") == "enable":
            hint = "members that are excluded again"
            return [self._condition(group.name, group.settings["exclude"].place, hint)]
        member = group.settings.get("member")
        if member is None:
            return [self._condition(group.name, group.place, "a group without members")]
        found: list[Part] = []
        for name in member.words:
            found += self._one(name, member.place, (*above, group.name))
            if len(found) > _PARTS:
                return [self._condition(group.name, group.place, "too many members to follow")]
        return found

    def _condition(self, name: str, place: Place, hint: str) -> Part:
        return self._unknown(self._findings.condition(f"it is in {name}", place, hint))

"""Tables of objects and of groups, as :mod:`callgate.dialects.members` asks for them."""

from collections.abc import Callable
from typing import TypeVar

from callgate.dialects.fortigate.reading.tables import Edit, Table
from callgate.dialects.members import Group

Part = TypeVar("Part")


def objects_of(
    table: Table,
    read: Callable[[Edit], list[Part]],
    built_in: Callable[[str], list[Part] | None],
) -> Callable[[str], list[Part] | None]:
    """The parts of an object by its name: of the configuration, or of FortiOS itself."""

    def find(name: str) -> list[Part] | None:
        return read(table.edits[name]) if name in table.edits else built_in(name)

    return find


def groups_of(table: Table) -> Callable[[str], Group | None]:
    """The members of a group by its name."""

    def find(name: str) -> Group | None:
        group = table.edits.get(name)
        if group is None:
            return None
        member = group.settings.get("member")
        named = () if member is None else tuple((each, member.place) for each in member.words)
        if group.word("exclude") == "enable":
            return Group((), group.settings["exclude"].place, "members that are excluded again")
        return Group(named, group.place)

    return find

"""A configuration as a tree of names, each with the place where it was first said.

``set address web ip-netmask 192.0.2.1``, ``<address><entry name="web"><ip-netmask>…`` and
``address { web { ip-netmask 192.0.2.1; } }`` are the same path. A value is a name without
anything below it, and a list is several of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from callgate.places import Place

#: No configuration nests deeper.
DEPTH_MAX: Final = 48


@dataclass(slots=True)
class Node:
    """One name, and what is said below it in the order in which it stands."""

    name: str
    place: Place
    children: dict[str, "Node"] = field(default_factory=dict)

    def add(self, name: str, place: Place) -> "Node":
        """The node of this name below; made where it is not there."""
        if name not in self.children:
            self.children[name] = Node(name, place)
        return self.children[name]

    def put(self, value: str, place: Place) -> None:
        """A value: it becomes the last one, so that of several the last is told."""
        found = self.children.pop(value, None) or Node(value, place)
        self.children[value] = found

    def at(self, *path: str) -> "Node | None":
        """What stands below, by its path."""
        node: Node | None = self
        for name in path:
            node = node.children.get(name) if node is not None else None
        return node

    def below(self, *path: str) -> Iterator["Node"]:
        """Everything right below a path."""
        node = self.at(*path)
        if node is not None:
            yield from node.children.values()

    def words(self, *path: str) -> tuple[str, ...]:
        """The values of a list; none where it is not there."""
        node = self.at(*path)
        return tuple(node.children) if node is not None else ()

    def word(self, *path: str) -> str:
        """The value of a key, the last that was said; empty where it is not there."""
        found = self.words(*path)
        return found[-1] if found else ""

    def move(self, name: str, where: str, other: str) -> bool:
        """Put a child elsewhere: top, bottom, before or after another one; false if it cannot."""
        relative = where in {"before", "after"}
        if name not in self.children or (
            relative and (other not in self.children or other == name)
        ):
            return False
        moved = self.children.pop(name)
        order = list(self.children.values())
        names = [each.name for each in order]
        at = {"top": 0, "bottom": len(order)}.get(where)
        if at is None:
            at = names.index(other) + (where == "after")
        order.insert(at, moved)
        self.children = {each.name: each for each in order}
        return True

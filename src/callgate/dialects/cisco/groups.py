"""Objects and groups: definitions that refer to each other, resolved without recursion."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.lines import Line
from callgate.rules import Literal

Part = TypeVar("Part")


@dataclass
class Definition(Generic[Part]):
    """One object or group: its own parts, and the names that it refers to, with lines."""

    head: Line
    parts: list[Part] = field(default_factory=list)
    references: list[tuple[str, Line]] = field(default_factory=list)


class Groups(Generic[Part]):
    """The definitions of one namespace.

    ``merge`` joins parts, so that a group stays small however often it holds another one;
    ``unknown`` makes the part that stands for something which could not be read.
    """

    def __init__(
        self,
        findings: Findings,
        merge: Callable[[Iterable[Part]], tuple[Part, ...]],
        unknown: Callable[[Literal], Part],
    ) -> None:
        self.definitions: dict[str, Definition[Part]] = {}
        self._findings = findings
        self._merge = merge
        self._unknown = unknown
        self._done: dict[str, tuple[Part, ...]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.definitions

    def define(self, name: str, head: Line) -> Definition[Part]:
        """The definition of a name, to add to; a name defined twice is one group."""
        return self.definitions.setdefault(name, Definition(head))

    def unreadable(self, definition: Definition[Part], line: Line, hint: str) -> None:
        """Note a member that is a condition, for it could not be read."""
        text = f"{definition.head.text}: {line.text}"
        definition.parts.append(self._unknown(self._findings.condition(line, text, hint)))

    def resolve(self, name: str) -> tuple[Part, ...]:
        """The parts of a group and of all groups in it; KeyError when there is none.

        A group that holds itself, and a member that is not defined, are conditions.
        """
        path, open_names = [name], set[str]()
        while path:
            current = path[-1]
            if current in self._done:
                path.pop()
                continue
            open_names.add(current)
            waiting = self._waiting(current, open_names)
            if waiting:
                path += waiting
            else:
                self._done[current] = self._joined(current)
                path.pop()
        return self._done[name]

    def _waiting(self, name: str, open_names: set[str]) -> list[str]:
        return [
            other
            for other, _ in self.definitions[name].references
            if other in self.definitions and other not in self._done and other not in open_names
        ]

    def _joined(self, name: str) -> tuple[Part, ...]:
        definition = self.definitions[name]
        parts = list(definition.parts)
        for other, line in definition.references:
            if other in self._done:
                parts += self._done[other]
            else:
                known = other in self.definitions
                hint = f"{other!r} holds itself" if known else f"{other!r} is not defined"
                text = f"{definition.head.text}: {line.text}"
                parts.append(self._unknown(self._findings.condition(line, text, hint)))
        if not parts:
            text = f"{definition.head.text} (empty)"
            hint = "nothing stands in this group"
            parts = [self._unknown(self._findings.condition(definition.head, text, hint))]
        return self._merge(parts)

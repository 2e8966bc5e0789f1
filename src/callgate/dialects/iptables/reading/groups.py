"""Match extensions that we do not model, word for word: conditions.

A group is one ``-m NAME`` with its options. The text of the condition is what was
written, from ``-m`` on, so the same test is the same condition wherever it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.iptables.reading.grammar import COUNTING, MARKS, Module, Sense
from callgate.dialects.iptables.reading.tokens import quoted
from callgate.rules import Varies

#: Options that change what the other options of ``addrtype`` look at.
_ADDRTYPE_SETTINGS: Final = ("--limit-iface-in", "--limit-iface-out")


@dataclass(slots=True)
class Group:
    """The options of one module; each part is ``[!] option argument…``.

    ``known`` is false for a module of which we know nothing; ``head`` are the words that
    stand before the options in the condition's text.
    """

    head: list[str]
    module: Module
    index: int
    known: bool = True
    parts: list[list[str]] = field(default_factory=list)

    def takes(self, option: str) -> bool:
        """Whether an option is one of this module's."""
        return option in self.module.options

    @property
    def certain(self) -> bool | None:
        """``recent --set`` notes the address and always matches, with ``!`` never."""
        if self.head != ["-m", "recent"] or not any("--set" in part[:2] for part in self.parts):
            return None
        return not any(part[0] == "!" for part in self.parts)

    @property
    def varies(self) -> Varies:
        """Whether two such tests of one packet may come out differently."""
        name = self.head[1] if len(self.head) > 1 else ""
        if name in MARKS:
            return Varies.MARKED
        # Of a module that we do not know nobody can tell.
        return Varies.COUNTED if name in COUNTING or not self.known else Varies.NEVER

    def conditions(self) -> Iterator[tuple[str, bool]]:
        """Texts, and whether each is negated."""
        sense = self.module.sense
        if sense is Sense.EACH and self.parts and not self._has_settings:
            for part in self.parts:
                negated = part[0] == "!"
                yield self._text([part[1:] if negated else part]), negated
            return
        marks = sum(part[0] == "!" for part in self.parts)
        if sense is Sense.WHOLE and marks == 1:
            yield self._text([part[part[0] == "!" :] for part in self.parts]), True
        else:
            yield self._text(self.parts), False

    @property
    def _has_settings(self) -> bool:
        return any(part[0] in _ADDRTYPE_SETTINGS for part in self.parts)

    def _text(self, parts: list[list[str]]) -> str:
        return quoted([*self.head, *(word for part in parts for word in part)])

"""Cut a text into tables: chains that it declares, and the lines of its rules.

A text may hold tables of both families (two dumps, one after the other); the comment
that iptables-save writes first tells which is which, or else the addresses do. Sets from
``ipset save`` may stand before the tables. Other lines outside of tables are reported,
for people keep notes there; inside of one they are mistakes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.iptables.reading.ipset import is_set_line
from callgate.errors import InputError, Mistake
from callgate.flows import Family
from callgate.places import Place
from callgate.rules import Unmodelled

#: Table -> the chains that the kernel itself enters.
BUILT_IN: Final[dict[str, tuple[str, ...]]] = {
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "raw": ("PREROUTING", "OUTPUT"),
    "security": ("INPUT", "FORWARD", "OUTPUT"),
}
_TOOL: Final = re.compile(r"#.*?\b(ip6?tables)\b")
#: Comments of iptables-save that say that something is missing from its output.
_WARNING: Final = re.compile(r"# (?:Warning:|Table .* is incompatible)", re.IGNORECASE)
_ADDRESS: Final = (
    r"(?:-s|-d|--s(?:ou)?rce?|--d(?:e)?st(?:ination)?|--to-\w+|--\w+-range)\s+(?:!\s+)?"
)
_V6: Final = re.compile(
    rf"{_ADDRESS}[0-9a-f]*:[0-9a-f:]|\b(?:icmp6|icmpv6|ipv6-icmp)\b", re.IGNORECASE
)
_V4: Final = re.compile(rf"{_ADDRESS}\d+\.\d+\.\d+\.\d+")


@dataclass
class Declared:
    """A chain, and the words of the line that declares it (empty if none does)."""

    name: str
    place: Place
    policy: str = ""
    text: str = ""


@dataclass
class Section:
    """One table: where it begins, its chains, and its rules as (line number, line)."""

    table: str
    place: Place
    family: Family | None
    chains: dict[str, Declared] = field(default_factory=dict)
    rules: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Sections:
    """A whole text, cut; ``mistakes`` are to be raised by whoever adds the last ones."""

    source: str
    tables: list[Section] = field(default_factory=list)
    sets: list[tuple[Place, str]] = field(default_factory=list)
    unmodelled: list[Unmodelled] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    _open: Section | None = None
    _family: Family | None = None

    def read(self, lines: list[str]) -> None:
        """Cut the lines; InputError when the text is cut off inside of a table."""
        for number, line in enumerate(lines, 1):
            first = line[:1]
            if first in {"-", "["} and self._open is not None:
                self._open.rules.append((number, line))
            elif line.strip():
                self._special(number, line.strip())
        if self._open is not None:
            place = Place(self.source, max(len(lines) - (not lines[-1]), 1))
            message = f"the text ends inside of the table {self._open.table!r}"
            self.mistakes.append(
                Mistake(place, message, "COMMIT is missing: was the text cut off?")
            )
            raise InputError(self.mistakes)
        self._settle_families()

    def _special(self, number: int, line: str) -> None:
        place = Place(self.source, number, 1)
        if line[0] == "#":
            self._comment(place, line)
        elif line[0] == "*":
            self._begin(place, line)
        elif self._open is None:
            self._outside(place, line)
        elif line[0] == ":":
            self._declare(place, line)
        elif line == "COMMIT":
            self._open = None
        elif line[0] in "-[":
            self._open.rules.append((number, line))
        else:
            self.mistakes.append(Mistake(place, f"not a line of iptables-save: {line[:80]!r}"))

    def _comment(self, place: Place, line: str) -> None:
        found = _TOOL.match(line)
        if found is not None and self._open is None:
            self._family = Family.V6 if found.group(1) == "ip6tables" else Family.V4
        if _WARNING.match(line):
            hint = "more rules than these are loaded; Callgate sees only what is here"
            self.unmodelled.append(Unmodelled(line, place, hint))

    def _begin(self, place: Place, line: str) -> None:
        if self._open is not None:
            message = f"table {line[1:]!r} begins inside of the table {self._open.table!r}"
            self.mistakes.append(Mistake(place, message, "COMMIT ends a table"))
        self._open = Section(line[1:], place, self._family)
        self.tables.append(self._open)

    def _outside(self, place: Place, line: str) -> None:
        if is_set_line(line):
            self.sets.append((place, line))
        elif line[0] in ":-[" or line == "COMMIT":
            message = f"{line[:80]!r} stands outside of any table"
            self.mistakes.append(Mistake(place, message, "a line such as '*filter' begins one"))
        else:
            hint = "it stands outside of any table; iptables-restore would refuse it"
            self.unmodelled.append(Unmodelled(line, place, hint))

    def _declare(self, place: Place, line: str) -> None:
        section = self._open
        words = line[1:].split()
        if section is None or len(words) < 2:
            self.mistakes.append(Mistake(place, f"not a chain and its policy: {line[:80]!r}"))
            return
        name, policy = words[:2]
        if name in section.chains:
            self.mistakes.append(Mistake(place, f"chain {name!r} is declared twice"))
        elif policy not in {"ACCEPT", "DROP", "-"}:
            self.mistakes.append(Mistake(place, f"no policy of a chain: {policy!r}"))
        elif policy != "-" and name not in BUILT_IN.get(section.table, (name,)):
            self.mistakes.append(Mistake(place, f"a chain of your own has no policy: {line!r}"))
        section.chains[name] = Declared(name, place, policy, line)

    def _settle_families(self) -> None:
        """Give tables without a header the family that their addresses have."""
        unsettled = [section for section in self.tables if section.family is None]
        if not unsettled:
            return
        place = unsettled[0].place
        v4, v6 = (_first(unsettled, shape) for shape in (_V4, _V6))
        if v4 and v6:
            message = f"IPv4 in line {v4} and IPv6 in line {v6}, and no word which tables are which"
            self.mistakes.append(
                Mistake(place, message, "begin each dump with '# iptables' or '# ip6tables'")
            )
        elif not v4 and not v6:
            hint = "no address and no header tells; begin the file with '# ip6tables' if it is"
            self.unmodelled.append(Unmodelled("read as IPv4 rules", place, hint))
        for section in unsettled:
            section.family = Family.V6 if v6 else Family.V4


def _first(sections: list[Section], shape: re.Pattern[str]) -> int:
    """The number of the first rule line that has a shape; 0 if there is none."""
    return next((number for number, line in _rules(sections) if shape.search(line)), 0)


def _rules(sections: list[Section]) -> Iterator[tuple[int, str]]:
    for section in sections:
        yield from section.rules

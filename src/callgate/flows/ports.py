"""Port ranges, as rule tables write them."""

import re
from dataclasses import dataclass

from callgate.flows.axes import PORT_MAX
from callgate.flows.intervals import IntervalSet

#: ASCII digits only, and few: ``int`` also reads other scripts, and refuses thousands.
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, order=True, slots=True)
class PortRange:
    """Inclusive range of ports, 0–65535; ValueError when it is not one."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= PORT_MAX:
            raise ValueError(f"not a port range: {self.low}-{self.high}")

    @classmethod
    def parse(cls, text: str) -> "PortRange":
        """Read ``443`` or ``45000-49999``; ValueError with the text when it is neither."""
        low, dash, high = text.strip().partition("-")
        if not _NUMBER.fullmatch(low) or (dash and not _NUMBER.fullmatch(high)):
            raise ValueError(f"not a port or a range of ports: {text!r}")
        return cls(int(low), int(high) if dash else int(low))

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"

    @staticmethod
    def union(ranges: "tuple[PortRange, ...]") -> IntervalSet:
        """The ports of all these ranges."""
        return IntervalSet.of(*((each.low, each.high) for each in ranges))

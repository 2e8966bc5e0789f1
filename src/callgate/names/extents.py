"""What an entry of a list covers: a name, and how many labels may stand before it.

Products count labels in ways that a :class:`~callgate.names.DomainPattern` cannot say:
one label for each ``*``, at most five, the apex too or not. An :class:`Extent` says it:
``base`` with ``least`` to ``most`` labels before it, where ``most`` None is any depth.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from callgate.names.patterns import DomainPattern


@dataclass(frozen=True, order=True, slots=True)
class Extent:
    """Every name that is ``base`` with ``least`` to ``most`` labels before it."""

    base: str
    least: int = 0
    most: int | None = 0

    def __post_init__(self) -> None:
        if self.least < 0 or (self.most is not None and self.most < self.least):
            raise ValueError(f"no name has {self.least} to {self.most} labels more than another")

    @classmethod
    def of(cls, pattern: DomainPattern) -> "Extent":
        """The extent of a pattern: the name itself, or everything below it."""
        return cls(pattern.base, 1, None) if pattern.below else cls(pattern.base)

    def __str__(self) -> str:
        if self.most == self.least:
            return ".".join(["*"] * self.least + [self.base]) if self.least else self.base
        depth = "any depth" if self.most is None else f"{self.most} labels deep at most"
        return f"{self.base} {'and below' if not self.least else 'below'}, {depth}"

    def labels_before(self, name: str) -> int | None:
        """How many labels a lower-case name has before the base; None when it is elsewhere."""
        if name == self.base:
            return 0
        if not name.endswith("." + self.base):
            return None
        return name[: -len(self.base) - 1].count(".") + 1

    def matches(self, name: str) -> bool:
        """Whether a lower-case name without trailing dot is covered."""
        before = self.labels_before(name)
        return before is not None and self._reaches(before)

    def covers(self, other: "Extent") -> bool:
        """Whether every name of the other extent is also one of this one."""
        return shortfall((self,), other) == ()

    def _reaches(self, before: int) -> bool:
        return before >= self.least and (self.most is None or before <= self.most)


def shortfall(extents: Iterable[Extent], wanted: Extent) -> tuple[Extent, ...]:
    """What no extent covers of the wanted one: pieces of it, shallowest first.

    Extents whose base lies below the wanted one cover a branch and never a whole depth, so
    they do not count.
    """
    missing: list[tuple[int, int | None]] = [(wanted.least, wanted.most)]
    for extent in extents:
        before = extent.labels_before(wanted.base)
        if before is None:
            continue
        low = max(extent.least - before, 0)
        high = None if extent.most is None else extent.most - before
        if high is None or high >= 0:
            missing = [left for gap in missing for left in _without(gap, low, high)]
    return tuple(Extent(wanted.base, low, high) for low, high in missing)


def _without(
    gap: tuple[int, int | None], low: int, high: int | None
) -> list[tuple[int, int | None]]:
    """The depths of a gap that are not within ``low`` to ``high``."""
    first, last = gap
    left: list[tuple[int, int | None]] = []
    if first < low:
        left.append((first, low - 1 if last is None else min(last, low - 1)))
    if high is not None and (last is None or last > high):
        left.append((max(first, high + 1), last))
    return left


def outermost(extents: Iterable[Extent]) -> tuple[Extent, ...]:
    """The extents without those that lie within a single other one, in their order."""
    every = tuple(dict.fromkeys(extents))
    return outside(every, every)


def outside(extents: Iterable[Extent], others: Iterable[Extent]) -> tuple[Extent, ...]:
    """The extents that do not lie within a single one of the others, itself left aside."""
    by_base: dict[str, set[Extent]] = {}
    for each in others:
        by_base.setdefault(each.base, set()).add(each)
    return tuple(each for each in extents if not _within_another(each, by_base))


def _within_another(extent: Extent, by_base: dict[str, set[Extent]]) -> bool:
    labels = extent.base.split(".")
    above = (".".join(labels[start:]) for start in range(len(labels)))
    return any(
        other != extent and other.covers(extent)
        for base in above
        for other in by_base.get(base, ())
    )

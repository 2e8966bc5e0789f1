"""One named thing wrong in a network, with its ground truth (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from callgate.lab.faults.changes import Change
from callgate.lab.faults.truth import Path, Truth

#: Versions of IP.
FAMILIES: Final = (4, 6)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: what it changes in a healthy network, and what that does to each path.

    Healthy is: everything is open, client and servers have both families of addresses, a
    proxy tunnels to 443 and 3478, and a client uses it for the ``@proxy`` paths only. A path
    that ``truths`` does not name works, and so does every path over a family that is not in
    ``families``. ``stands_in`` are paths whose connection the fault ends itself, so that
    faults further on do not show their own sign.
    """

    name: str
    what: str
    changes: tuple[Change, ...]
    truths: Mapping[Path, Truth] = field(default_factory=dict)
    families: tuple[int, ...] = FAMILIES
    stands_in: frozenset[Path] = frozenset()

    def truth(self, path: Path, family: int = 4) -> Truth | None:
        """What becomes of a path over IP version 4 or 6; None when it works."""
        return self.truths.get(path) if family in self.families else None

    @property
    def hard(self) -> bool:
        """Whether all that it does can be proved by one look."""
        return all(truth.sign.hard for truth in self.truths.values())

    @property
    def harmless(self) -> bool:
        """Whether every path works, and a probe must not be misled."""
        return not self.truths


def every(truth: Truth, *paths: Path | Iterable[Path]) -> dict[Path, Truth]:
    """The same truth for all these paths."""
    found: list[Path] = []
    for each in paths:
        found += [each] if isinstance(each, Path) else each
    return dict.fromkeys(found, truth)

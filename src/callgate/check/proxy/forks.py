"""Trying both answers for everything that a request does not tell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from callgate.check.limits import TooComplexError
from callgate.rules.proxy.tests import Told
from callgate.verdicts import Assumption

Result = TypeVar("Result")
#: How many combinations one request is tried with.
LIMIT = 1 << 12


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Result]):
    """One combination of answers that makes a difference to the walk, and what came out."""

    assumptions: tuple[Assumption, ...]
    result: Result


class _Path:
    """The answers of one run: those of a script first, then no to everything."""

    def __init__(self, script: list[Assumption]) -> None:
        self.script = script
        self.met: dict[str, Assumption] = {}

    def told(self, text: str) -> bool:
        """The answer for a doubt, always the same one."""
        if text not in self.met:
            number = len(self.met)
            holds = number < len(self.script) and self.script[number].holds
            self.met[text] = Assumption(text, holds)
        return self.met[text].holds

    def next(self) -> list[Assumption] | None:
        """The script of the next run: the last no becomes a yes; None when all are done."""
        path = list(self.met.values())
        while path and path[-1].holds:
            path.pop()
        return [*path[:-1], Assumption(path[-1].text, holds=True)] if path else None


def leaves(run: Callable[[Told], Result], limit: int = LIMIT) -> list[Leaf[Result]]:
    """The results under all answers, in a fixed order; TooComplexError beyond the limit."""
    found: list[Leaf[Result]] = []
    script: list[Assumption] | None = []
    while script is not None:
        path = _Path(script)
        result = run(path.told)
        found.append(Leaf(tuple(path.met.values()), result))
        if len(found) > limit:
            raise TooComplexError(
                f"too complex here: one request hangs on more than {limit} combinations",
                hint="name the clients, and the proxy's port",
            )
        script = path.next()
    return found


#: A decision tree: what a condition leads to if it does not hold, and if it does.
Tree = bool | tuple[str, "Tree", "Tree"]


def conditions(found: list[Leaf[bool]]) -> tuple[str, ...]:
    """The assumptions that the results hang on, in the order in which they are met."""
    texts: dict[str, None] = {}
    ahead = [_tree(found, 0)]
    while ahead:
        tree = ahead.pop(0)
        if isinstance(tree, tuple):
            texts[tree[0]] = None
            ahead += tree[1:]
    return tuple(texts)


def _tree(found: list[Leaf[bool]], depth: int) -> Tree:
    if len(found) == 1 or len({leaf.result for leaf in found}) == 1:
        return found[0].result
    text = found[0].assumptions[depth].text
    low, high = (
        _tree([leaf for leaf in found if leaf.assumptions[depth].holds is holds], depth + 1)
        for holds in (False, True)
    )
    return low if low == high else (text, low, high)

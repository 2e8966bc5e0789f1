"""A ruleset made ready for questions: its graph verified, its rules numbered.

Rules get one number over all chains, and the default of a chain stands as a rule of its
own behind the others, so that whatever decides a packet has a number.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from callgate.flows import Family
from callgate.rules import Action, Rule, Ruleset, told_apart, verify_graph
from callgate.verdicts import Line

if TYPE_CHECKING:
    from callgate.check.columns import Columns


@dataclass(frozen=True)
class Prepared:
    """A ruleset and its rules in one list; InputError when its graph is broken.

    Tests that may come out differently have names of their own in it.
    """

    ruleset: Ruleset
    _columns: "dict[Family, Columns]" = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        verify_graph(self.ruleset)
        object.__setattr__(self, "ruleset", told_apart(self.ruleset))

    @cached_property
    def rules(self) -> list[Rule]:
        """Every rule of every chain, each chain followed by its default."""
        return [
            rule for chain in self.ruleset.chains.values() for rule in (*chain.rules, chain.last)
        ]

    @cached_property
    def spans(self) -> dict[str, range]:
        """The numbers of each chain's rules; the default has the number behind the last."""
        spans: dict[str, range] = {}
        start = 0
        for name, chain in self.ruleset.chains.items():
            spans[name] = range(start, start + len(chain.rules))
            start += len(chain.rules) + 1
        return spans

    def chain_of(self, number: int) -> str:
        """The chain that a rule stands in."""
        names, stops = self._stops
        return names[bisect_left(stops, number)]

    @cached_property
    def _stops(self) -> tuple[list[str], list[int]]:
        return list(self.spans), [span.stop for span in self.spans.values()]

    def line(self, number: int) -> Line:
        """The line that a rule was written on."""
        rule = self.rules[number]
        return Line(rule.place, rule.text)

    @cached_property
    def has_names(self) -> bool:
        """Whether any rule speaks of domains."""
        return any(
            rule.match.destination is not None and rule.match.destination.names.patterns
            for rule in self.rules
        )

    @cached_property
    def has_unmodelled_actions(self) -> bool:
        """Whether any rule does something that we cannot follow."""
        return any(rule.action is Action.UNMODELLED for rule in self.rules)

    def columns(self, family: Family) -> "Columns":
        """The numbers of all rules for one family; made once."""
        from callgate.check.columns import Columns  # noqa: PLC0415 - NumPy only when asked

        if family not in self._columns:
            self._columns[family] = Columns(self.rules, family)
        return self._columns[family]

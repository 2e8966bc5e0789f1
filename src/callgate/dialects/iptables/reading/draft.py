"""A rule in the making: constraints are met one by one, alternatives multiplied at the end.

What one option says is mostly one constraint on one dimension. A few say "this or that"
(``multiport --ports``, a set of address-and-port pairs, some tests of TCP flags): those
are kept as :attr:`Draft.forks`, lists of drafts of which one must hold, and the rule
becomes several matches.
"""

from functools import reduce
from itertools import product
from math import prod
from typing import Final

from callgate.flows import Family, IntervalSet
from callgate.rules import ANY_STATE, Addresses, ConnectionState, Interfaces, Literal, Match

#: More matches than this from one rule are not made: its last forks become conditions.
MATCHES_MAX: Final = 4096


class Draft:
    """Constraints so far; None means "not constrained"."""

    __slots__ = (
        "destination",
        "destination_port",
        "forks",
        "in_interface",
        "literals",
        "out_interface",
        "protocol",
        "source",
        "source_port",
        "state",
    )

    def __init__(
        self,
        *,
        protocol: IntervalSet | None = None,
        source: Addresses | None = None,
        destination: Addresses | None = None,
        source_port: IntervalSet | None = None,
        destination_port: IntervalSet | None = None,
        state: ConnectionState = ANY_STATE,
        literals: tuple[Literal, ...] = (),
    ) -> None:
        self.protocol = protocol
        self.source = source
        self.destination = destination
        self.source_port = source_port
        self.destination_port = destination_port
        self.in_interface: Interfaces | None = None
        self.out_interface: Interfaces | None = None
        self.state = state
        self.literals = literals
        self.forks: list[list[Draft]] = []

    def meet(self, other: "Draft") -> None:
        """Keep only what satisfies the other draft as well (its interfaces aside)."""
        self.protocol = both(self.protocol, other.protocol)
        self.source = both_addresses(self.source, other.source)
        self.destination = both_addresses(self.destination, other.destination)
        self.source_port = both(self.source_port, other.source_port)
        self.destination_port = both(self.destination_port, other.destination_port)
        self.state = other.state if self.state is ANY_STATE else self.state & other.state
        self.literals += tuple(each for each in other.literals if each not in self.literals)

    def fork(self, alternatives: list["Draft"]) -> bool:
        """Require one of several; False, and nothing done, when that gives too many."""
        if prod(map(len, self.forks)) * len(alternatives) > MATCHES_MAX:
            return False
        if len(alternatives) == 1:
            self.meet(alternatives[0])
        else:
            self.forks.append(alternatives)
        return True

    def matches(self, families: frozenset[Family]) -> list[Match]:
        """The matches that together are the rule, one at least.

        ValueError when ports or ICMP types are asked of a protocol that has none.
        """
        if not self.forks:
            return [self._match(families)]
        made = [self._chosen(choice)._match(families) for choice in product(*self.forks)]
        alive = [each for each in made if each.protocol is None or each.protocol]
        return alive or made[:1]

    def _chosen(self, choice: tuple["Draft", ...]) -> "Draft":
        return reduce(_met, choice, self._copy())

    def _copy(self) -> "Draft":
        copy = Draft()
        for name in Draft.__slots__:
            setattr(copy, name, getattr(self, name))
        return copy

    def _match(self, families: frozenset[Family]) -> Match:
        return Match(
            families,
            self.protocol,
            self.source,
            self.destination,
            self.source_port,
            self.destination_port,
            self.in_interface,
            self.out_interface,
            self.state,
            self.literals,
        )


def _met(one: Draft, other: Draft) -> Draft:
    one.meet(other)
    return one


def both(one: IntervalSet | None, other: IntervalSet | None) -> IntervalSet | None:
    """Intersection, where None is everything; keeps the object itself where it can."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def both_addresses(one: Addresses | None, other: Addresses | None) -> Addresses | None:
    """Intersection of addresses without names, where None is everything."""
    if one is None or other is None:
        return other if one is None else one
    return Addresses(one.v4 & other.v4, one.v6 & other.v6)

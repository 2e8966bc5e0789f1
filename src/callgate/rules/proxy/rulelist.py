"""Rules in order, of which the first that holds decides."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from callgate.places import Place
from callgate.rules.proxy.requests import Request
from callgate.rules.proxy.tests import Term, Told


class Act(Enum):
    """What a rule does with a request, or with the TLS inside it."""

    ALLOW = "allow"
    DENY = "deny"
    SPLICE = "splice"  # leave TLS alone
    BUMP = "bump"  # open it
    PEEK = "peek"  # look at the next message, so that it can still be left alone
    STARE = "stare"  # look at the next message, so that it can still be opened
    TERMINATE = "terminate"  # close the connection
    TUNNEL = "tunnel"  # what is not TLS or HTTP goes through as it is
    RESPOND = "respond"  # what is not TLS or HTTP gets an error


@dataclass(frozen=True, slots=True)
class ProxyRule:
    """One rule: it holds when every term does. ``text`` is the line as written."""

    act: Act
    terms: tuple[Term, ...]
    place: Place
    text: str


#: What a request meets where no rule stands and none is implied.
NOTHING: Final = ()


@dataclass(frozen=True, slots=True)
class RuleList:
    """Rules, and what becomes of a request that none decides.

    ``title`` is the directive's name. ``end_place`` is where the end comes from: the last
    rule, whose opposite it is, or the file's start where there is none.
    """

    title: str
    rules: tuple[ProxyRule, ...]
    end: Act
    end_place: Place
    end_text: str

    @property
    def last(self) -> ProxyRule:
        """The end, as the rule that it is."""
        return ProxyRule(self.end, NOTHING, self.end_place, self.end_text)

    def decide(self, request: Request, told: Told, impossible: Collection[Act] = ()) -> ProxyRule:
        """The rule that decides; those that are impossible at this point are passed over."""
        for rule in self._possible(impossible):
            if all(term.holds(request, told) for term in rule.terms):
                return rule
        return self.last

    def _possible(self, impossible: Collection[Act]) -> Iterable[ProxyRule]:
        return (rule for rule in self.rules if rule.act not in impossible)


@dataclass(frozen=True, slots=True)
class Decides:
    """A test that another list makes: whether it decides for an act."""

    rules: RuleList
    act: Act

    def holds(self, request: Request, told: Told) -> bool:
        """Whether the list comes to that act."""
        return self.rules.decide(request, told).act is self.act

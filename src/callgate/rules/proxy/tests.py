"""The tests that a rule's terms make, each one true or false of a request.

Where the request does not tell, ``told`` says: it gets a doubt's text and answers for it,
always the same for the same text. Who asks a ruleset tries both answers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol as Interface

from callgate.flows import IntervalSet
from callgate.names.extents import Extent
from callgate.rules.addresses import Addresses
from callgate.rules.proxy.expressions import Expression
from callgate.rules.proxy.requests import CONNECT, Request

#: Answers for what a request does not tell, by the text of the doubt.
Told = Callable[[str], bool]


class Test(Interface):
    """One thing to look at in a request."""

    def holds(self, request: Request, told: Told) -> bool:
        """Whether it holds."""


@dataclass(frozen=True, slots=True)
class Term:
    """A test as a rule names it; ``text`` is how, with its negation."""

    test: Test
    negated: bool = False
    text: str = ""

    def holds(self, request: Request, told: Told) -> bool:
        """Whether the term holds."""
        return self.test.holds(request, told) != self.negated


@dataclass(frozen=True, slots=True)
class Constant:
    """Always or never."""

    value: bool

    def holds(self, request: Request, told: Told) -> bool:
        """The value, whatever the request."""
        del request, told
        return self.value


@dataclass(frozen=True, slots=True)
class Unknown:
    """What no request tells: the time, a login, a helper's answer; known by its text."""

    text: str

    def holds(self, request: Request, told: Told) -> bool:
        """As it is told."""
        del request
        return told(self.text)


@dataclass(frozen=True)
class Entries:
    """Names as a list's entries cover them."""

    extents: tuple[Extent, ...]

    @cached_property
    def _by_base(self) -> dict[str, tuple[Extent, ...]]:
        found: dict[str, tuple[Extent, ...]] = {}
        for extent in self.extents:
            found[extent.base] = (*found.get(extent.base, ()), extent)
        return found

    def holds(self, request: Request, told: Told) -> bool:
        """Whether an entry covers the host; exact for what its free part stands for too."""
        del told
        return any(
            extent.matches(request.host)
            for base in suffixes(request.host)
            for extent in self._by_base.get(base, ())
        )


def suffixes(name: str) -> Iterator[str]:
    """The name and every name above it, longest first; the root is the empty name."""
    rest = name
    while rest:
        yield rest
        rest = rest.partition(".")[2]
    yield ""


@dataclass(frozen=True, slots=True)
class Expressions:
    """Regular expressions; ``on_target`` looks at the whole request and not at the host."""

    expressions: tuple[Expression, ...]
    label: str
    on_target: bool = False

    def holds(self, request: Request, told: Told) -> bool:
        """Whether one is found; asked for each that may be, which its text names."""
        text, free = request.host, request.free
        if self.on_target:
            text = request.target
            free = free and free + text.index(request.host)
        found = {each: each.matches(text, free) for each in self.expressions}
        return True in found.values() or any(
            answer is None and told(f"the name matches {each.text} ({self.label})")
            for each, answer in found.items()
        )


@dataclass(frozen=True, slots=True)
class Ports:
    """Destination ports."""

    ports: IntervalSet

    def holds(self, request: Request, told: Told) -> bool:
        """Whether the request names one of them."""
        del told
        return request.port in self.ports


@dataclass(frozen=True, slots=True)
class Methods:
    """Request methods."""

    methods: frozenset[str]

    def holds(self, request: Request, told: Told) -> bool:
        """Whether the request uses one of them."""
        del told
        return request.method in self.methods


@dataclass(frozen=True, slots=True)
class Steps:
    """How far TLS has come; a CONNECT that is judged before is already in the first step."""

    steps: frozenset[int]

    def holds(self, request: Request, told: Told) -> bool:
        """Whether it has come to one of these steps."""
        del told
        step = request.step or int(request.method == CONNECT)
        return step in self.steps


@dataclass(frozen=True, slots=True)
class Sources:
    """Addresses of clients."""

    addresses: Addresses
    label: str

    def holds(self, request: Request, told: Told) -> bool:
        """Whether the client is one of them; asked where no client was named."""
        if request.client is None:
            return told(f"the client is in {self.label}")
        family, address = request.client
        return address in self.addresses.family(family)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of several terms; asked in order, as products do."""

    terms: tuple[Term, ...]

    def holds(self, request: Request, told: Told) -> bool:
        """Whether one holds."""
        return any(term.holds(request, told) for term in self.terms)


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of several terms; asked in order, as products do."""

    terms: tuple[Term, ...]

    def holds(self, request: Request, told: Told) -> bool:
        """Whether all hold."""
        return all(term.holds(request, told) for term in self.terms)

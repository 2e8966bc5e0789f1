"""What a scenario asks of a proxy: ports, names, and what must not happen to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callgate.check.proxy import questions
from callgate.check.proxy.clients import clients
from callgate.check.proxy.hosts import Host, hosts
from callgate.check.proxy.judging import Name, Question
from callgate.flows import Protocol
from callgate.names import DomainPattern
from callgate.names.extents import Extent
from callgate.policy.build import chosen_products
from callgate.policy.site import Site
from callgate.profiles.model import Need, Profile, Scenario
from callgate.rules.proxy import ProxyRuleset, Request, Role

#: The port at which TURN speaks plain TCP (RFC 8656 section 3); at others it uses TLS.
PLAIN_TURN: Final = 3478
_TLS: Final = 443


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that a proxy must do: ``question`` for every one of ``names``.

    ``tolerable`` marks what the document advises and a call survives: inspected signalling
    while media goes by UDP.
    """

    id: str
    title: str
    question: Question
    names: tuple[Name, ...]
    port: int
    tolerable: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """Who asks: the site's clients, over one port of the proxy (0 where it is not known)."""

    site: Site
    listener: int = 0


def patterns_of(profile: Profile, site: Site) -> tuple[DomainPattern, ...]:
    """The names of the document that the site's products need, in its order."""
    return tuple(
        dict.fromkeys(
            pattern
            for entry in profile.domains_for(chosen_products(profile, site))
            for pattern in entry.patterns
        )
    )


def wanted(
    profile: Profile, way: Way, scenario: Scenario, ruleset: ProxyRuleset
) -> tuple[Wanted, ...]:
    """Everything that a scenario wants of a proxy; TooComplexError beyond the limits."""
    ports = {
        port.low: need
        for need in scenario.needs
        if need.protocol is Protocol.TCP
        for port in need.ports
    }
    found: list[Wanted] = []
    for port, need in ports.items():
        names = tuple(_names(profile, way, ruleset, port))
        found += _listed(need, names, ruleset.role) if ruleset.role else _of_port(need, port, names)
    return _once(found) if ruleset.role else tuple(found)


def _once(found: list[Wanted]) -> tuple[Wanted, ...]:
    """A list knows no ports, so that one answer is enough."""
    return tuple({each.title: each for each in reversed(found)}.values())


def _listed(need: Need, names: tuple[Name, ...], role: Role) -> list[Wanted]:
    """A list that exempts and does not allow is advice as long as media goes by UDP."""
    title = f"{_count(names)} in the list"
    tolerable = role is Role.EXEMPT and "media" not in need.carries
    return [Wanted(f"{need.id}.listed", title, questions.LISTED, names, 0, tolerable)]


def _of_port(need: Need, port: int, names: tuple[Name, ...]) -> Iterator[Wanted]:
    yield Wanted(
        f"{need.id}.connect",
        f"CONNECT {port} → {_count(names)}",
        questions.ALLOWED,
        names,
        port,
    )
    if port == PLAIN_TURN:
        title = f"TURN by plain TCP on {port}"
        yield Wanted(f"{need.id}.plain", title, questions.PLAIN, names, port)
        return
    yield Wanted(
        f"{need.id}.inspection",
        f"TLS on {port} left alone",
        questions.UNTOUCHED,
        names,
        port,
        tolerable="media" not in need.carries,
    )
    if "signalling" in need.carries:
        title = f"WebSocket on {port}"
        yield Wanted(f"{need.id}.websocket", title, questions.UPGRADED, names, port)


def _count(names: tuple[Name, ...]) -> str:
    return names[0].label if len(names) == 1 else f"{len(names)} names"


def _names(profile: Profile, way: Way, ruleset: ProxyRuleset, port: int) -> Iterator[Name]:
    extents = [extent for entry in ruleset.entries for extent in entry.extents]
    sources = clients(way.site.clients, ruleset.clients) or (None,)
    for pattern in _patterns(profile, way.site, port):
        yield Name(
            str(pattern),
            tuple(
                Request(host.name, port, host.free, client=client, listener=way.listener)
                for host in hosts(pattern, extents)
                if _reachable(host, pattern, ruleset.reach)
                for client in sources
            ),
        )


def _patterns(profile: Profile, site: Site, port: int) -> tuple[DomainPattern, ...]:
    """The document's names; where the site named its relays, those alone for their port."""
    named = tuple(
        DomainPattern.parse(each.host)
        for each in site.endpoints
        if each.port == port and _is_name(each.host)
    )
    if port != _TLS and named:
        return named
    document = patterns_of(profile, site)
    more = (each for each in named if not any(every.covers(each) for every in document))
    return (*document, *more)


def _is_name(host: str) -> bool:
    try:
        DomainPattern.parse(host)
    except ValueError:
        return False
    return True


def _reachable(host: Host, pattern: DomainPattern, reach: int | None) -> bool:
    """Whether an entry of the product could cover the host at all."""
    before = Extent(pattern.base).labels_before(host.name)
    return reach is None or before is None or before <= reach

"""Scenario(s) × Site → Policy.

Theory of operation
-------------------
1. Each need of the chosen scenarios gets its destination (:mod:`.destinations`).
2. With a proxy, a client's TCP needs become client → proxy:port and the proxy has the
   TCP needs in the client's place; UDP stays client → vendor. The site's ``edge`` says
   for which of the two places the policy is.
3. Needs are spelt out per family. A family for which the destination, or the clients,
   have no network gets no rule: blocked and said, never "any".
4. Infrastructure comes first, then the needs, then the final block, if there is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from callgate.errors import UsageError
from callgate.flows import Family, Network, PortRange, Protocol
from callgate.policy import destinations, infrastructure
from callgate.policy.infrastructure import of_family
from callgate.policy.model import (
    Anywhere,
    Block,
    Destination,
    Domains,
    Kind,
    Networks,
    Notice,
    Policy,
    Rule,
)
from callgate.policy.notices import scenario_notices
from callgate.policy.site import Apply, Edge, On, Proxy, Site
from callgate.policy.tunnels import tunnels
from callgate.profiles.model import Need, Profile, Scenario


def build(
    profile: Profile, site: Site, scenario_ids: tuple[str, ...], *, filters: bool = True
) -> Policy:
    """The policy of one place for one or more scenarios united.

    A target that goes by name (``filters`` False: a PAC file, a proxy) needs no rules, and
    so neither client networks, nor addresses, nor unpublished lists.

    Raises UsageError for what the site cannot mean, and MissingValueError for an
    unpublished value that the site did not supply.
    """
    scenarios = select(profile, scenario_ids)
    destinations.check_names(profile, site)
    builder = _Builder(profile, site)
    rules: tuple[Rule, ...] = ()
    if filters:
        _check_place(site)
        needs = tuple(builder.needs(scenarios))
        rules = (*builder.infrastructure(), *needs)
    clients = builder.clients if filters else site.clients or None
    return Policy(
        profile=profile.name,
        document=f"{profile.document.title}, version {profile.document.version}",
        scenarios=tuple(scenario.id for scenario in scenarios),
        site=site.name,
        on=site.on,
        edge=site.edge,
        apply=site.apply,
        families=site.families,
        clients=clients,
        rules=rules,
        block=_block(site, clients),
        notices=(*scenario_notices(profile, site, scenarios, filters=filters), *builder.notices),
        merge=site.merge,
        domains=builder.domains,
        proxy=site.proxy,
        default_proxy=site.default_proxy,
        target=site.target,
        tunnels=tunnels(profile, site, scenarios),
        inspection=site.inspection,
    )


def select(profile: Profile, scenario_ids: tuple[str, ...]) -> tuple[Scenario, ...]:
    """The scenarios with these ids, best first; UsageError names the ones that exist."""
    known = {scenario.id: scenario for scenario in profile.scenarios}
    for each in scenario_ids:
        if each not in known:
            raise UsageError(
                f"{profile.name} has no scenario {each!r}", hint="it has " + ", ".join(known)
            )
    if not scenario_ids:
        raise UsageError("no scenario was chosen", hint="one of " + ", ".join(known))
    return tuple(sorted({known[each] for each in scenario_ids}, key=lambda scenario: scenario.rank))


def _check_place(site: Site) -> None:
    if site.on is On.ROUTER and not site.clients:
        raise UsageError(
            "a router's rules must know who is inside: no client network was named",
            hint="--client 192.168.0.0/16 (repeatable), or --on host for the client itself",
        )
    if site.edge is not Edge.CLIENT and site.proxy is None:
        raise UsageError(
            f"--edge {site.edge} is about a proxy, and the site has none", hint="--proxy HOST:PORT"
        )
    if site.on is On.HOST and site.edge is Edge.BOTH:
        raise UsageError("one host cannot be client and proxy edge at once", hint="--on router")


def _block(site: Site, clients: tuple[Network, ...] | None) -> Block | None:
    wanted = site.apply is Apply.STANDALONE if site.block is None else site.block
    if not wanted:
        return None
    return Block(site.final, None if site.apply is Apply.STANDALONE else clients)


@dataclass(frozen=True, slots=True)
class _Leg:
    """One direct stretch of a need: from ``sources`` to a destination."""

    id: str
    protocol: Protocol
    ports: tuple[PortRange, ...]
    sources: tuple[Network, ...] | None
    networks: tuple[Network, ...] | None
    label: str
    domains: bool
    why: str
    source: str


class _Builder:
    """Collects rules and, where a family gets none, the notice that says so."""

    def __init__(self, profile: Profile, site: Site) -> None:
        self.profile = profile
        self.site = site
        self.notices: list[Notice] = []
        self.domains = tuple(
            sorted(
                {
                    pattern
                    for entry in profile.domains_for(chosen_products(profile, site))
                    for pattern in entry.patterns
                }
            )
        )

    @property
    def clients(self) -> tuple[Network, ...] | None:
        """Who sends the first packet; None is the host itself."""
        if self.site.on is On.HOST:
            return None
        if self.site.edge is Edge.PROXY:
            return self._proxy_addresses()
        if self.site.edge is Edge.BOTH:
            return tuple(dict.fromkeys((*self.site.clients, *self._proxy_addresses())))
        return self.site.clients

    def infrastructure(self) -> Iterator[Rule]:
        """The infrastructure rules of every family."""
        for family in self.site.families:
            yield from infrastructure.return_traffic(family)
            if self.site.on is On.HOST:
                yield from infrastructure.own_traffic(family, self.site.management)
            sources = None if self.clients is None else of_family(self.clients, family)
            if sources is None or sources:
                yield from infrastructure.dns(family, sources, self.site.resolvers)
        if not self.site.resolvers:
            self.notices.append(
                Notice("no-resolver", "No resolver was named: the clients' DNS is not opened.")
            )

    def needs(self, scenarios: tuple[Scenario, ...]) -> Iterator[Rule]:
        """The rules of every need, per family, each only once."""
        needs = [need for scenario in scenarios for need in scenario.needs]
        legs = [leg for need in needs for leg in self._legs(need)]
        found: dict[tuple[object, ...], Rule] = {}
        for rule in (rule for leg in legs for rule in self._per_family(leg)):
            key = (rule.family, rule.protocol, rule.ports, rule.destination, rule.sources)
            found.setdefault(key, rule)
        yield from found.values()

    def _legs(self, need: Need) -> Iterator[_Leg]:
        networks, label = destinations.resolve(need, self.profile, self.site)
        tcp = need.protocol is Protocol.TCP
        direct = _Leg(
            need.id,
            need.protocol,
            need.ports,
            self._inside(),
            networks,
            label,
            domains=self.site.by_domain and tcp and networks is None,
            why=need.carries,
            source=str(need.provenance),
        )
        if tcp and self.site.proxy is not None:
            yield from self._over_proxy(direct, self.site.proxy)
        elif self.site.edge is not Edge.PROXY:
            yield direct

    def _over_proxy(self, direct: _Leg, proxy: Proxy) -> Iterator[_Leg]:
        """The two legs of a need that a proxy stands in, as far as they are of this place."""
        addresses = self._proxy_addresses()
        if self.site.edge is not Edge.PROXY:
            yield replace(
                direct,
                id=f"{direct.id}.to-proxy",
                ports=(PortRange(proxy.port, proxy.port),),
                networks=addresses,
                label="proxy",
                domains=False,
                why=f"{direct.why} through the proxy",
            )
        if self.site.edge is not Edge.CLIENT:
            yield replace(
                direct,
                id=f"{direct.id}.from-proxy",
                sources=None if self.site.on is On.HOST else addresses,
                why=f"{direct.why}, from the proxy",
            )

    def _inside(self) -> tuple[Network, ...] | None:
        return None if self.site.on is On.HOST else self.site.clients

    def _proxy_addresses(self) -> tuple[Network, ...]:
        proxy = self.site.proxy
        if proxy is None or not proxy.addresses:
            raise UsageError(
                f"a firewall rule needs the proxy's address, and {_name(proxy)} has none",
                hint="--proxy HOST:PORT=ADDRESS[,ADDRESS]",
            )
        return proxy.addresses

    def _per_family(self, leg: _Leg) -> Iterator[Rule]:
        for family in self.site.families:
            destination = self._destination(leg, family)
            sources = None if leg.sources is None else of_family(leg.sources, family)
            if destination is None:
                self._closed(leg, family, f"{leg.label} has no {family} network")
            elif sources == ():
                self._closed(leg, family, f"no {family} network was named for its sources")
            else:
                yield Rule(
                    leg.id,
                    Kind.NEED,
                    family,
                    leg.protocol,
                    destination,
                    leg.ports,
                    sources,
                    why=leg.why,
                    source=leg.source,
                )

    def _destination(self, leg: _Leg, family: Family) -> Destination | None:
        if leg.domains:
            return Domains(self.domains)
        if leg.networks is None:
            return Anywhere()
        prefixes = of_family(leg.networks, family)
        return Networks(prefixes, leg.label) if prefixes else None

    def _closed(self, leg: _Leg, family: Family, reason: str) -> None:
        ports = ",".join(str(each) for each in leg.ports)
        text = f"{family} {leg.protocol}/{ports} stays blocked: {reason}."
        self.notices.append(Notice(f"closed.{leg.id}.{family}", text))


def chosen_products(profile: Profile, site: Site) -> tuple[str, ...]:
    """The products that the site uses; the profile's defaults when it does not say."""
    if site.products is not None:
        return site.products
    return tuple(product.id for product in profile.products if product.default)


def _name(proxy: Proxy | None) -> str:
    return "the site" if proxy is None else str(proxy)

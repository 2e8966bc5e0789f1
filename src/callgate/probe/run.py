"""Everything that a run saw, with the questions that one probe asks about the others (pure).

These are the controls: without them silence proves nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address

from callgate.flows import Family
from callgate.policy.site import Proxy
from callgate.probe.events import (
    Burst,
    Event,
    Http,
    Icmp,
    Idle,
    Looked,
    NoRoute,
    NotPossible,
    Opened,
    Page,
    Refused,
    Secured,
    Silent,
    Step,
    Trust,
    Tunnel,
)
from callgate.probe.hedging import BURST_FEW, SLOW_LOOKUP, SLOW_PROXY
from callgate.probe.targets import Plan, Probe, Server, Way
from callgate.probe.trails import Trail, trail
from callgate.probe.words import port_unreachable

#: How a probe of DNS is called in the log.
DNS = "dns "
_PORTAL = 511  # Network Authentication Required (RFC 6585 section 6)
_DAY = 86400.0


@dataclass(frozen=True)
class Run:
    """The plan and the whole log."""

    plan: Plan
    log: tuple[Event, ...]

    @cached_property
    def trails(self) -> dict[str, Trail]:
        """Every probe's trail, by its id."""
        return {each.id: trail(each, self.log) for each in self.plan.probes}

    def others(self, probe: Probe) -> Iterator[Trail]:
        """The trails of all other probes."""
        return (each for each in self.trails.values() if each.probe.id != probe.id)

    def direct(self, probe: Probe) -> Iterator[Trail]:
        """Other probes of the same family that go without a proxy."""
        for each in self.others(probe):
            if each.probe.proxy is None and each.probe.family is probe.family:
                yield each

    def control(self, probe: Probe) -> str:
        """What answered and so shows that silence is about these packets; empty without.

        The same transport to another server or port, or the same server otherwise.
        """
        same_host, same_transport = "", ""
        for each in self.direct(probe):
            if not each.responded:
                continue
            if each.probe.server.host == probe.server.host:
                same_host = same_host or f"{each.probe.way} to {each.probe.server}"
            elif each.probe.way.datagrams is probe.way.datagrams:
                same_transport = same_transport or f"{each.probe.way} to {each.probe.server}"
        return same_host or same_transport or self._through_proxy(probe)

    def _through_proxy(self, probe: Probe) -> str:
        """The same server, reached through the proxy meanwhile."""
        for each in self.others(probe):
            same = each.probe.server.host == probe.server.host
            if same and each.probe.proxy is not None and each.answer is not None:
                return f"{each.probe.way} to {each.probe.server} through the proxy"
        return ""

    def anything(self) -> str:
        """Anything at all that answered in this run, in words; empty when nothing did."""
        for each in self.trails.values():
            if each.responded:
                return f"{each.probe.way} to {each.probe.first_hop}"
        for event in self.log:
            if isinstance(event.fact, Looked):
                return f"the resolver {event.fact.resolver}"
            if isinstance(event.fact, Page):
                return f"plain HTTP at {event.fact.address.host}"
            if event.probe.startswith(DNS) and isinstance(event.fact, Opened | Refused):
                return f"the resolver {event.fact.address.host} by TCP"
        return ""

    def lookups(self, name: str) -> list[Looked]:
        """The answers of resolvers about a name."""
        return [e.fact for e in self.log if isinstance(e.fact, Looked) and e.fact.name == name]

    def misled(self, name: str) -> bool:
        """Whether all that our own resolvers say about a name is wrong."""
        told = self.lookups(name)
        return bool(told) and all(
            each.rcode != "NOERROR" or bool(sinkhole(each.addresses)) for each in told
        )

    def lookup_errors(self) -> list[Icmp]:
        """ICMP errors that questions to resolvers met."""
        return [e.fact for e in self.log if e.probe.startswith(DNS) and isinstance(e.fact, Icmp)]

    def addresses(self, server: Server) -> set[str]:
        """Every address that a server is known by."""
        found = {server.host} if server.literal else set()
        return found.union(*(each.addresses for each in self.lookups(server.host)))

    @cached_property
    def slow_dns(self) -> float | None:
        """How long even the fastest lookup took, when all were slow."""
        times = [e.fact.seconds for e in self.log if isinstance(e.fact, Looked)]
        return min(times) if times and min(times) > SLOW_LOOKUP else None

    def slow_proxy(self, proxy: Proxy) -> float | None:
        """How long even the fastest answer to CONNECT took, when all were slow."""
        times = [
            event.fact.seconds
            for each in self.trails.values()
            if each.probe.proxy == proxy
            for event in each.events
            # Later attempts queue up behind the first, and look quicker than they are.
            if isinstance(event.fact, Tunnel) and event.attempt == 0
        ]
        return min(times) if times and min(times) > SLOW_PROXY else None

    def port_opens_elsewhere(self, probe: Probe) -> bool:
        """Whether TCP to the same port of another server was opened, without a proxy."""
        return any(
            each.probe.server.port == probe.server.port
            and each.probe.server.host != probe.server.host
            and each.first(Opened) is not None
            for each in self.direct(probe)
        )

    def server_down(self, probe: Probe) -> bool:
        """Whether one port of this server fails alone of its kind.

        The same port of another server answers, so no rule about ports explains it, or the
        server itself says so. Its other ports then fail for the same reason, if none of
        them answers.
        """
        own = [
            each
            for each in (*self.direct(probe), self.trails[probe.id])
            if each.probe.server.host == probe.server.host and each.probe.way is not Way.SELF
        ]
        if any(each.answer is not None or each.first(Opened) is not None for each in own):
            return False
        if any(self.says_closed(each) for each in own) or self._lost_to_proxy(probe):
            return True
        tcp = (each for each in own if not each.probe.way.datagrams)
        return any(self.port_opens_elsewhere(each.probe) for each in tcp)

    def open_to_proxy_alone(self, probe: Probe) -> str:
        """Another server at the same port that is silent to us, too, and open to the proxy.

        The port is then dropped on our way, whatever the server behind it does.
        """
        if probe.proxy is not None or probe.way.datagrams:
            return ""
        for each in self.direct(probe):
            server = each.probe.server
            same_port = server.port == probe.server.port and server.host != probe.server.host
            lost = each.silent and each.step is Step.REACH and not each.probe.way.datagrams
            if same_port and lost and self.proxy_reaches(server):
                return str(server)
        return ""

    def proxy_reaches(self, server: Server) -> bool:
        """Whether a proxy opened a tunnel to this very port of a server."""
        return any(
            each.probe.proxy is not None and each.probe.server == server and _granted(each)
            for each in self.trails.values()
        )

    def _lost_to_proxy(self, probe: Probe) -> bool:
        """Whether the proxy, too, reaches others and not this server."""
        proxied = [each for each in self.trails.values() if each.probe.proxy is not None]
        own = [each for each in proxied if each.probe.server.host == probe.server.host]
        return (
            bool(own)
            and all(map(_fails_upstream, own))
            and any(
                each.probe.server.host != probe.server.host and _granted(each) for each in proxied
            )
        )

    def says_closed(self, trail: Trail) -> bool:
        """Whether the server itself says by ICMP that nobody listens at its port."""
        own = self.addresses(trail.probe.server)
        return any(fact.offender in own and port_unreachable(fact) for fact in trail.all(Icmp))

    @cached_property
    def portal(self) -> str:
        """Where a captive portal sends people, or that there is one; empty without."""
        for each in self.trails.values():
            secured, http = each.first(Secured), each.first(Http)
            if http is None or secured is None or each.probe.proxy is not None:
                continue
            elsewhere = http.location and not _host_of(http.location).endswith(
                each.probe.server.host
            )
            wrong = secured.trust is not Trust.VENDOR or bool(secured.trouble)
            if http.status == _PORTAL or (wrong and elsewhere):
                return http.location or f"status {http.status}"
        return self._in_all_names()

    def _in_all_names(self) -> str:
        """Where plain HTTP leads, whichever server is asked: the same box answers for all."""
        pages = [each.fact for each in self.log if isinstance(each.fact, Page)]
        named = {hop.host for each in self.plan.probes for hop in (each.server, each.first_hop)}
        named |= {page.address.host for page in pages}
        for page in pages:
            if page.status == _PORTAL:
                return page.location or f"status {page.status}"
            host = _host_of(page.location)
            alike = {
                each.address.host
                for each in pages
                if _host_of(each.location) == host
                and (":" in each.address.host) is (":" in page.address.host)
            }
            if host and host not in named and len(alike) > 1:
                return page.location
        return ""

    def alone_unknown(self, trail: Trail) -> bool:
        """Whether one server's issuer is unknown, and nobody opens TLS on that way.

        An inspecting box signs for every server; a server that forgets to send its
        intermediate authority does so alone.
        """
        secured = trail.first(Secured)
        chain = secured.chain if secured else None
        if chain is None or chain.length > 1 or chain.subject == chain.issuer:
            return False
        others = [
            fact
            for each in self.others(trail.probe)
            if each.probe.proxy == trail.probe.proxy
            and each.probe.server.host != trail.probe.server.host
            for fact in each.all(Secured)
        ]
        return any(fact.trust is Trust.VENDOR for fact in others) and not any(
            fact.chain is not None and fact.chain.issuer == chain.issuer for fact in others
        )

    @cached_property
    def skew(self) -> float | None:
        """How far servers' clocks are ahead of ours, in seconds, when it is more than a day."""
        seen = [fact.skew for each in self.trails.values() for fact in each.all(Http)]
        known = [value for value in seen if value is not None]
        return known[0] if known and min(abs(value) for value in known) > _DAY else None

    def proxy_answers(self, proxy: Proxy) -> bool:
        """Whether the proxy said anything: to a CONNECT, or to our control."""
        return any(
            each.probe.proxy == proxy
            and (each.answer is not None or each.first(Tunnel) is not None)
            for each in self.trails.values()
        )

    def twin(self, probe: Probe) -> Trail | None:
        """A probe of the same server and way that goes without the proxy, if one got through."""
        for each in self.others(probe):
            same = (each.probe.server, each.probe.way) == (probe.server, probe.way)
            if same and each.probe.proxy is None and each.answer is not None:
                return each
        return None

    def large_vanish(self, probe: Probe) -> str:
        """What passes with small segments only on the same way out; empty when nothing does.

        What a proxy sends on goes by the way that we see for both versions of IP.
        """
        for each in self.others(probe):
            alike = each.probe.family is probe.family or probe.proxy is not None
            if each.probe.proxy is None and alike and each.small_only:
                return f"{each.probe.way} to {each.probe.server}"
        return ""

    def rationed(self, probe: Probe) -> Burst | None:
        """A burst of connections to the port of a probe of which hardly any stood."""
        for each in self.trails.values():
            same = each.probe.server.port == probe.server.port
            if same and each.probe.proxy is None and probe.proxy is None:
                few = (fact for fact in each.all(Burst) if fact.opened <= BURST_FEW)
                found = next(few, None)
                if found is not None:
                    return found
        return None

    def starved(self, probe: Probe) -> Burst | None:
        """A burst that shows why TCP may be silent, if the proxy does not miss the server, too."""
        if probe.proxy is not None or probe.way.datagrams or self._lost_to_proxy(probe):
            return None
        found = self.rationed(probe)
        by_v6 = probe.family is Family.V6
        return found if found is not None and (":" in found.address.host) is by_v6 else None

    @cached_property
    def forgetful(self) -> set[Family | None]:
        """The families by which packets from outside no longer came after a pause."""
        families = {each.id: each.family for each in self.plan.probes}
        return {
            families[event.probe]
            for event in self.log
            if isinstance(event.fact, Idle) and not event.fact.alive
        }

    @cached_property
    def no_network(self) -> bool:
        """Whether our own machine had no way out for anything."""
        sent = [e.fact for e in self.log if not isinstance(e.fact, Silent | NotPossible)]
        return bool(sent) and all(isinstance(fact, NoRoute) for fact in sent)

    def family_is_dead(self, family: Family) -> bool:
        """Whether nothing at all answers over one family, and the same servers do by the other."""
        own = [
            each
            for each in self.trails.values()
            if each.probe.family is family and each.step is not Step.RESOLVE
        ]
        own = [each for each in own if not each.here_only]
        if not own or any(each.responded for each in own):
            return False
        alive = {
            (each.probe.path, each.probe.server)
            for each in self.trails.values()
            if each.probe.family not in {family, None} and each.answer is not None
        }
        return any((each.probe.path, each.probe.server) in alive for each in own)


def _granted(trail: Trail) -> bool:
    """Whether the proxy opened a tunnel."""
    return any(200 <= fact.status < 300 for fact in trail.all(Tunnel))


def _fails_upstream(trail: Trail) -> bool:
    """Whether the proxy says that it cannot reach the server, or waits for it for ever."""
    tunnels = list(trail.all(Tunnel))
    waits = not tunnels and trail.silent and trail.first(Opened) is not None
    return waits or (bool(tunnels) and all(fact.status >= 500 for fact in tunnels))


def sinkhole(addresses: Iterable[str]) -> str:
    """The first address that no server can have; empty when all are plausible."""
    for text in addresses:
        address = ip_address(text)
        if address.is_unspecified or address.is_loopback or address.is_link_local:
            return text
    return ""


def _host_of(url: str) -> str:
    """The host of an absolute URL; the vendor's own for a relative one is the empty text."""
    _, slashes, rest = url.partition("//")
    return rest.partition("/")[0].partition(":")[0] if slashes else ""

"""From profile, site and proxy to what is tried (pure).

Theory of operation
-------------------
1. The servers are those that the site supplies, by role, and those that the profile names.
   Nothing else is ever contacted.
2. Each step of the profile's ladder gets the TURN servers whose port it has, for each family
   that the site has and the server can have. A step without a server is not checked, and the
   plan says which option would name one.
3. With a proxy every TCP step is tried both ways: through the proxy, as the app goes, and
   directly, to tell what the proxy is to blame for. A proxy may differ by server (PAC).
4. Direct UDP needs a server that answers. Two ways: a media server that the user names, or
   our own relay, which needs credentials.
"""

from collections.abc import Callable, Iterator, Mapping

from callgate.errors import UsageError
from callgate.flows import Family, PortRange, Protocol
from callgate.policy.site import Proxy, Site
from callgate.probe.targets import (
    PROXIED,
    SIGNALLING,
    UDP_DIRECT,
    Plan,
    Probe,
    Server,
    Unchecked,
    Way,
)
from callgate.profiles.model import Absent, PathStep, Profile

#: Roles that are spoken to by HTTPS.
_WEB = ("signalling", "authentication")
_RELAY, _MEDIA = "turn", "media"
_ROLES = (*_WEB, _RELAY, _MEDIA)
_ENDPOINTS = "docs/endpoints.md tells how to find it"


def servers(profile: Profile, site: Site) -> dict[str, tuple[Server, ...]]:
    """The servers of each role: the site's own, or else those that the profile names.

    UsageError for a role or a TURN port that no step of the ladder has.
    """
    found: dict[str, list[Server]] = {role: [] for role in _ROLES}
    for each in site.endpoints:
        if each.role not in found:
            raise UsageError(
                f"--endpoint {each.role}=…: {profile.name} has no such role",
                hint="there are " + ", ".join(_ROLES),
            )
        found[each.role].append(Server(each.host, each.port))
    for endpoint in profile.endpoints:
        named = not isinstance(endpoint.host, Absent) and not isinstance(endpoint.port, Absent)
        if named and not any(each.role == endpoint.role for each in site.endpoints):
            found.setdefault(endpoint.role, []).append(Server(endpoint.host, endpoint.port))  # type: ignore[arg-type]
    _check_ports(profile, found[_RELAY])
    return {role: tuple(dict.fromkeys(each)) for role, each in found.items()}


def schedule(
    profile: Profile,
    site: Site,
    *,
    proxies: Mapping[str, Proxy] | None = None,
    credentials: bool = False,
) -> Plan:
    """The plan. ``proxies`` maps a server's host to its proxy; hosts without one go direct."""
    known = servers(profile, site)
    builder = _Builder(site.families, proxies or {})
    probes: list[Probe] = []
    for step in profile.ladder:
        if step.id != UDP_DIRECT:
            probes += builder.relays(step, known[_RELAY])
    probes += builder.direct(known, credentials=credentials)
    probes += builder.web(known)
    probes += builder.controls()
    unchecked = tuple(_unchecked(profile, probes, known, proxied=builder.proxied))
    return Plan(
        probes=tuple(probes),
        unchecked=unchecked,
        names=_names(probes),
        ladder=tuple(_ladder(profile, proxied=builder.proxied)),
        media_ports=tuple(
            (ports.low, ports.high)
            for step in profile.ladder
            if step.id == UDP_DIRECT
            for ports in step.ports
        ),
        proxied=builder.proxied,
    )


class _Builder:
    """Makes probes with unique ids."""

    def __init__(self, families: tuple[Family, ...], proxies: Mapping[str, Proxy]) -> None:
        self._families = families
        self._proxies = proxies
        self._used: dict[str, Proxy] = {}
        self._ids: set[str] = set()

    @property
    def proxied(self) -> bool:
        """Whether the app has a proxy for any of the servers so far."""
        return bool(self._used)

    def relays(self, step: PathStep, known: tuple[Server, ...]) -> Iterator[Probe]:
        """A step of the ladder with the TURN servers that have its port."""
        for server in known:
            if not _has(step.ports, server.port):
                continue
            way = _way(step)
            yield from self._direct(step.id, way, server)
            if step.proxied and not way.datagrams:
                yield from self._proxied(step.id, way, server)

    def direct(
        self, known: Mapping[str, tuple[Server, ...]], *, credentials: bool
    ) -> Iterator[Probe]:
        """Direct UDP: to media servers that the user names, and to our own relay."""
        for server in known[_MEDIA]:
            yield from self._direct(UDP_DIRECT, Way.MEDIA, server)
        if credentials and known[_RELAY]:
            yield from self._direct(UDP_DIRECT, Way.SELF, known[_RELAY][0])

    def web(self, known: Mapping[str, tuple[Server, ...]]) -> Iterator[Probe]:
        """Signalling and signing in."""
        for role in _WEB:
            for server in known[role]:
                yield from self._direct(SIGNALLING, Way.WEB, server)
                yield from self._proxied(SIGNALLING, Way.WEB, server)

    def controls(self) -> Iterator[Probe]:
        """Each proxy is asked something that it answers by itself."""
        for proxy in dict.fromkeys(self._used.values()):
            server = Server(proxy.host, proxy.port)
            yield Probe(self._id(f"proxy {server}"), "", Way.PROXY, server, None, proxy)

    def _direct(self, path: str, way: Way, server: Server) -> Iterator[Probe]:
        for family in self._families:
            if server.literal in {None, family}:
                yield Probe(self._id(f"{path} {server} {family}"), path, way, server, family)

    def _proxied(self, path: str, way: Way, server: Server) -> Iterator[Probe]:
        proxy = self._proxies.get(server.host)
        if proxy is not None:
            self._used[server.host] = proxy
            name = path + PROXIED
            yield Probe(self._id(f"{name} {server}"), name, way, server, None, proxy)

    def _id(self, text: str) -> str:
        """The text, numbered when it was taken: two roles may share a server."""
        number, found = 1, text
        while found in self._ids:
            number += 1
            found = f"{text} #{number}"
        self._ids.add(found)
        return found


def _way(step: PathStep) -> Way:
    """TURN on 443 is TLS; that is what its port is for (RFC 7065 section 4)."""
    if step.protocol is Protocol.UDP:
        return Way.TURN_UDP
    return Way.TURN_TLS if _has(step.ports, 443) else Way.TURN_TCP


def _has(ports: tuple[PortRange, ...], port: int) -> bool:
    return any(each.low <= port <= each.high for each in ports)


def _check_ports(profile: Profile, relays: list[Server]) -> None:
    steps = [each for each in profile.ladder if each.id != UDP_DIRECT]
    for server in relays:
        if not any(_has(step.ports, server.port) for step in steps):
            ports = dict.fromkeys(str(each) for step in steps for each in step.ports)
            raise UsageError(
                f"--endpoint turn={server}: {profile.name} has no path to port {server.port}",
                hint="its TURN servers have the ports " + ", ".join(ports),
            )


def _names(probes: list[Probe]) -> tuple[str, ...]:
    """Host names that the client itself must look up; the proxy looks up the others."""
    hops = (each.first_hop for each in probes)
    return tuple(dict.fromkeys(hop.host for hop in hops if hop.literal is None))


def _ladder(profile: Profile, *, proxied: bool) -> Iterator[str]:
    """The paths, best first, as the app takes them; then those that only tell who is to blame.

    With a proxy set the app sends all its TCP there.
    """
    for step in profile.ladder:
        yield step.id + (PROXIED if proxied and step.proxied else "")
    if proxied:
        yield from (step.id for step in profile.ladder if step.proxied)


def _unchecked(
    profile: Profile,
    probes: list[Probe],
    known: Mapping[str, tuple[Server, ...]],
    *,
    proxied: bool,
) -> Iterator[Unchecked]:
    checked = {each.path for each in probes}
    for path in _ladder(profile, proxied=proxied):
        if path in checked:
            continue
        step = next(each for each in profile.ladder if each.id == path.removesuffix(PROXIED))
        if step.id == UDP_DIRECT:
            yield _no_direct(path, known)
        elif path != step.id and step.id in checked:
            yield Unchecked(path, "the proxy is not used for this server", "nothing to do")
        else:
            port = step.ports[0].low
            yield Unchecked(
                path,
                f"the document names no TURN server on {step.protocol} {step.ports[0]}",
                f"--endpoint turn=HOST:{port}; {_ENDPOINTS}",
            )
    if not known["signalling"]:
        yield Unchecked(
            SIGNALLING + (PROXIED if proxied else ""),
            "the document names no signalling server",
            f"--endpoint signalling=HOST:443; {_ENDPOINTS}",
        )


def _no_direct(path: str, known: Mapping[str, tuple[Server, ...]]) -> Unchecked:
    reason = "media servers do not answer strangers, and there are no TURN credentials"
    if not known[_RELAY]:
        return Unchecked(
            path,
            "no media server and no TURN server is known",
            f"--endpoint turn=HOST:PORT and --turn-credentials FILE; {_ENDPOINTS}",
        )
    return Unchecked(path, reason, "--turn-credentials FILE lets our own relay answer")


def proxies_for(
    known: Mapping[str, tuple[Server, ...]], choose: Callable[[str], Proxy | None]
) -> dict[str, Proxy]:
    """Which proxy each server that speaks TCP goes through."""
    hosts = {each.host for role, found in known.items() if role != _MEDIA for each in found}
    chosen = {host: choose(host) for host in sorted(hosts)}
    return {host: proxy for host, proxy in chosen.items() if proxy is not None}

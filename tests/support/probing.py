"""Logs of runs that never were: facts are written down, and the classifier reads them."""

from callgate.flows import Family
from callgate.policy.site import Proxy, Site, SuppliedEndpoint
from callgate.probe.classify import classify
from callgate.probe.events import (
    Chain,
    Event,
    Http,
    Icmp,
    Looked,
    Opened,
    Secured,
    Silent,
    Step,
    Stun,
    Trust,
    Tunnel,
)
from callgate.probe.schedule import proxies_for, schedule, servers
from callgate.profiles.loader import find
from callgate.stun.values import Address

GOTO = find("goto")
TURN, APP, PROXY = "turn.example.com", "app.example.com", Proxy("192.0.2.8", 3128)
ADDRESSES = {TURN: "203.0.113.20", APP: "198.51.100.45"}
ENDPOINTS = (
    SuppliedEndpoint("turn", TURN, 3478),
    SuppliedEndpoint("turn", TURN, 443),
    SuppliedEndpoint("signalling", APP, 443),
)
#: Keys of a network: path, and whether it is through the proxy.
EVERY = (
    "udp-relay", "tcp-relay", "tls-relay", "signalling",
    "tcp-relay@proxy", "tls-relay@proxy", "signalling@proxy", "proxy",
)  # fmt: skip


def site(**changes):
    """A site with the servers above, IPv4 only unless told otherwise."""
    return Site(**({"families": (Family.V4,), "endpoints": ENDPOINTS} | changes))


def plan_for(given=None, *, proxied=False, credentials=False):
    """The plan for a site."""
    given = given or site()
    proxies = proxies_for(servers(GOTO, given), lambda _: PROXY) if proxied else {}
    return schedule(GOTO, given, proxies=proxies, credentials=credentials)


def at(host, port, family=Family.V4):
    """Where a server is."""
    text = ADDRESSES.get(host, host)
    return Address(text if family is Family.V4 else f"2001:db8::{port:x}", port)


def chain(issuer="Public CA", **changes):
    """What is kept of a certificate chain."""
    told = {
        "subject": "server", "issuer": issuer, "root": issuer, "names": ("server",),
        "not_before": "2026-01-01T00:00:00+00:00", "not_after": "2026-12-01T00:00:00+00:00",
        "fingerprint": "00", "length": 2,
    }  # fmt: skip
    return Chain(**(told | changes))


def secured(trust=Trust.VENDOR, trouble="", **changes):
    """A handshake that ended well."""
    issuer = {Trust.VENDOR: "Public CA"}.get(trust, "Inspector")
    told = {"version": "TLSv1.3", "chain": chain(issuer), "trust": trust, "trouble": trouble}
    return Secured(**(told | {"seconds": 0.04} | changes))


GRANTED = Tunnel(200, "Connection established", 0.02)
SWITCHED = Http(101, "Switching Protocols", 0.02)
ASKED = Stun("Allocate", 401, "Unauthorized", 0.02)


class Network:
    """Facts for each probe of a plan: those of a healthy network, until changed."""

    def __init__(self, plan, resolved=True):
        self.plan = plan
        self.log = []
        if resolved:
            for name in plan.names:
                self.resolve(name, ADDRESSES.get(name, PROXY.host))
        self.facts = {each.id: self.healthy(each) for each in plan.probes}

    def healthy(self, probe):
        """What a probe sees where nothing is wrong."""
        hop = probe.first_hop
        reached = [Opened(at(hop.host, hop.port, probe.family or Family.V4), 0.02)]
        tunnelled = [*reached, GRANTED] if probe.proxy else reached
        return {
            "TURN over UDP": [ASKED],
            "STUN to a media server": [Silent(Step.REACH)],
            "TURN over TCP": [*tunnelled, ASKED],
            "TURN over TLS": [*tunnelled, secured(), ASKED],
            "HTTPS and WebSocket": [*tunnelled, secured(), SWITCHED],
        }.get(str(probe.way), [])

    def resolve(self, name, *addresses, rcode="NOERROR", seconds=0.02, kind="A"):
        """A resolver answers."""
        fact = Looked(name, kind, "192.0.2.53", rcode, addresses, seconds)
        self.log.append(Event(0.02, f"dns {name} {kind}", 0, fact))

    def set(self, wanted, *facts, family=None):
        """Give every probe of a path these facts; a server's address stands for ``HERE``."""
        for probe in self.plan.probes:
            named = probe.path or "proxy"
            if named == wanted and family in {None, probe.family}:
                self.facts[probe.id] = [each(probe) if callable(each) else each for each in facts]
        return self

    def results(self):
        """The classifier's answer, by path."""
        log = list(self.log)
        for probe, facts in self.facts.items():
            log += [Event(0.1, probe, 0, fact) for fact in facts]
        return {each.path: each for each in classify(self.plan, tuple(log))}

    def outcome(self, path):
        """Outcome and cause as words."""
        found = self.results()[path]
        return str(found.outcome), str(found.cause) if found.cause else ""


def icmp(kind=3, code=13, offender="192.0.2.1"):
    """An ICMP error about a probe's first hop."""
    return lambda probe: Icmp(
        at(probe.first_hop.host, probe.first_hop.port), kind, code, offender, 0.001
    )


def own_icmp(probe):
    """The server says itself that nobody listens."""
    address = at(probe.server.host, probe.server.port)
    return Icmp(address, 3, 3, address.host, 0.02)


def opened(probe):
    """The connection stands."""
    return Opened(at(probe.first_hop.host, probe.first_hop.port), 0.02)


silent = Silent(Step.REACH)

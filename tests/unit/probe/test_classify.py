"""What was seen, and whom it convicts: each row is a network and the words for its paths."""

from dataclasses import replace

import pytest

from callgate.flows import Family
from callgate.policy.site import SuppliedEndpoint
from callgate.probe.events import (
    Broken,
    Burst,
    Event,
    Http,
    Icmp,
    NoRoute,
    NotPossible,
    Opened,
    Page,
    Passed,
    ProxyAnswered,
    Refused,
    Silent,
    Step,
    Stun,
    Trust,
    Tunnel,
)
from callgate.stun.values import Address
from tests.support.probing import (
    APP,
    ASKED,
    GRANTED,
    SWITCHED,
    TURN,
    Network,
    at,
    chain,
    icmp,
    opened,
    own_icmp,
    plan_for,
    secured,
    silent,
    site,
)

WORKS = ("works", "")


def refused(seconds=0.02):
    return lambda probe: Refused(at(probe.first_hop.host, probe.first_hop.port), seconds)


def broken(step, how="reset", text=""):
    return Broken(step, how, 0.01, text)


def rationed(probe):
    return Burst(at(probe.server.host, probe.server.port), 10, 1)


LONELY = chain("Intermediate CA", length=1)
HEALTHY_WEB = [opened, secured(), SWITCHED]
FORGED = [opened, GRANTED, secured(Trust.LOCAL)]
STUCK = [opened, GRANTED, Silent(Step.HANDSHAKE)]

#: name: (changes as path → facts, expectations as path → words); all else must work.
TABLE = {
    "healthy": ({}, {}),
    "UDP 3478 dropped": ({"udp-relay": [silent]}, {"udp-relay": ("blocked", "drop")}),
    "UDP rejected": ({"udp-relay": [icmp()]}, {"udp-relay": ("blocked", "reject")}),
    "the server's own port unreachable": (
        {"udp-relay": [own_icmp]}, {"udp-relay": ("blocked", "server")},
    ),
    "STUN over UDP swallowed": (
        {"udp-relay": [Stun("Binding", 0, "", 0.0, classic=True), silent]},
        {"udp-relay": ("blocked", "payload inspection")},
    ),
    "TCP 3478 reset": ({"tcp-relay": [refused()]}, {"tcp-relay": ("blocked", "reject")}),
    "TCP 3478 dropped": ({"tcp-relay": [silent]}, {"tcp-relay": ("blocked", "drop")}),
    "TCP 443 dropped": (
        {"tls-relay": [silent], "signalling": [silent]},
        {"tls-relay": ("blocked", "drop"), "signalling": ("blocked", "drop")},
    ),
    "TCP 443 reset": (
        {"tls-relay": [refused()], "signalling": [refused()]},
        {"tls-relay": ("blocked", "reject"), "signalling": ("blocked", "reject")},
    ),
    "signalling server gone": ({"signalling": [silent]}, {"signalling": ("blocked", "server")}),
    "signalling server down": ({"signalling": [refused()]}, {"signalling": ("blocked", "server")}),
    "TURN server gone": (
        {"udp-relay": [silent], "tcp-relay": [silent], "tls-relay": [silent]},
        dict.fromkeys(("udp-relay", "tcp-relay", "tls-relay"), ("blocked", "server")),
    ),
    "STUN over TCP reset": (
        {"tcp-relay": [opened, broken(Step.REQUEST)]},
        {"tcp-relay": ("blocked", "payload inspection")},
    ),
    "STUN over TCP swallowed": (
        {"tcp-relay": [opened, Silent(Step.REQUEST)]},
        {"tcp-relay": ("blocked", "payload inspection")},
    ),
    "TLS swallowed": (
        {"tls-relay": [opened, Silent(Step.HANDSHAKE)]},
        {"tls-relay": ("blocked", "payload inspection")},
    ),
    "somebody else answers": (
        {"tcp-relay": [opened, broken(Step.REQUEST, "protocol", "HTTP/1.1 400 Bad Request")]},
        {"tcp-relay": ("blocked", "tls interception")},
    ),
    "TLS opened with a trusted authority": (
        {
            "signalling": [opened, secured(Trust.LOCAL), SWITCHED],
            "tls-relay": [opened, secured(Trust.LOCAL), Silent(Step.REQUEST)],
        },
        {
            "signalling": ("degraded", "tls interception"),
            "tls-relay": ("blocked", "tls interception"),
        },
    ),
    "TLS opened, and TURN works in it": (
        {"tls-relay": [opened, secured(Trust.LOCAL), ASKED]},
        {"tls-relay": ("degraded", "tls interception")},
    ),
    "TLS opened with an authority that nobody trusts": (
        {
            "signalling": [opened, secured(Trust.NOBODY, "issuer"), SWITCHED],
            "tls-relay": [opened, secured(Trust.NOBODY, "issuer"), ASKED],
        },
        dict.fromkeys(("signalling", "tls-relay"), ("blocked", "tls interception")),
    ),
    "certificate for another name": (
        {"signalling": [opened, secured(trouble="name"), SWITCHED]},
        {"signalling": ("blocked", "vendor certificate")},
    ),
    "certificate without its chain": (
        {"signalling": [opened, secured(trouble="chain"), SWITCHED]},
        {"signalling": ("blocked", "vendor certificate")},
    ),
    "an intermediate authority that was not sent": (
        {"signalling": [opened, replace(secured(Trust.NOBODY, "issuer"), chain=LONELY), SWITCHED]},
        {"signalling": ("blocked", "vendor certificate")},
    ),
    "connections are rationed": (
        {"tls-relay": [opened, secured(), ASKED, rationed], "signalling": HEALTHY_WEB},
        dict.fromkeys(("tls-relay", "signalling"), ("degraded", "rate limit")),
    ),
    "some of many connections are lost": (
        {"tls-relay": [opened, secured(), ASKED, lambda p: replace(rationed(p), opened=5)]}, {},
    ),
    "the proxy has no parent": (
        {"signalling@proxy": [opened, Tunnel(500, "", 0.01, error="ERR_CANNOT_FORWARD 0")]},
        {"signalling@proxy": ("blocked", "server")},
    ),
    "expired, and the clock is right": (
        {"signalling": [opened, secured(trouble="expired"), replace(SWITCHED, skew=3.0)]},
        {"signalling": ("blocked", "vendor certificate")},
    ),
    "not valid yet, because our clock is late": (
        {
            "signalling": [
                opened,
                secured(trouble="not yet valid", checked_at=1764547200.0),  # 2025-12-01
                replace(SWITCHED, skew=60 * 86400.0),
            ],
            "tls-relay": [
                opened, secured(trouble="not yet valid", checked_at=1764547200.0), ASKED,
            ],
        },
        dict.fromkeys(("signalling", "tls-relay"), ("blocked", "clock")),
    ),
    "the server is overloaded": (
        {"signalling": [opened, secured(), Http(503, "Service Unavailable", 0.02)]},
        {"signalling": ("blocked", "server")},
    ),
    "the relay has no room": (
        {"udp-relay": [Stun("Allocate", 508, "Insufficient Capacity", 0.02)]},
        {"udp-relay": ("degraded", "server")},
    ),
    "a page and no WebSocket, and nobody between": (
        {
            "signalling": [opened, secured(), Http(404, "Not Found", 0.02)],
            "signalling@proxy": [opened, GRANTED, secured(), Http(404, "Not Found", 0.02)],
        },
        {},
    ),
    "WebSocket stripped by the proxy": (
        {"signalling@proxy": [*FORGED, Http(426, "Upgrade Required", 0.02, via="1.1 rp-proxy")]},
        {"signalling@proxy": ("blocked", "websocket stripped")},
    ),
    "the proxy wants credentials": (
        {"signalling@proxy": [opened, Tunnel(407, "Required", 0.01, schemes=("Negotiate",))]},
        {"signalling@proxy": ("blocked", "proxy authentication")},
    ),
    "the proxy denies the port": (
        {"tcp-relay@proxy": [opened, Tunnel(403, "Forbidden", 0.01)]},
        {"tcp-relay@proxy": ("blocked", "proxy refusal")},
    ),
    "the proxy denies inside a forged session": (
        {"signalling@proxy": [*FORGED, Http(403, "Forbidden", 0.02)]},
        {"signalling@proxy": ("blocked", "proxy refusal")},
    ),
    "the proxy denies TURN inside a forged session": (
        {"tls-relay@proxy": [*FORGED, Http(403, "Forbidden", 0.02, asked_plain=True)]},
        {"tls-relay@proxy": ("blocked", "proxy refusal")},
    ),
    "the proxy opens TLS, and TURN hangs": (
        {
            "signalling@proxy": [*FORGED, SWITCHED],
            "tls-relay@proxy": [*FORGED, Silent(Step.REQUEST)],
            "tcp-relay@proxy": [opened, GRANTED, broken(Step.REQUEST, "closed")],
        },
        {
            "signalling@proxy": ("degraded", "tls interception"),
            "tls-relay@proxy": ("blocked", "tls interception"),
            "tcp-relay@proxy": ("blocked", "tls interception"),
        },
    ),
    "the proxy cannot reach one server": (
        {"tls-relay@proxy": [opened, Tunnel(503, "", 0.01, error="ERR_CONNECT_FAIL 111")],
         "tcp-relay@proxy": [opened, Tunnel(503, "", 0.01, error="ERR_CONNECT_FAIL 111")]},
        dict.fromkeys(("tls-relay@proxy", "tcp-relay@proxy"), ("blocked", "server")),
    ),
    "the proxy cannot reach anybody": (
        {f"{p}@proxy": [opened, Tunnel(503, "", 0.01)] for p in
         ("tls-relay", "tcp-relay", "signalling")},
        {f"{p}@proxy": ("blocked", "proxy upstream") for p in
         ("tls-relay", "tcp-relay", "signalling")},
    ),
    "the proxy resolves nothing": (
        {"signalling@proxy": [opened, Tunnel(503, "", 0.01, error="ERR_DNS_FAIL 0")]},
        {"signalling@proxy": ("blocked", "dns")},
    ),
    "the proxy waits for everybody, and answers itself": (
        {f"{p}@proxy": [opened, Silent(Step.ASK)] for p in ("tls-relay", "tcp-relay", "signalling")}
        | {"proxy": [opened, ProxyAnswered("400 Bad Request", 0.01)]},
        {f"{p}@proxy": ("blocked", "proxy upstream") for p in
         ("tls-relay", "tcp-relay", "signalling")},
    ),
    "the proxy hangs": (
        {f"{p}@proxy": [opened, Silent(Step.ASK)] for p in ("tls-relay", "tcp-relay", "signalling")}
        | {"proxy": [opened, Silent(Step.ASK)]},
        {f"{p}@proxy": ("blocked", "proxy unreachable") for p in
         ("tls-relay", "tcp-relay", "signalling")},
    ),
    "the proxy is down": (
        {"signalling@proxy": [refused()]}, {"signalling@proxy": ("blocked", "proxy unreachable")},
    ),
    "the proxy is silent": (
        {"signalling@proxy": [silent]}, {"signalling@proxy": ("blocked", "proxy unreachable")},
    ),
    "the way to the proxy is prohibited": (
        {"signalling@proxy": [icmp()]}, {"signalling@proxy": ("blocked", "proxy unreachable")},
    ),
    "the proxy takes its time": (
        {f"{p}@proxy": [opened, Tunnel(200, "", 1.6), *rest] for p, rest in
         {"tls-relay": [secured(), ASKED], "tcp-relay": [ASKED],
          "signalling": [secured(), SWITCHED]}.items()},
        {f"{p}@proxy": ("degraded", "proxy upstream") for p in
         ("tls-relay", "tcp-relay", "signalling")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_the_culprit_is_named(name):
    changes, expected = TABLE[name]
    network = Network(plan_for(proxied=True))
    for path, facts in changes.items():
        network.set(path, *facts)
    found = {path: network.outcome(path) for path in network.results() if path != "udp-direct"}
    assert found == {path: expected.get(path, WORKS) for path in found}


def test_silence_alone_proves_nothing():
    network = Network(plan_for())
    for path in ("udp-relay", "tcp-relay", "tls-relay", "signalling"):
        network.set(path, silent)
    outcomes = {network.outcome(path) for path in network.results() if path != "udp-direct"}
    assert outcomes == {("inconclusive", "")}


def test_one_control_makes_silence_a_drop():
    network = Network(plan_for())
    for path in ("udp-relay", "tcp-relay", "signalling"):
        network.set(path, silent)
    # The same host by TLS answers, and so does its port.
    assert network.outcome("udp-relay") == ("blocked", "drop")
    assert network.outcome("tcp-relay") == ("blocked", "drop")
    evidence = network.results()["udp-relay"].best.evidence
    assert any("answered meanwhile" in each for each in evidence)


def test_the_same_server_through_the_proxy_is_a_control():
    network = Network(plan_for(proxied=True))
    for path in ("udp-relay", "tcp-relay", "tls-relay", "signalling"):
        network.set(path, silent)
    assert network.outcome("signalling") == ("blocked", "drop")
    evidence = network.results()["signalling"].best.evidence
    assert any("through the proxy answered meanwhile" in each for each in evidence)


def test_what_the_proxy_cannot_reach_either_is_down():
    network = Network(plan_for(proxied=True))
    for path in ("udp-relay", "tcp-relay", "tls-relay", "signalling"):
        network.set(path, silent)
    for path in ("tcp-relay@proxy", "tls-relay@proxy"):
        network.set(path, opened, Tunnel(503, "", 0.01, error="ERR_CONNECT_FAIL 110"))
    assert network.outcome("udp-relay") == ("blocked", "server")
    assert network.outcome("signalling") == ("blocked", "drop")


def test_the_control_must_be_of_the_same_family():
    plan = plan_for(site(families=(Family.V4, Family.V6)))
    network = Network(plan)
    network.set("udp-relay", silent, family=Family.V6)
    network.set("tcp-relay", silent, family=Family.V6)
    network.set("tls-relay", silent, family=Family.V6)
    network.set("signalling", silent, family=Family.V6)
    causes = {f.cause.value for r in network.results().values() for f in r.findings if f.cause}
    assert causes == {"address family"}
    assert network.outcome("udp-relay") == WORKS  # by IPv4


def test_one_port_of_a_family_is_no_dead_family():
    network = Network(plan_for(site(families=(Family.V4, Family.V6))))
    network.set("udp-relay", silent, family=Family.V6)
    findings = network.results()["udp-relay"].findings
    assert {f.family: f.cause.value for f in findings if f.cause} == {Family.V6: "drop"}


def test_a_reset_too_soon_is_the_firewalls():
    network = Network(plan_for())
    network.set("udp-relay", Stun("Allocate", 401, "", 0.041))
    network.set("tcp-relay", refused(0.0056))
    assert "sooner than the server could" in network.results()["tcp-relay"].summary


def test_the_sender_of_an_icmp_error_is_named():
    network = Network(plan_for()).set("udp-relay", icmp(offender="192.0.2.254"))
    finding = network.results()["udp-relay"].best
    assert finding.offender == "192.0.2.254"
    assert "ICMP admin-prohibited from 192.0.2.254" in finding.summary


def test_icmp_is_named_for_both_versions():
    network = Network(plan_for()).set(
        "udp-relay", lambda p: Icmp(Address("2001:db8::1", 3478), 1, 6, "2001:db8::f", 0.1)
    )
    assert "ICMP reject route from 2001:db8::f" in network.results()["udp-relay"].summary


@pytest.mark.parametrize(
    ("rcode", "addresses", "words"),
    [
        ("NXDOMAIN", (), "answers NXDOMAIN"),
        ("SERVFAIL", (), "answers SERVFAIL"),
        ("NOERROR", ("0.0.0.0",), "to 0.0.0.0"),
        ("NOERROR", ("127.0.0.1",), "to 127.0.0.1"),
    ],
)
def test_names_that_lead_nowhere(rcode, addresses, words):
    network = Network(plan_for(), resolved=False)
    network.resolve(TURN, *addresses, rcode=rcode)
    network.resolve(APP, "198.51.100.45")
    network.set("udp-relay")
    assert network.outcome("udp-relay") == ("blocked", "dns")
    assert words in network.results()["udp-relay"].summary


def test_a_name_without_an_address_of_a_family_is_not_checked():
    network = Network(plan_for())
    network.log = []
    network.resolve(TURN, kind="AAAA")
    network.set("udp-relay")
    assert network.outcome("udp-relay") == ("not checked", "")


def test_a_silent_resolver_needs_a_control():
    network = Network(plan_for(), resolved=False)
    for path in ("udp-relay", "tcp-relay", "tls-relay", "signalling"):
        network.set(path)
    assert network.outcome("udp-relay") == ("inconclusive", "")
    tcp = Opened(Address("192.0.2.53", 53), 0.02)
    network.log.append(Event(1.0, "dns 192.0.2.53 by TCP", 0, tcp))
    assert network.outcome("udp-relay") == ("blocked", "dns")


def test_a_resolver_behind_a_firewall():
    network = Network(plan_for(), resolved=False)
    network.log.append(
        Event(0.1, f"dns {TURN} A", 0, Icmp(Address("192.0.2.53", 53), 3, 13, "192.0.2.1", 0.01))
    )
    network.set("udp-relay")
    assert network.outcome("udp-relay") == ("blocked", "dns")
    assert network.results()["udp-relay"].best.offender == "192.0.2.1"


def test_slow_names_spoil_what_works():
    network = Network(plan_for(), resolved=False)
    for name in (TURN, APP):
        network.resolve(name, "203.0.113.20", seconds=1.5)
    assert network.outcome("udp-relay") == ("degraded", "dns")


def test_one_slow_answer_among_quick_ones_is_bad_luck():
    network = Network(plan_for())
    network.resolve(TURN, "203.0.113.20", seconds=1.5)
    assert network.outcome("udp-relay") == WORKS


def test_no_network_at_all():
    network = Network(plan_for(), resolved=False)
    for path in ("udp-relay", "tcp-relay", "tls-relay", "signalling"):
        network.set(path)
    network.log.append(Event(0.0, f"dns {TURN} A", 0, NoRoute("192.0.2.53", "ENETUNREACH")))
    assert network.outcome("udp-relay") == ("inconclusive", "")
    assert "no network" in network.results()["udp-relay"].summary


def test_a_machine_without_ipv6():
    network = Network(plan_for(site(families=(Family.V4, Family.V6))))
    network.set("udp-relay", NoRoute("2001:db8::1", "ENETUNREACH"), family=Family.V6)
    findings = {f.family: str(f.outcome) for f in network.results()["udp-relay"].findings}
    assert findings == {Family.V4: "works", Family.V6: "not checked"}


def test_large_packets_that_vanish_block_the_path():
    network = Network(plan_for(proxied=True))
    probe = next(each for each in network.plan.probes if each.path == "tls-relay")
    network.facts[probe.id] = []
    small = replace(opened(probe), small=True)
    log = [(0, opened(probe)), (0, Silent(Step.HANDSHAKE)), (2, small), (2, secured()), (2, ASKED)]
    network.log += [Event(0.1, probe.id, attempt, fact) for attempt, fact in log]
    network.set("tls-relay@proxy", *STUCK)
    assert network.outcome("tls-relay") == ("blocked", "path mtu")
    assert network.outcome("tls-relay@proxy") == ("blocked", "path mtu")
    # A later attempt with large ones refutes it.
    network.log += [Event(0.1, probe.id, 3, fact) for fact in (opened(probe), secured(), ASKED)]
    assert network.outcome("tls-relay") == WORKS


def small_segments_only(network, path, family=None):
    """On this path the third attempt gets through, which asks for small segments."""
    probe = next(p for p in network.plan.probes if p.path == path and family in {None, p.family})
    network.facts[probe.id] = []
    small = replace(opened(probe), small=True)
    log = [(0, opened(probe)), (0, Silent(Step.HANDSHAKE)), (2, small), (2, secured()), (2, ASKED)]
    network.log += [Event(0.1, probe.id, attempt, fact) for attempt, fact in log]


def test_what_shares_the_way_with_vanishing_packets_is_spoilt_by_them():
    network = Network(plan_for(site(families=(Family.V4, Family.V6)), proxied=True))
    small_segments_only(network, "tls-relay", Family.V6)
    for path in ("udp-relay", "tcp-relay"):
        findings = {f.family: f for f in network.results()[path].findings}
        assert str(findings[Family.V4].outcome) == "works"
        spoilt = findings[Family.V6]
        assert (str(spoilt.outcome), str(spoilt.cause)) == ("degraded", "path mtu")
        assert any("small segments only" in each for each in spoilt.evidence)
    assert network.outcome("tcp-relay@proxy") == ("degraded", "path mtu")


@pytest.mark.parametrize("end", [broken(Step.REQUEST), Silent(Step.REQUEST)])
def test_what_ends_the_same_without_the_proxy_is_not_the_proxy(end):
    network = Network(plan_for(proxied=True))
    network.set("signalling@proxy", *FORGED, SWITCHED)
    network.set("tcp-relay@proxy", opened, GRANTED, end)
    assert network.outcome("tcp-relay@proxy") == ("blocked", "tls interception")
    network.set("tcp-relay", opened, broken(Step.REQUEST, "closed"))
    assert network.outcome("tcp-relay@proxy") == ("blocked", "tls interception")
    network.set("tcp-relay", opened, end)
    assert network.outcome("tcp-relay@proxy") == ("blocked", "payload inspection")
    evidence = network.results()["tcp-relay@proxy"].best.evidence
    assert any("without the proxy" in each for each in evidence)


FAILED = Tunnel(503, "", 0.01, error="ERR_CONNECT_FAIL 111")


def test_a_proxy_that_tries_to_connect_has_resolved_the_name():
    network = Network(plan_for(proxied=True), resolved=False)
    for name in network.plan.names:
        network.resolve(name, rcode="REFUSED")
    for path in ("tcp-relay@proxy", "tls-relay@proxy"):
        network.set(path, opened, FAILED)
    assert network.outcome("tcp-relay@proxy") == ("blocked", "server")
    # A proxy of which no word tells why may have been misled as we are.
    for path in ("tcp-relay@proxy", "tls-relay@proxy", "signalling@proxy"):
        network.set(path, opened, replace(FAILED, error=""))
    assert network.outcome("tcp-relay@proxy") == ("blocked", "dns")


def port_443_dropped(upstream):
    """We get no connection to TCP 443; the proxy gets this about the signalling server."""
    network = Network(plan_for(proxied=True))
    for path in ("tls-relay", "signalling"):
        network.set(path, silent)
    return network.set("signalling@proxy", opened, upstream)


def test_a_port_that_is_open_to_the_proxy_alone_is_dropped_whatever_is_behind_it():
    network = port_443_dropped(FAILED)
    assert network.outcome("signalling@proxy") == ("blocked", "server")
    for path in ("signalling", "tls-relay"):
        assert network.outcome(path) == ("blocked", "drop")
    evidence = network.results()["signalling"].best.evidence
    assert any(f"{TURN}:443 is as silent" in each for each in evidence)


def test_a_server_that_is_down_beside_an_open_port_is_down():
    network = port_443_dropped(FAILED)
    network.set("tls-relay", opened, secured(), ASKED)
    assert network.outcome("signalling") == ("blocked", "server")


def test_a_server_that_the_proxy_does_not_reach_either_proves_nothing_of_the_port():
    network = port_443_dropped(FAILED)
    network.set("tls-relay@proxy", opened, FAILED)
    assert network.outcome("signalling") == ("blocked", "server")


def test_another_port_of_a_silent_server_is_the_servers():
    network = port_443_dropped(GRANTED)
    network.set("signalling@proxy", opened, GRANTED, secured(), SWITCHED)
    for path in ("udp-relay", "tcp-relay"):
        network.set(path, silent)
    for path in ("tcp-relay@proxy", "tls-relay@proxy"):
        network.set(path, opened, FAILED)
    assert network.outcome("tls-relay") == ("blocked", "drop")
    assert network.outcome("udp-relay") == ("blocked", "server")
    assert network.outcome("tcp-relay") == ("blocked", "server")


def test_a_proxy_that_connects_to_a_sinkhole_is_misled_like_us():
    network = Network(plan_for(proxied=True), resolved=False)
    for name in network.plan.names:
        network.resolve(name, "0.0.0.0")
    for path in ("tcp-relay@proxy", "tls-relay@proxy"):
        network.set(path, opened, FAILED)
    # It reaches another host whose name leads us astray.
    assert network.outcome("tcp-relay@proxy") == ("blocked", "server")
    network.set("signalling@proxy", opened, FAILED)
    assert network.outcome("tcp-relay@proxy") == ("blocked", "dns")


@pytest.mark.parametrize(
    ("upstream", "expected"),
    [
        ([opened, GRANTED, secured(), SWITCHED], ("degraded", "rate limit")),
        ([opened, FAILED], ("blocked", "server")),
        ([opened, Tunnel(407, "Required", 0.01)], ("inconclusive", "")),
    ],
)
def test_silence_where_connections_are_rationed(upstream, expected):
    network = Network(plan_for(proxied=True))
    network.set("tls-relay", opened, rationed, secured(), ASKED)
    network.set("signalling", silent)
    network.set("signalling@proxy", *upstream)
    assert network.outcome("signalling") == expected
    assert network.outcome("tls-relay") == ("degraded", "rate limit")


def test_a_ration_of_one_family_does_not_explain_the_silence_of_the_other():
    network = Network(plan_for(site(families=(Family.V4, Family.V6)), proxied=True))
    for path in ("udp-relay", "tcp-relay", "tls-relay", "signalling"):
        network.set(path, silent, family=Family.V6)
    network.set("tcp-relay", opened, rationed, ASKED, family=Family.V4)
    found = {f.family: str(f.cause) for f in network.results()["tcp-relay"].findings}
    assert found == {Family.V4: "rate limit", Family.V6: "address family"}


def test_a_portal_explains_the_silence_around_it():
    network = Network(plan_for())
    page = Http(302, "Found", 0.01, location="https://portal.example.net/login")
    for path in ("tls-relay", "signalling"):
        network.set(path, opened, secured(Trust.NOBODY, "issuer"), page)
    network.set("udp-relay", silent)
    network.set("tcp-relay", silent)
    found = {network.outcome(path) for path in network.results() if path != "udp-direct"}
    assert found == {("blocked", "captive portal")}


PORTAL = "https://portal.example.net/login?from=1"


def silent_but_for(*pages):
    """A resolver that is rejected, silence everywhere else, and these answers to plain HTTP."""
    media = SuppliedEndpoint("media", "192.0.2.9", 45123)
    given = site(endpoints=(*site().endpoints, media))
    network = Network(plan_for(given, proxied=True), resolved=False)
    for path in ("tcp-relay@proxy", "tls-relay@proxy", "signalling@proxy", "proxy"):
        network.set(path, silent)
    for path in ("udp-relay", "tcp-relay", "tls-relay", "signalling"):
        network.set(path)
    told = Icmp(Address("192.0.2.53", 53), 3, 13, "192.0.2.1", 0.01)
    network.log.append(Event(0.1, f"dns {TURN} A", 0, told))
    for host, status, location in pages:
        page = Page(Address(host, 80), status, "", 0.01, location)
        network.log.append(Event(4.6, f"portal {host}", 0, page))
    return network


@pytest.mark.parametrize(
    ("pages", "portal"),
    [
        ([], False),
        # Each in its own name, or one alone: servers, and not a portal.
        ([("192.0.2.9", 302, PORTAL)], False),
        ([("192.0.2.9", 302, "https://www.example.com/"), ("192.0.2.8", 302, PORTAL)], False),
        ([("192.0.2.9", 302, f"https://{APP}/"), ("192.0.2.8", 302, f"https://{APP}/")], False),
        ([("192.0.2.9", 302, PORTAL), ("2001:db8::9", 302, PORTAL)], False),
        ([("192.0.2.9", 404, ""), ("192.0.2.8", 404, "")], False),
        ([("192.0.2.9", 302, "/login"), ("192.0.2.8", 302, "/login")], False),
        # The same place in everybody's name, or the status that is made for it.
        ([("192.0.2.9", 302, PORTAL), ("192.0.2.8", 302, PORTAL[:-1] + "2")], True),
        ([("192.0.2.9", 511, "")], True),
    ],
)
def test_plain_http_that_is_answered_in_everybodys_name(pages, portal):
    network = silent_but_for(*pages)
    expected = ("blocked", "captive portal") if portal else ("inconclusive", "")
    assert network.outcome("udp-direct") == expected
    # Whoever answers is no portal, and shows that the proxy alone is silent.
    expected = expected if portal or not pages else ("blocked", "proxy unreachable")
    for path in ("signalling@proxy", "tcp-relay@proxy", "tls-relay@proxy"):
        assert network.outcome(path) == expected, path
    assert network.outcome("udp-relay") == ("blocked", "dns")


def test_plain_http_shows_that_a_silent_resolver_is_silenced():
    network = silent_but_for(("192.0.2.9", 302, PORTAL), ("192.0.2.8", 302, PORTAL))
    network.log = [each for each in network.log if not isinstance(each.fact, Icmp)]
    assert network.outcome("tcp-relay") == ("blocked", "dns")
    assert "192.0.2.9 answered meanwhile" in network.results()["tcp-relay"].best.evidence[-1]
    network.log = []
    assert network.outcome("tcp-relay") == ("inconclusive", "")


DIRECT = Address("203.0.113.20", 45001)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([Passed(DIRECT, False, 0.01), Passed(DIRECT, True, 0.02)], WORKS),
        ([Passed(DIRECT, False, 0.01), silent], ("blocked", "drop")),
        ([silent], ("blocked", "drop")),
        ([Passed(DIRECT, False, 0.01, plain=True), silent], ("blocked", "payload inspection")),
        (
            [Passed(DIRECT, False, 0.01), Passed(DIRECT, False, 0.9, plain=True), silent],
            ("blocked", "drop"),
        ),
        ([icmp()], ("blocked", "reject")),
        ([NotPossible("no relay in the range")], ("not checked", "")),
    ],
)
def test_direct_udp_to_our_own_relay(facts, expected):
    network = Network(plan_for(credentials=True)).set("udp-direct", *facts)
    assert network.outcome("udp-direct") == expected


def test_a_media_server_that_says_nothing_proves_nothing():
    media = SuppliedEndpoint("media", "192.0.2.9", 45123)
    network = Network(plan_for(site(endpoints=(*site().endpoints, media))))
    assert network.outcome("udp-direct") == ("inconclusive", "")
    network.set("udp-direct", Stun("Binding", 0, "", 0.02))
    assert network.outcome("udp-direct") == WORKS


def test_issuers_are_named():
    network = Network(plan_for(proxied=True))
    network.set("tls-relay@proxy", *FORGED, Silent(Step.REQUEST))
    finding = network.results()["tls-relay@proxy"].best
    assert "issuer Inspector" in finding.summary
    assert finding.offender == "Inspector"


def test_what_the_proxy_denies_is_told_by_comparison():
    denied = [opened, Tunnel(403, "Forbidden", 0.01)]
    network = Network(plan_for(proxied=True)).set("tcp-relay@proxy", *denied)
    assert "denies port 3478" in network.results()["tcp-relay@proxy"].summary
    network.set("tls-relay@proxy", *denied)
    assert f"denies {TURN}: 403" in network.results()["tls-relay@proxy"].summary


def test_ntlm_is_named_as_unsupported():
    answer = Tunnel(407, "Required", 0.01, schemes=("NTLM", "Negotiate"))
    network = Network(plan_for(proxied=True)).set("tls-relay@proxy", opened, answer)
    summary = network.results()["tls-relay@proxy"].summary
    assert "NTLM, Negotiate, which is not supported" in summary

"""What is tried, as a table: for each site exactly these probes and no other."""

import pytest

from callgate.errors import UsageError
from callgate.flows import Family
from callgate.policy.site import Proxy, Site, SuppliedEndpoint
from callgate.probe.schedule import proxies_for, schedule, servers
from tests.support.probing import APP, GOTO, PROXY, TURN, plan_for, site

BOTH = (Family.V4, Family.V6)


def ids(plan):
    return [each.id for each in plan.probes]


TABLE = {
    "a relay at its UDP and TCP port": (
        {"endpoints": (SuppliedEndpoint("turn", TURN, 3478),)}, {},
        [f"udp-relay {TURN}:3478 IPv4", f"tcp-relay {TURN}:3478 IPv4"],
        ["udp-direct", "tls-relay", "signalling"],
    ),
    "a relay at 443": (
        {"endpoints": (SuppliedEndpoint("turn", TURN, 443),)}, {},
        [f"tls-relay {TURN}:443 IPv4"],
        ["udp-direct", "udp-relay", "tcp-relay", "signalling"],
    ),
    "both families": (
        {"endpoints": (SuppliedEndpoint("turn", TURN, 443),), "families": BOTH}, {},
        [f"tls-relay {TURN}:443 IPv4", f"tls-relay {TURN}:443 IPv6"],
        ["udp-direct", "udp-relay", "tcp-relay", "signalling"],
    ),
    "an address has one family": (
        {"endpoints": (SuppliedEndpoint("turn", "2001:db8::7", 443),), "families": BOTH}, {},
        ["tls-relay [2001:db8::7]:443 IPv6"],
        ["udp-direct", "udp-relay", "tcp-relay", "signalling"],
    ),
    "a family that the site does not have": (
        {"endpoints": (SuppliedEndpoint("turn", "2001:db8::7", 443),)}, {},
        [],
        ["udp-direct", "udp-relay", "tcp-relay", "tls-relay", "signalling"],
    ),
    "a media server": (
        {"endpoints": (SuppliedEndpoint("media", "192.0.2.9", 45123),)}, {},
        ["udp-direct 192.0.2.9:45123 IPv4"],
        ["udp-relay", "tcp-relay", "tls-relay", "signalling"],
    ),
    "credentials prove direct UDP": (
        {"endpoints": (SuppliedEndpoint("turn", TURN, 443),)}, {"credentials": True},
        [f"tls-relay {TURN}:443 IPv4", f"udp-direct {TURN}:443 IPv4"],
        ["udp-relay", "tcp-relay", "signalling"],
    ),
    "with a proxy TCP goes both ways and UDP one": (
        {}, {"proxied": True},
        [
            f"udp-relay {TURN}:3478 IPv4",
            f"tcp-relay {TURN}:3478 IPv4", f"tcp-relay@proxy {TURN}:3478",
            f"tls-relay {TURN}:443 IPv4", f"tls-relay@proxy {TURN}:443",
            f"signalling {APP}:443 IPv4", f"signalling@proxy {APP}:443",
            "proxy 192.0.2.8:3128",
        ],
        ["udp-direct"],
    ),
    "two roles at one server": (
        {"endpoints": (SuppliedEndpoint("signalling", APP, 443),
                       SuppliedEndpoint("authentication", APP, 443))}, {},
        [f"signalling {APP}:443 IPv4", f"signalling {APP}:443 IPv4 #2"],
        ["udp-direct", "udp-relay", "tcp-relay", "tls-relay"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_the_plan(name):
    changes, options, expected, unchecked = TABLE[name]
    plan = plan_for(site(**changes), **options)
    assert ids(plan) == expected
    assert [each.path for each in plan.unchecked] == unchecked
    assert all(each.remedy for each in plan.unchecked)


def test_names_are_looked_up_by_the_proxy_where_it_is_asked():
    named = Proxy("proxy.example.com", 3128)
    plan = schedule(GOTO, site(), proxies={TURN: named, APP: named})
    assert plan.names == (TURN, "proxy.example.com", APP)
    only = site(endpoints=(SuppliedEndpoint("turn", "192.0.2.7", 443),))
    assert schedule(GOTO, only, proxies={"192.0.2.7": named}).names == ("proxy.example.com",)


def test_a_proxy_may_be_for_some_servers_only():
    plan = schedule(GOTO, site(), proxies={APP: PROXY})
    through = [each.path for each in plan.probes if each.proxy]
    assert through == ["signalling@proxy", ""]
    skipped = {each.path: each.reason for each in plan.unchecked}
    assert skipped["tcp-relay@proxy"] == "the proxy is not used for this server"


def test_proxies_are_chosen_for_servers_that_speak_tcp():
    given = site(endpoints=(*site().endpoints, SuppliedEndpoint("media", "192.0.2.9", 45000)))
    asked = []
    proxies_for(servers(GOTO, given), asked.append)
    assert asked == [APP, TURN]


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        (SuppliedEndpoint("turn", TURN, 5349), "no path to port 5349"),
        (SuppliedEndpoint("relay", TURN, 3478), "no such role"),
    ],
)
def test_what_is_misspelt_is_an_error(endpoint, message):
    with pytest.raises(UsageError, match=message):
        schedule(GOTO, Site(endpoints=(endpoint,)))


def test_nothing_is_contacted_that_nobody_named():
    plan = schedule(GOTO, Site(), credentials=True)
    assert plan.probes == ()
    assert plan.names == ()

from dataclasses import replace
from ipaddress import ip_network

from callgate.lab.atlas import PROXY_NAME, Atlas
from callgate.lab.campaign import example_site
from callgate.lab.cases import cases
from callgate.lab.judgement import Plan
from callgate.policy.site import Site
from callgate.profiles.loader import find

GOTO = find("goto")


def nets(*texts):
    return tuple(map(ip_network, texts))


def test_addresses_follow_the_site():
    site = Site(
        clients=nets("192.0.2.64/26"),
        resolvers=nets("192.0.2.1/32"),
        networks={"turn-networks": nets("198.51.100.128/31", "2001:db8:7::/64")},
    )
    atlas = Atlas.of(GOTO, site)
    assert atlas.client.both == ("192.0.2.74", "2001:db8:1::a")
    assert atlas.turn.both == ("198.51.100.129", "2001:db8:7::14")
    assert atlas.resolver.v4 == "192.0.2.1"


def test_names_are_covered_by_the_profiles_own_patterns():
    atlas = Atlas.of(GOTO, Site())
    assert atlas.turn_name == "turn.goto-rtc.com"
    for name in (atlas.turn_name, atlas.vendor_name):
        assert any(pattern.matches(name) for pattern in atlas.patterns)


def test_the_sites_own_resolvers_stay():
    site = Site(resolvers=nets("192.0.2.1/32"))
    assert Atlas.of(GOTO, site).site(site, proxied=False).resolvers == site.resolvers
    bare = Atlas.of(GOTO, Site())
    assert bare.site(Site(), proxied=False).resolvers == bare.resolver.networks
    proxy = bare.site(Site(), proxied=True).proxy
    assert proxy is not None
    assert (proxy.host, proxy.addresses) == (PROXY_NAME, bare.proxy.networks)


def test_every_scenario_has_its_cases():
    found = [
        (each.scenario, each.title, each.expected, each.tunnels)
        for each in cases(GOTO, [scenario.id for scenario in GOTO.scenarios])
    ]
    web, both = ("443",), ("3478", "443")
    assert found == [
        ("unrestricted", "direct", "udp-direct", ()),
        ("unrestricted", "proxy set, UDP open", "udp-direct", web),
        ("turn-udp", "direct", "udp-relay", ()),
        ("turn-udp", "proxy set, UDP open", "udp-relay", web),
        ("turn-tcp-3478", "direct", "tcp-relay", ()),
        ("turn-tcp-3478", "through the proxy", "tcp-relay@proxy", both),
        ("turn-tcp-443", "direct", "tls-relay", ()),
        ("turn-tcp-443", "through the proxy", "tls-relay@proxy", web),
        ("turn-tcp-443", "proxy reads server names", "tls-relay@proxy", web),
        ("turn-tcp-443", "inspection, TURN exempt", "tls-relay@proxy", web),
        ("turn-tcp-443", "inspection of everything", "none", web),
    ]


def test_a_family_without_a_prefix_in_a_list_is_not_tried():
    site = example_site(GOTO, Site())
    assert [each.value for each in Plan(GOTO, site, "nftables").families] == [4, 6]
    only4 = replace(site, networks={"turn-networks": nets("203.0.113.0/24")})
    assert [each.value for each in Plan(GOTO, only4, "nftables").families] == [4]

"""Which scenario is best for what a site is willing to open."""

from ipaddress import ip_network

import pytest

from callgate.flows import PortRange, Protocol
from callgate.policy.choose import compare
from callgate.policy.site import Service, Site
from callgate.profiles.loader import find

GOTO = find("goto/2.1")


def service(text: str, *networks: str) -> Service:
    protocol, _, ports = text.partition("/")
    return Service(
        Protocol[protocol.upper()],
        tuple(PortRange.parse(each) for each in ports.split(",")),
        tuple(ip_network(each) for each in networks),
    )


def best(*allow: Service, **site: object) -> str | None:
    fits = compare(GOTO, Site(allow=allow, **site))
    assert [fit.scenario.rank for fit in fits] == [1, 2, 3, 4]
    chosen = [fit.scenario.id for fit in fits if fit.best]
    return chosen[0] if chosen else None


TURN = {"turn-networks": (ip_network("198.51.100.0/24"), ip_network("2001:db8:7::/48"))}


@pytest.mark.parametrize(
    ("allow", "expected"),
    [
        (["udp/45000-49999", "tcp/443"], "unrestricted"),
        (["udp/1-65535", "tcp/1-65535"], "unrestricted"),
        (["udp/45000-49998", "tcp/443"], "turn-tcp-443"),
        (["udp/45000-47000", "udp/47001-49999", "tcp/443"], "unrestricted"),
        (["udp/3478", "tcp/443"], "turn-udp"),
        (["tcp/3478,443"], "turn-tcp-3478"),
        (["tcp/443"], "turn-tcp-443"),
        (["tcp/80", "udp/3478"], None),
        (["udp/443"], None),
    ],
)
def test_the_best_that_the_site_allows(allow, expected):
    assert best(*(service(each) for each in allow)) == expected


def test_a_narrow_allowance_covers_only_a_list_that_lies_within():
    narrow = service("udp/3478", "198.51.100.0/24", "2001:db8:7::/48")
    assert best(narrow, service("tcp/443")) == "turn-tcp-443"
    assert best(narrow, service("tcp/443"), networks=TURN) == "turn-udp"
    half = service("udp/3478", "198.51.100.0/25", "2001:db8:7::/48")
    assert best(half, service("tcp/443"), networks=TURN) == "turn-tcp-443"


def test_nothing_said_means_the_best_ranked():
    fits = compare(GOTO, Site())
    assert [fit.scenario.id for fit in fits if fit.best] == ["unrestricted"]
    assert all(fit.fits for fit in fits)


def test_reasons_name_the_row_and_missing_values_are_listed():
    fits = {fit.scenario.id: fit for fit in compare(GOTO, Site(allow=(service("tcp/443,3478"),)))}
    assert fits["turn-udp"].reasons == ("not allowed here: UDP 3478 → All or turn-networks",)
    assert fits["turn-tcp-3478"].missing == ("turn-networks",)
    assert fits["turn-udp"].missing == ()


def test_paths_that_each_scenario_opens():
    assert {fit.scenario.id: fit.paths for fit in compare(GOTO, Site())} == {
        "unrestricted": ("udp-direct", "tls-relay"),
        "turn-udp": ("udp-relay", "tls-relay"),
        "turn-tcp-3478": ("tcp-relay", "tls-relay"),
        "turn-tcp-443": ("tls-relay",),
    }

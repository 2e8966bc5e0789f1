"""The path that is left for a call, for scenarios and faults with known answers."""

import pytest

from callgate.lab.cases import cases
from callgate.lab.expectation import tried, under
from callgate.lab.faults import combine
from callgate.profiles.loader import find

PROFILE = find("goto")


def expected(scenario, *faults, proxied=False, family=4):
    (case,) = (
        each for each in tried(cases(PROFILE, [scenario])) if (each.proxy is not None) == proxied
    )
    found = under(PROFILE.scenario(scenario), case, combine(*faults), family)
    return [found.expected, *found.also]


@pytest.mark.parametrize(
    ("scenario", "faults", "paths"),
    [
        ("unrestricted", ["ping-drop"], ["udp-direct"]),
        # The document's own scenario does not open 3478, so no relay by UDP or TCP.
        ("unrestricted", ["udp-drop"], ["tls-relay"]),
        ("turn-udp", ["udp-media-drop"], ["udp-relay"]),
        ("turn-udp", ["udp-3478-drop"], ["tls-relay"]),
        ("turn-tcp-3478", ["tcp-3478-reset"], ["tls-relay"]),
        ("turn-tcp-443", ["turn-refuses"], ["none"]),
        # No signalling, no call.
        ("turn-udp", ["tcp-443-drop"], ["none"]),
        ("unrestricted", ["dns-nxdomain"], ["none"]),
        # What is degraded may be used or left.
        ("turn-udp", ["udp-rate-limit"], ["udp-relay", "tls-relay"]),
        ("turn-udp", ["link-lossy"], ["udp-relay", "tls-relay"]),
        ("turn-udp", ["link-lossy", "udp-drop"], ["tls-relay"]),
        # Of which way the other side hears first is chance, if signalling is slow.
        ("turn-udp", ["tcp-443-syn-limit"], ["udp-relay", "tls-relay"]),
        ("unrestricted", ["dns-slow"], ["udp-direct", "tls-relay"]),
        # About the relay there is no truth: the box stands before the server that is down.
        ("turn-tcp-443", ["tls-intercepted-by-name", "turn-refuses"], ["tls-relay", "none"]),
        # Nor about signalling.
        ("turn-udp", ["tls-intercepted", "vendor-silent"], ["udp-relay", "none"]),
    ],
)
def test_without_a_proxy(scenario, faults, paths):
    assert expected(scenario, *faults) == paths


@pytest.mark.parametrize(
    ("scenario", "faults", "paths"),
    [
        ("turn-udp", ["udp-drop"], ["tls-relay@proxy"]),
        # A proxy looks names up itself.
        ("turn-tcp-443", ["dns-nxdomain"], ["tls-relay@proxy"]),
        ("turn-tcp-443", ["dns-nxdomain-everywhere"], ["none"]),
        ("turn-tcp-443", ["tcp-443-drop"], ["tls-relay@proxy"]),
        ("turn-tcp-443", ["proxy-denies-turn"], ["none"]),
        ("turn-tcp-3478", ["proxy-refuses-3478"], ["tls-relay@proxy"]),
        ("turn-udp", ["proxy-drop"], ["none"]),
    ],
)
def test_with_a_proxy(scenario, faults, paths):
    assert expected(scenario, *faults, proxied=True) == paths


def test_families_are_told_apart():
    assert expected("turn-udp", "ipv6-drop", family=4) == ["udp-relay"]
    assert expected("turn-udp", "ipv6-drop", family=6) == ["none"]


def test_networks_that_inspect_anyway_are_left_out():
    found = tried(cases(PROFILE, ["turn-tcp-443"]))
    assert [each.title for each in found] == ["direct", "through the proxy"]


def test_the_network_is_called_by_its_faults():
    scenario = PROFILE.scenario("turn-udp")
    case = cases(PROFILE, ["turn-udp"])[0]
    named = under(scenario, case, combine("udp-drop", "ping-drop"), 4)
    assert named.title == "direct, udp-drop and ping-drop"


@pytest.mark.parametrize(
    ("scenario", "faults", "degraded"),
    [
        ("turn-udp", ["ping-drop"], False),
        ("turn-udp", ["udp-3478-drop"], False),
        ("turn-udp", ["tcp-443-drop"], False),
        ("turn-udp", ["udp-rate-limit"], True),
        # There is only one way, and it is bad.
        ("turn-tcp-443", ["link-lossy"], True),
        # No call goes by UDP then, and TLS is as good as ever.
        ("turn-udp", ["udp-rate-limit", "udp-drop"], False),
        # Signalling is slow.
        ("unrestricted", ["dns-slow"], True),
        # About signalling there is no truth.
        ("turn-udp", ["tls-intercepted", "vendor-silent"], True),
        # No call, however long one waits.
        ("turn-tcp-443", ["link-lossy", "turn-silent"], False),
    ],
)
def test_a_way_that_is_bad_is_told_from_one_that_is_not_there(scenario, faults, degraded):
    case = cases(PROFILE, [scenario])[0]
    assert not case.degraded
    assert under(PROFILE.scenario(scenario), case, combine(*faults), 4).degraded == degraded

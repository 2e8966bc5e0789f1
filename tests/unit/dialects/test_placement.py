"""Which rules go to which hook, and what is refused."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from callgate.dialects.placement import (
    Hook,
    is_all,
    merge_point,
    outermost,
    placements,
    refuse_domains,
)
from callgate.errors import UnsupportedError, UsageError
from callgate.names import DomainPattern
from callgate.policy.model import Direction, Domains, State
from callgate.policy.site import MergePoint, On
from tests.support.policies import NFT_MERGE, policy, with_rule


def nets(*texts):
    return tuple(map(ip_network, texts))


def test_a_router_filters_only_what_it_forwards():
    router = policy()
    (placed,) = placements(router)
    assert placed.hook is Hook.FORWARD
    assert placed.rules == router.rules


def test_a_host_filters_both_ways_and_states_hold_for_both():
    out, back = placements(policy(on=On.HOST))
    assert (out.hook, back.hook) == (Hook.OUTPUT, Hook.INPUT)
    for placed, foreign in ((out, Direction.IN), (back, Direction.OUT)):
        assert any(rule.state is State.ESTABLISHED for rule in placed.rules)
        assert any(rule.loopback for rule in placed.rules)
        assert not [
            rule
            for rule in placed.rules
            if rule.direction is foreign and rule.state is State.NEW and not rule.loopback
        ]


def test_no_rule_of_a_host_is_lost():
    host = policy(on=On.HOST)
    placed = {rule for each in placements(host) for rule in each.rules}
    assert placed == set(host.rules)


def test_a_merge_on_a_host_is_the_way_out():
    (placed,) = placements(policy(on=On.HOST, merge=NFT_MERGE))
    assert placed.hook is Hook.OUTPUT


@pytest.mark.parametrize("point", [None, MergePoint("inet filter", "forward", 0)])
def test_a_merge_without_a_place_is_refused(point):
    with pytest.raises(UsageError):
        merge_point(replace(policy(merge=NFT_MERGE), merge=point))


def test_a_destination_by_domain_is_refused_with_a_hint():
    named = with_rule(policy(), destination=Domains((DomainPattern("goto.com", True),)))
    with pytest.raises(UnsupportedError, match="cannot allow by domain") as caught:
        refuse_domains(named, "nftables")
    assert "--by-domain" in caught.value.hint


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (nets("192.0.2.0/24", "192.0.2.128/25"), nets("192.0.2.0/24")),
        (nets("192.0.2.128/25", "192.0.2.0/24"), nets("192.0.2.0/24")),
        (nets("192.0.2.128/25", "192.0.2.0/25"), nets("192.0.2.0/25", "192.0.2.128/25")),
        (nets("192.0.2.1", "192.0.2.1"), nets("192.0.2.1")),
        (nets("2001:db8::/32", "2001:db8:1::/48"), nets("2001:db8::/32")),
        ((), ()),
    ],
)
def test_networks_inside_others_are_left_out(given, kept):
    assert outermost(given) == kept


def test_all_is_a_prefix_of_length_zero():
    assert is_all(nets("0.0.0.0/0"))
    assert is_all(nets("::/0"))
    assert not is_all(nets("192.0.2.0/24"))

"""Scenario × Site → Policy, on the real GoTo profile."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from callgate.errors import MissingValueError, UsageError
from callgate.flows import Family, PortRange, Protocol
from callgate.policy.build import build
from callgate.policy.model import Anywhere, Direction, Domains, Kind, Networks, Policy, State
from callgate.policy.site import (
    ALL,
    Apply,
    Edge,
    Final,
    Inspection,
    Management,
    On,
    Proxy,
    Site,
    SuppliedEndpoint,
)
from callgate.profiles.loader import find

GOTO = find("goto/2.1")
TURN4 = ip_network("198.51.100.0/24")
TURN6 = ip_network("2001:db8:7::/48")
CLIENT4 = ip_network("10.0.0.0/8")
CLIENT6 = ip_network("2001:db8:1::/48")
SITE = Site(clients=(CLIENT4, CLIENT6), networks={"turn-networks": (TURN4, TURN6)})


def needs(policy: Policy) -> list[str]:
    return [
        f"{rule.family} {rule.protocol} {','.join(map(str, rule.ports))} {rule.destination}"
        for rule in policy.rules
        if rule.kind is Kind.NEED
    ]


def notice_ids(policy: Policy) -> set[str]:
    return {notice.id for notice in policy.notices}


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("unrestricted", ["udp 45000-49999 All", "tcp 443 All"]),
        ("turn-udp", ["udp 3478 turn-networks", "tcp 443 All"]),
        ("turn-tcp-3478", ["tcp 3478 turn-networks", "tcp 443 All"]),
        ("turn-tcp-443", ["tcp 443 All"]),
    ],
)
def test_the_needs_are_the_rows_of_the_document(scenario, expected):
    policy = build(GOTO, SITE, (scenario,))
    for family in Family:
        mine = [line for line in needs(policy) if line.startswith(str(family))]
        assert mine == [f"{family} {line}" for line in expected]


def test_all_is_used_only_when_it_is_chosen():
    site = replace(SITE, networks={"turn-networks": ALL})
    assert "IPv4 udp 3478 All" in needs(build(GOTO, site, ("turn-udp",)))


def test_all_is_refused_where_the_document_does_not_offer_it():
    site = replace(SITE, networks={"turn-networks": ALL})
    with pytest.raises(UsageError, match="offers only turn-networks"):
        build(GOTO, site, ("turn-tcp-3478",))


@pytest.mark.parametrize("scenario", ["turn-udp", "turn-tcp-3478"])
def test_an_unpublished_list_must_be_supplied(scenario):
    with pytest.raises(MissingValueError, match=r"turn-networks, which is unpublished") as caught:
        build(GOTO, replace(SITE, networks={}), (scenario,))
    assert caught.value.hint is not None
    assert ("all" in caught.value.hint) == (scenario == "turn-udp")


def test_a_family_without_prefix_is_blocked_and_said():
    site = replace(SITE, networks={"turn-networks": (TURN4,)})
    policy = build(GOTO, site, ("turn-udp",))
    assert not any(line.startswith("IPv6 udp") for line in needs(policy))
    said = [notice.text for notice in policy.notices if notice.id.startswith("closed.")]
    assert said == ["IPv6 udp/3478 stays blocked: turn-networks has no IPv6 network."]


def test_a_family_without_clients_is_blocked_and_said():
    policy = build(GOTO, replace(SITE, clients=(CLIENT4,)), ("turn-tcp-443",))
    assert needs(policy) == ["IPv4 tcp 443 All"]
    assert any("no IPv6 network was named" in notice.text for notice in policy.notices)


def test_a_router_must_know_who_is_inside():
    with pytest.raises(UsageError, match="who is inside"):
        build(GOTO, replace(SITE, clients=()), ("turn-tcp-443",))


def test_a_host_needs_no_clients_and_has_its_own_infrastructure():
    policy = build(GOTO, Site(on=On.HOST), ("turn-tcp-443",))
    ids = {rule.id for rule in policy.rules if rule.kind is Kind.INFRASTRUCTURE}
    assert ids == {
        "infrastructure.established",
        "infrastructure.icmp-errors",
        "infrastructure.loopback",
        "infrastructure.neighbour-discovery",
        "infrastructure.dhcp",
        "infrastructure.management",
    }
    assert policy.clients is None


def test_management_can_be_narrowed_or_left_out():
    inside = ip_network("192.0.2.0/24")
    policy = build(
        GOTO, Site(on=On.HOST, management=Management(sources=(inside,))), ("unrestricted",)
    )
    rules = [rule for rule in policy.rules if rule.id == "infrastructure.management"]
    assert [(rule.family, rule.sources) for rule in rules] == [(Family.V4, (inside,))]
    none = build(GOTO, Site(on=On.HOST, management=None), ("unrestricted",))
    assert not none.flows(Direction.IN) & policy.flows(Direction.IN, kind=Kind.NEED)
    assert "infrastructure.management" not in {rule.id for rule in none.rules}


def test_dns_goes_to_the_resolvers_and_nowhere_else():
    site = replace(SITE, resolvers=(ip_network("10.0.0.53"),))
    policy = build(GOTO, site, ("turn-tcp-443",))
    rules = [rule for rule in policy.rules if rule.id.startswith("infrastructure.dns")]
    assert [(rule.family, rule.protocol) for rule in rules] == [
        (Family.V4, Protocol.UDP),
        (Family.V4, Protocol.TCP),
    ]
    assert all(
        rule.destination == Networks((ip_network("10.0.0.53"),), "resolvers") for rule in rules
    )
    assert "no-resolver" in notice_ids(build(GOTO, SITE, ("turn-tcp-443",)))


PROXY = Proxy("proxy.example", 3128, (ip_network("10.0.0.80"),))


def test_with_a_proxy_tcp_goes_to_it_and_udp_does_not():
    policy = build(GOTO, replace(SITE, proxy=PROXY, families=(Family.V4,)), ("turn-udp",))
    assert needs(policy) == ["IPv4 udp 3478 turn-networks", "IPv4 tcp 3128 proxy"]


def test_the_proxy_edge_has_the_tcp_needs_and_no_udp():
    site = replace(SITE, proxy=PROXY, edge=Edge.PROXY, families=(Family.V4,))
    policy = build(GOTO, site, ("turn-tcp-3478",))
    assert needs(policy) == ["IPv4 tcp 3478 turn-networks", "IPv4 tcp 443 All"]
    assert {rule.sources for rule in policy.rules if rule.kind is Kind.NEED} == {
        (ip_network("10.0.0.80"),)
    }
    assert needs(build(GOTO, site, ("turn-udp",))) == ["IPv4 tcp 443 All"]


def test_both_edges_in_one_box():
    site = replace(SITE, proxy=PROXY, edge=Edge.BOTH, families=(Family.V4,))
    policy = build(GOTO, site, ("turn-udp",))
    assert needs(policy) == [
        "IPv4 udp 3478 turn-networks",
        "IPv4 tcp 3128 proxy",
        "IPv4 tcp 443 All",
    ]


def test_a_proxy_without_an_address_cannot_be_a_firewall_rule():
    with pytest.raises(UsageError, match="needs the proxy's address"):
        build(GOTO, replace(SITE, proxy=Proxy("proxy.example", 3128)), ("turn-udp",))


def test_an_edge_without_a_proxy_is_refused():
    with pytest.raises(UsageError, match="the site has none"):
        build(GOTO, replace(SITE, edge=Edge.PROXY), ("turn-udp",))


def test_by_domain_limits_tcp_only_and_is_said():
    policy = build(GOTO, replace(SITE, by_domain=True), ("unrestricted",))
    kinds = {
        rule.protocol: type(rule.destination) for rule in policy.rules if rule.kind is Kind.NEED
    }
    assert kinds == {Protocol.UDP: Anywhere, Protocol.TCP: Domains}
    assert "by-domain" in notice_ids(policy)


def test_training_domains_come_with_the_product_only():
    plain = build(GOTO, SITE, ("turn-tcp-443",)).domains
    training = build(
        GOTO, replace(SITE, products=("meeting", "training")), ("turn-tcp-443",)
    ).domains
    assert len(plain) == 7
    assert {str(pattern) for pattern in training} - {str(pattern) for pattern in plain} == {
        "*.gototraining.com",
        "*.firebase.app",
        "apis.google.com",
        "*.youtube.com",
        "*.googlevideo.com",
    }


def test_scenarios_unite_without_repeating_a_rule():
    policy = build(GOTO, replace(SITE, families=(Family.V4,)), ("turn-udp", "unrestricted"))
    assert policy.scenarios == ("unrestricted", "turn-udp")
    assert needs(policy) == [
        "IPv4 udp 45000-49999 All",
        "IPv4 tcp 443 All",
        "IPv4 udp 3478 turn-networks",
    ]
    assert "no-udp-relay" not in notice_ids(policy)
    assert "no-udp-relay" in notice_ids(build(GOTO, SITE, ("unrestricted",)))


@pytest.mark.parametrize(
    ("scenarios", "match"),
    [(("turn-upd",), "no scenario 'turn-upd'"), ((), "no scenario was chosen")],
)
def test_scenarios_that_do_not_exist_are_refused(scenarios, match):
    with pytest.raises(UsageError, match=match) as caught:
        build(GOTO, SITE, scenarios)
    assert "turn-udp" in str(caught.value.hint)


def test_unknown_networks_and_products_are_refused():
    with pytest.raises(UsageError, match="no network list 'turn-network'"):
        build(GOTO, replace(SITE, networks={"turn-network": (TURN4,)}), ("turn-udp",))
    with pytest.raises(UsageError, match="no endpoint 'trun'"):
        build(
            GOTO,
            replace(SITE, endpoints=(SuppliedEndpoint("trun", "t.example", 3478),)),
            ("turn-udp",),
        )
    with pytest.raises(UsageError, match="no product 'trainings'"):
        build(GOTO, replace(SITE, products=("trainings",)), ("turn-udp",))


def test_standalone_blocks_everything_and_merge_only_what_it_is_told():
    standalone = build(GOTO, SITE, ("turn-udp",)).block
    assert standalone is not None
    assert standalone.clients is None
    merge = replace(SITE, apply=Apply.MERGE)
    assert build(GOTO, merge, ("turn-udp",)).block is None
    scoped = build(GOTO, replace(merge, block=True, final=Final.DROP), ("turn-udp",)).block
    assert scoped is not None
    assert (scoped.action, scoped.clients) == (Final.DROP, (CLIENT4, CLIENT6))


def test_a_block_in_the_unrestricted_scenario_is_labelled_ours():
    assert "our-block" in notice_ids(build(GOTO, SITE, ("unrestricted",)))
    assert "our-block" not in notice_ids(build(GOTO, replace(SITE, block=False), ("unrestricted",)))
    assert "our-block" not in notice_ids(build(GOTO, SITE, ("turn-udp",)))


@pytest.mark.parametrize(
    ("scenario", "notice"),
    [
        ("unrestricted", "inspection-signalling"),
        ("turn-udp", "inspection-signalling"),
        ("turn-tcp-3478", "inspection-media"),
        ("turn-tcp-443", "inspection-media"),
    ],
)
def test_inspection_is_tolerable_with_media_by_udp_only(scenario, notice):
    site = replace(SITE, inspection=Inspection.ALL)
    ids = notice_ids(build(GOTO, site, (scenario,)))
    assert {each for each in ids if each.startswith("inspection")} == {notice}


def test_flows_hold_what_the_table_says_and_nothing_beside():
    policy = build(GOTO, SITE, ("turn-udp",))
    flows = policy.flows(Direction.OUT)
    assert policy.needs() <= flows
    assert not flows <= policy.needs()  # a need comes from ports 1024-65535, a rule from any
    allowed = {
        (box.family, protocol, port)
        for box in flows.boxes()
        for protocol in box.protocol.intervals
        for port in box.destination_port.intervals
    }
    assert allowed == {
        (family, (protocol, protocol), (port, port))
        for family in Family
        for protocol, port in ((Protocol.UDP, 3478), (Protocol.TCP, 443))
    }
    assert not policy.flows(Direction.IN)


def test_state_rules_open_nothing_by_themselves():
    policy = build(GOTO, SITE, ("turn-udp",))
    stateless = replace(
        policy, rules=tuple(rule for rule in policy.rules if rule.state is State.NEW)
    )
    assert policy.flows(Direction.OUT) == stateless.flows(Direction.OUT)


def test_ports_print_as_in_the_document():
    assert str(PortRange.parse("45000-49999")) == "45000-49999"


def test_a_target_that_goes_by_name_needs_no_rules():
    policy = build(GOTO, Site(proxy=Proxy("proxy.example", 3128)), ("turn-udp",), filters=False)
    assert policy.rules == ()
    assert len(policy.domains) == 7
    assert notice_ids(policy) == {"proxy-connect"}

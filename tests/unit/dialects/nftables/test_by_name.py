"""By domain: the rules, the file beside them, and what a reader makes of both."""

from ipaddress import ip_network

import pytest

from callgate.check import Prepared, Question, excess, sufficiency
from callgate.dialects.nftables import Nftables
from callgate.dialects.reading import find
from callgate.flows import Family
from callgate.policy.model import Direction
from callgate.policy.site import Edge, On, Proxy
from callgate.verdicts import Verdict
from tests.support.policies import NFT_MERGE, policy

OUT = "ip daddr @callgate_names_v4 tcp dport 443 ct state new"
KEEPS = "update @callgate_names_v4 { ip daddr } accept"


def texts(**choices):
    made = Nftables().generate(policy(by_domain=True, **choices))
    return {artifact.name: artifact.text for artifact in made}


def test_tcp_goes_by_name_and_udp_does_not():
    rules = texts()["callgate.nft"]
    assert f"{OUT} {KEEPS}" in rules
    assert "udp dport 3478 ct state new accept" in rules


def test_a_set_of_names_keeps_what_it_learned_in_a_merge_and_times_out():
    rules = texts(merge=NFT_MERGE)["callgate.nft"]
    assert "flags dynamic,timeout\n\t\ttimeout 1d" in rules
    assert "flush set inet filter callgate_names" not in rules


@pytest.mark.parametrize(
    ("choices", "where"),
    [
        ({}, "4#inet#callgate#callgate_names_v4,6#inet#callgate#callgate_names_v6"),
        ({"merge": NFT_MERGE}, "4#inet#filter#callgate_names_v4,6#inet#filter#callgate_names_v6"),
        ({"families": (Family.V4,)}, "4#inet#callgate#callgate_names_v4"),
        ({"on": On.HOST}, "4#inet#callgate#callgate_names_v4,6#inet#callgate#callgate_names_v6"),
    ],
)
def test_the_resolver_is_told_the_same_sets(choices, where):
    files = texts(**choices)
    assert f"nftset=/goto.com/{where}\n" in files["callgate-dnsmasq.conf"]
    for name in ("callgate_names_v4", "callgate_names_v6"):
        assert (name in where) is (f"set {name} {{" in files["callgate.nft"])


def test_without_by_domain_there_is_no_word_of_names():
    made = Nftables().generate(policy())
    assert {each.name for each in made} == {"callgate.nft", "apply.sh", "rollback.sh"}
    assert "callgate_names" not in made[0].text
    assert not made[0].excess_note


def test_with_a_proxy_the_clients_need_no_names():
    proxy = Proxy("proxy.example", 3128, (ip_network("192.0.2.200"),))
    assert "callgate-dnsmasq.conf" not in texts(proxy=proxy, edge=Edge.CLIENT)


def test_at_most_all_of_tcp_443_is_declared_and_no_udp():
    named = policy(by_domain=True)
    rules, *_ = Nftables().generate(named)
    everything = policy().flows(Direction.OUT)
    assert rules.excess
    assert named.flows(Direction.OUT) | rules.excess == everything
    assert not rules.excess & named.flows(Direction.OUT)


def test_what_is_read_back_depends_on_the_set():
    named = policy(by_domain=True)
    rules, *_ = Nftables().generate(named)
    prepared = Prepared(find("nftables").parse(rules.text, "callgate.nft"))
    question = Question("forward", atoms=named.atoms)
    answer = sufficiency(prepared, question, named.needs())
    assert answer.verdict is Verdict.DEPENDS
    assert any("@callgate_names_v4" in each for each in answer.conditions)
    declared = named.flows(Direction.OUT) | rules.excess
    assert not excess(prepared, question, declared).total

"""The nftables text; that a kernel takes and obeys it is the oracle's and the lab's business."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from callgate.dialects.nftables import Nftables
from callgate.dialects.nftables.sets import Sets, slug
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family, PortRange, Protocol
from callgate.policy.model import Anywhere, Networks
from callgate.policy.site import Final, MergePoint, On
from tests.support.policies import NFT_MERGE, policy, text_of, with_rule


def rules(**choices):
    """The rules of a generated file, without comments and alignment."""
    text = text_of(Nftables(), policy(**choices))
    return [" ".join(line.partition("comment")[0].split()) for line in text.splitlines()]


def test_the_table_is_replaced_in_one_transaction_and_no_other_is_touched():
    lines = rules()
    start = lines.index("table inet callgate {}")
    assert lines[start + 1] == "delete table inet callgate"
    assert not [line for line in lines if "flush" in line]
    assert {line.split(" {")[0] for line in lines if line.startswith("table")} == {
        "table inet callgate"
    }


def test_the_needs_are_readable():
    lines = rules()
    assert (
        "ip saddr @clients_v4 ip daddr @turn_networks_v4 udp dport 3478 ct state new accept"
        in lines
    )
    assert "ip saddr @clients_v4 tcp dport 443 ct state new accept" in lines
    assert "elements = { 198.51.100.0/24, 203.0.113.0/25 }" in lines


def test_what_differs_in_family_only_is_one_line():
    lines = rules(on=On.HOST)
    assert lines.count("ct state established accept") == 2
    assert "tcp dport 443 ct state new accept" in lines
    assert "meta nfproto ipv4 tcp dport 443 ct state new accept" not in lines


def test_one_family_alone_is_named_in_every_line():
    lines = rules(on=On.HOST, families=(Family.V4,))
    assert "meta nfproto ipv4 tcp dport 443 ct state new accept" in lines
    assert "meta nfproto ipv4 ct state established accept" in lines
    assert not [line for line in lines if "ip6" in line or "ipv6" in line]


@pytest.mark.parametrize("final", list(Final))
def test_a_block_of_everything_is_also_the_chain_policy(final):
    assert "type filter hook forward priority filter; policy drop;" in rules(final=final)
    assert "type filter hook forward priority filter; policy accept;" in rules(block=False)


def test_dns_that_is_not_allowed_is_rejected_before_a_drop():
    lines = rules(final=Final.DROP)
    end = lines.index("counter drop")
    assert lines[end - 2 : end] == [
        "udp dport 53 reject",
        "tcp dport 53 reject with tcp reset",
    ]


def test_a_stranger_who_asks_the_host_for_dns_gets_no_answer():
    lines = rules(final=Final.DROP, on=On.HOST)
    assert not [line for line in lines[lines.index("chain input {") :] if "dport 53" in line]


def test_a_connection_older_than_the_rules_is_not_reset_on_a_host():
    lines = rules(on=On.HOST)
    reset = lines.index("meta l4proto tcp counter reject with tcp reset")
    assert lines[reset - 1] == "tcp flags & (syn | ack) != syn drop"


def test_a_merge_adds_its_own_chain_and_sets_only():
    text = text_of(Nftables(), policy(merge=NFT_MERGE))
    names = [line.split()[1] for line in text.splitlines() if line.lstrip()[:4] in ("set ", "chai")]
    assert names
    assert all(name.startswith("callgate") for name in names)
    assert "hook" not in text
    assert "reject" not in text
    assert "drop" not in text


def test_a_block_in_a_merge_is_scoped_to_the_clients():
    lines = rules(merge=NFT_MERGE, block=True)
    blocks = [line for line in lines if "reject" in line]
    assert len(blocks) == 4
    assert all(line.startswith(("ip saddr @call", "ip6 saddr @call")) for line in blocks)


@pytest.mark.parametrize(("family", "wanted"), [("ip", Family.V4), ("ip6", Family.V6)])
def test_a_table_of_one_family_does_not_name_it(family, wanted):
    point = MergePoint(f"{family} filter", "output")
    lines = rules(merge=point, families=(wanted,), on=On.HOST)
    assert "tcp dport 443 ct state new accept" in lines
    assert not [line for line in lines if "nfproto" in line]


def test_a_family_that_the_table_cannot_see_is_refused():
    with pytest.raises(UnsupportedError, match="never sees IPv6") as caught:
        Nftables().generate(policy(merge=MergePoint("ip filter", "forward")))
    assert "inet table" in caught.value.hint


@pytest.mark.parametrize(
    ("table", "chain", "error"),
    [
        ("filter", "forward", UsageError),
        ("bridge filter", "forward", UnsupportedError),
        ("inet ", "forward", UsageError),
        ("inet filter; flush ruleset", "forward", UsageError),
        ("inet filter", "forward}\nflush ruleset", UsageError),
        ("inet filter", "$(reboot)", UsageError),
        ("inet filter", "", UsageError),
        ("inet filter\n", "forward", UsageError),
    ],
)
def test_a_merge_point_that_is_no_name_is_refused(table, chain, error):
    with pytest.raises(error):
        Nftables().generate(policy(merge=MergePoint(table, chain)))


def test_ports_and_protocols_stay_together():
    odd = with_rule(
        policy(families=(Family.V4,)),
        protocol=Protocol.SCTP,
        ports=(PortRange(5, 6), PortRange(7, 7), PortRange(9, 9)),
    )
    assert "sctp dport { 5-7, 9 } ct state new accept" in text_of(Nftables(), odd)


def test_every_icmp_type_survives_even_without_a_name():
    odd = with_rule(
        policy(families=(Family.V6,)),
        protocol=Protocol.ICMPV6,
        ports=(),
        icmp_types=(2, 200),
        destination=Anywhere(),
    )
    assert "icmpv6 type { packet-too-big, 200 } accept" in text_of(Nftables(), odd)


def test_an_icmp_rule_without_types_is_bound_to_its_family():
    odd = with_rule(
        policy(families=(Family.V4,)),
        protocol=Protocol.ICMP,
        ports=(),
        sources=None,
        destination=Anywhere(),
    )
    assert "meta nfproto ipv4 meta l4proto icmp accept" in text_of(Nftables(), odd)


@pytest.mark.parametrize(
    ("label", "name"),
    [("turn-networks", "turn_networks"), ("2nd", "net_2nd"), ('"};', "net"), ("Büro", "b_ro")],
)
def test_a_label_becomes_a_name(label, name):
    assert slug(label) == name


def test_two_lists_never_share_a_name():
    sets = Sets()
    one = tuple(map(ip_network, ("192.0.2.0/25", "198.51.100.0/24")))
    two = tuple(map(ip_network, ("192.0.2.0/26", "198.51.100.0/24")))
    names = {
        sets.reference(one, "a-b", Family.V4),
        sets.reference(two, "a b", Family.V4),
    }
    assert names == {"@a_b_v4", "@a_b_2_v4"}
    assert sets.reference(one, "other", Family.V4) == "@a_b_v4"


def test_a_long_list_is_broken_into_lines():
    many = tuple(ip_network(f"198.51.100.{4 * each}/30") for each in range(9))
    listed = with_rule(
        policy("turn-tcp-443", families=(Family.V4,)), destination=Networks(many, "long")
    )
    text = text_of(Nftables(), listed)
    assert max(map(len, text.splitlines())) < 200
    assert text.count("198.51.100.") == 9


def test_the_same_policy_gives_the_same_bytes():
    assert Nftables().generate(policy()) == Nftables().generate(replace(policy()))

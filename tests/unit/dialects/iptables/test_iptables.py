"""The restore files; that a kernel takes and obeys them is the oracle's and the lab's business."""

import re

import pytest

from callgate.dialects.iptables import Iptables
from callgate.dialects.iptables.chains import NAME_MAX, Chains
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family, PortRange
from callgate.policy.model import Networks
from callgate.policy.site import Final, MergePoint, On
from tests.support.policies import CLIENTS, IPT_MERGE, TURN, policy, text_of, with_rule


def rules(name="rules.v4", **choices):
    """The rules of a generated file, without comments."""
    text = text_of(Iptables(), policy(**choices), name)
    return [
        re.sub(r'-m comment --comment "[^"]*" ', "", line)
        for line in text.splitlines()
        if not line.startswith("#")
    ]


def test_a_need_is_one_line_for_each_source():
    lines = rules()
    new = "-p udp -m udp --dport 3478 -m conntrack --ctstate NEW -j CALLGATE-TURN-NETWORKS"
    assert f"-A CALLGATE-FORWARD -s 192.0.2.0/25 {new}" in lines
    assert f"-A CALLGATE-FORWARD -s 192.0.2.128/26 {new}" in lines
    assert "-A CALLGATE-TURN-NETWORKS -d 198.51.100.0/24 -j ACCEPT" in lines


def test_only_chains_of_ours_are_declared_and_so_emptied():
    for name in ("rules.v4", "rules.v6"):
        declared = [line.split()[0] for line in rules(name) if line.startswith(":")]
        assert declared
        assert all(each.startswith(":CALLGATE") for each in declared)


def test_the_jump_is_the_last_word_and_goes_first():
    assert rules()[-2:] == [
        "-I FORWARD 1 -m comment --comment callgate -j CALLGATE-FORWARD",
        "COMMIT",
    ]
    assert rules(on=On.HOST)[-3:-1] == [
        "-I OUTPUT 1 -m comment --comment callgate -j CALLGATE-OUTPUT",
        "-I INPUT 1 -m comment --comment callgate -j CALLGATE-INPUT",
    ]


def test_no_line_is_said_twice():
    lines = rules()
    assert len(lines) == len(set(lines))


def test_a_family_that_is_not_wanted_gets_the_block_alone():
    lines = rules("rules.v6", families=(Family.V4,))
    assert not [line for line in lines if "ACCEPT" in line]
    assert "-A CALLGATE-FORWARD -j CALLGATE-BLOCK" in lines
    assert "-A CALLGATE-BLOCK -j REJECT --reject-with icmp6-adm-prohibited" in lines


def test_a_merge_leaves_a_family_that_is_not_wanted_alone():
    names = [
        each.name for each in Iptables().generate(policy(merge=IPT_MERGE, families=(Family.V4,)))
    ]
    assert names == ["rules.v4", "apply.sh", "rollback.sh"]


def test_a_merge_has_no_block_unless_asked_for_and_then_for_the_clients():
    assert not [line for line in rules(merge=IPT_MERGE) if "BLOCK" in line]
    jumps = [
        line for line in rules(merge=IPT_MERGE, block=True) if line.endswith("-j CALLGATE-BLOCK")
    ]
    assert jumps == [
        "-A CALLGATE -s 192.0.2.0/25 -j CALLGATE-BLOCK",
        "-A CALLGATE -s 192.0.2.128/26 -j CALLGATE-BLOCK",
    ]


def test_a_block_for_clients_of_one_family_does_not_become_one_for_all():
    lines = rules("rules.v6", merge=IPT_MERGE, block=True, clients=CLIENTS[:2])
    assert not [line for line in lines if line.endswith("-j CALLGATE-BLOCK")]


def test_dns_that_is_not_allowed_is_rejected_before_a_drop():
    lines = rules(final=Final.DROP)
    end = lines.index("-A CALLGATE-FORWARD -j CALLGATE-BLOCK")
    assert [line.split("-j ")[1] for line in lines[end - 2 : end]] == [
        "REJECT --reject-with icmp-port-unreachable",
        "REJECT --reject-with tcp-reset",
    ]
    assert "-A CALLGATE-BLOCK -j DROP" in lines


def test_a_connection_older_than_the_rules_is_not_reset_on_a_host():
    lines = rules(on=On.HOST)
    end = lines.index("-A CALLGATE-OUTPUT -j CALLGATE-BLOCK")
    assert lines[end - 1] == "-A CALLGATE-OUTPUT -p tcp -m tcp ! --tcp-flags SYN,ACK SYN -j DROP"


def test_many_ports_are_split_where_multiport_ends():
    wanted = tuple(PortRange(2 * each, 2 * each) for each in range(1, 17))
    text = text_of(
        Iptables(), with_rule(policy("turn-tcp-443", families=(Family.V4,)), ports=wanted)
    )
    found = re.findall(r"--dports (\S+)", text)
    assert [len(each.split(",")) for each in found] == [15, 1, 15, 1]
    ranges = tuple(PortRange(10 * each, 10 * each + 5) for each in range(1, 9))
    text = text_of(
        Iptables(), with_rule(policy("turn-tcp-443", families=(Family.V4,)), ports=ranges)
    )
    assert [len(each.split(",")) for each in re.findall(r"--dports (\S+)", text)] == [7, 1, 7, 1]


@pytest.mark.parametrize("label", ["block", "forward", "x" * 60, "", '"}\n-F', "ÄÖ"])
def test_a_list_never_takes_a_name_that_means_something_else(label):
    chains = Chains()
    chains.add("CALLGATE-FORWARD")
    first = chains.accept_list(label, TURN[:2])
    second = chains.accept_list(label, TURN[:1])
    assert len({first, second, "CALLGATE-FORWARD", "CALLGATE-BLOCK"}) == 4
    for name in (first, second):
        assert re.fullmatch(r"CALLGATE-[A-Z0-9-]+", name)
        assert len(name) <= NAME_MAX
    assert chains.accept_list("again", TURN[:2]) == first


def test_a_list_without_a_name_is_written_out():
    text = text_of(
        Iptables(),
        with_rule(policy("turn-tcp-443", families=(Family.V4,)), destination=Networks(TURN[:2])),
    )
    assert text.count("-d 198.51.100.0/24 -p tcp") == 2
    assert text.count("-d 203.0.113.0/25 -p tcp") == 2


@pytest.mark.parametrize(
    ("table", "chain", "error"),
    [
        ("nat", "POSTROUTING", UnsupportedError),
        ("inet filter", "forward", UnsupportedError),
        ("filter", "FORWARD -j ACCEPT", UsageError),
        ("filter", "-F", UsageError),
        ("filter", "A\nCOMMIT", UsageError),
        ("filter", "", UsageError),
        ("filter", "x" * 29, UsageError),
    ],
)
def test_a_merge_point_that_is_no_chain_is_refused(table, chain, error):
    with pytest.raises(error):
        Iptables().generate(policy(merge=MergePoint(table, chain)))

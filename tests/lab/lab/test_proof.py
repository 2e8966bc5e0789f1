"""The packet test passes right rulesets, and names what is wrong in each mutant."""

import pytest

from callgate.errors import ToolError
from callgate.flows import Family
from callgate.lab.arena import Rules
from callgate.lab.lanes import Ports
from callgate.lab.proof import Claim, prove
from callgate.policy.site import Final, On
from tests.lab.host import host_state
from tests.lab.requirements import require
from tests.support.claims import generated, turn_policy

pytestmark = pytest.mark.lab

FEW = Ports(random=100)
SHUT = "type filter hook forward priority 0; policy drop;"
THIEF = "type filter hook ingress device eth0 priority 0;"
DIALECTS = ("nftables", "iptables")
#: Dialect -> what is broken -> (text as generated, text of the mutant, how it is named).
MUTANTS = {
    "nftables": {
        "range ends one early": (
            "45000-49999",
            "45000-49998",
            "should be open: udp 49999 to 198.51",
        ),
        "range begins one early": ("45000-", "44999-", "should be closed: udp 44999 to 198.51"),
        "no destination": (
            "ip daddr 198.51.100.0/25 udp",
            "meta nfproto ipv4 udp",
            "should be closed: udp 3478,45000-49999 to 203.0.113.",
        ),
        "prefix one bit short": (
            "198.51.100.0/25",
            "198.51.100.0/24",
            "should be closed: udp 3478,45000-49999 to 198.51.100.128",
        ),
        "extra protocol": (
            "udp dport { 3478",
            "meta l4proto { tcp, udp } th dport { 3478",
            "should be closed: tcp 3478",
        ),
        "no state rule": ("ct state established accept", "", "no answer comes back: tcp 443 to"),
        "answers by source port": (
            "ct state established accept",
            "ct state established accept\nudp sport 3478 accept",
            "65048 unsolicited from",
        ),
        "no IPv6": (
            "ct state established accept",
            "ct state established accept\nmeta nfproto ipv6 drop",
            "should be open: tcp 443 to 2001:db8:",
        ),
    },
    "iptables": {
        "range ends one early": (
            "45000:49999",
            "45000:49998",
            "should be open: udp 49999 to 198.51",
        ),
        "range begins one early": ("45000:", "44999:", "should be closed: udp 44999 to 198.51"),
        "no destination": (
            "-d 198.51.100.0/25",
            "",
            "should be closed: udp 3478,45000-49999 to 203.0.113.",
        ),
        "extra protocol": (
            "-p udp -m multiport",
            "-p tcp -m multiport",
            "should be closed: tcp 3478,45000-49999 to 198.51.100.",
        ),
        "no state rule": ("--ctstate ESTABLISHED", "--ctstate INVALID", "no answer comes back"),
    },
}


@pytest.fixture(autouse=True)
def _lab():
    require("ip", "nft", "iptables-restore", "ip6tables-restore")


def mutate(rules, old, new):
    texts = (rules.nft, rules.iptables, rules.ip6tables)
    mutants = [text and text.replace(old, new) for text in texts]
    assert mutants != list(texts), f"the generated text has no {old!r}: the mutant is none"
    return Rules(*mutants)


@pytest.mark.parametrize("final", Final)
@pytest.mark.parametrize("on", On)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_generated_ruleset_opens_exactly_the_policy(dialect, on, final):
    before = host_state()
    policy = turn_policy(on, final)
    proof = prove(Claim.of(policy, generated(policy, dialect)), FEW)
    assert proof.differences() == []
    assert proof.holds
    assert sum(outcome.expected.size for outcome in proof.outcomes) > 40
    assert host_state() == before


@pytest.mark.parametrize("on", On)
@pytest.mark.parametrize(
    ("dialect", "mutant"), [(dialect, name) for dialect in DIALECTS for name in MUTANTS[dialect]]
)
def test_each_mutant_is_caught_and_named(dialect, mutant, on):
    old, new, named = MUTANTS[dialect][mutant]
    policy = turn_policy(on)
    proof = prove(Claim.of(policy, mutate(generated(policy, dialect), old, new)), FEW)
    assert not proof.holds
    assert any(named in line for line in proof.differences()), proof.differences()


def test_a_router_that_forgets_who_is_inside_is_caught():
    policy = turn_policy()
    rules = mutate(generated(policy, "iptables"), "-s 192.0.2.0/24", "")
    proof = prove(Claim.of(policy, rules), FEW)
    assert any("tcp 443" in line and "from 203.0.113." in line for line in proof.differences())


def test_no_rules_at_all_is_open_everywhere():
    proof = prove(Claim.of(turn_policy(), Rules()), Ports(random=10))
    assert any("unsolicited from" in line for line in proof.differences())
    assert all(outcome.arrived == outcome.answered for outcome in proof.outcomes)
    assert all(outcome.arrived == outcome.lane.ports for outcome in proof.outcomes)


def test_a_ruleset_that_shuts_everything_is_missing_everything():
    shut = Rules(
        "table inet t {\n chain c {\n type filter hook forward priority 0; policy drop;\n}\n}\n"
    )
    proof = prove(Claim.of(turn_policy(), shut), Ports(random=10))
    assert all(not outcome.arrived for outcome in proof.outcomes)
    assert not proof.holds


def test_packets_lost_outside_the_rules_are_not_blamed_on_them(monkeypatch):
    policy = turn_policy()
    rules = generated(policy, "nftables")
    thief = "add table netdev t; add chain netdev t c {\n" + THIEF + "\n}\n"
    thief += "add rule netdev t c udp dport 3478 drop\n"
    monkeypatch.setattr(
        Rules, "load", lambda self, namespace: namespace.load_nft((self.nft or "") + thief)
    )
    with pytest.raises(ToolError, match="packets were lost that no rule dropped"):
        prove(Claim.of(policy, rules), FEW)


def test_every_port_of_one_family_is_swept():
    policy = turn_policy()
    claim = Claim.of(policy, generated(policy, "nftables"))
    one = Claim(claim.rules, claim.on, claim.flows, claim.clients, (Family.V4,))
    proof = prove(one, Ports(random=None))
    assert proof.holds, proof.differences()
    assert proof.packets > 8 * 65535

"""The real tools take every file that we generate, for many sites and scenarios.

Each file goes through ``nft -c -f`` or ``iptables-restore --test`` in an empty network
namespace, so that the kernel, too, has its say and nothing of the host is touched.
"""

import itertools
import subprocess
import tempfile
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from callgate.dialects.iptables import Iptables
from callgate.dialects.nftables import Nftables
from callgate.flows import Family
from callgate.policy.site import Edge, Final, MergePoint, On, Proxy
from tests.lab.requirements import require
from tests.property.dialects.test_packet_filter_text import named
from tests.support.hostile import hostile
from tests.support.policies import BOTH, CLIENTS, NFT_MERGE, SCENARIOS, policy

pytestmark = pytest.mark.lab

FAMILIES = (BOTH, (Family.V4,), (Family.V6,))
STANDALONE = [
    {"scenario": scenario, "on": on, "final": final, "families": families}
    for scenario, on, final, families in itertools.product(SCENARIOS, On, Final, FAMILIES)
]
MERGED = [
    {"scenario": scenario, "on": on, "final": final, "block": block, "merge": True}
    for scenario, on, (block, final) in itertools.product(
        SCENARIOS, On, ((False, Final.REJECT), (True, Final.REJECT), (True, Final.DROP))
    )
]
ONE_FAMILY = [
    {"families": (Family.V4,), "merge": MergePoint("ip filter", "forward"), "block": True},
    {"families": (Family.V6,), "merge": MergePoint("ip6 filter", "forward"), "block": True},
]
PROXY = Proxy("proxy.example", 3128, (ip_network("192.0.2.200"), ip_network("2001:db8:1::200")))
ODD = [
    {"clients": CLIENTS[:2]},
    {"clients": CLIENTS[2:]},
    {"block": False},
    {"resolvers": ()},
    *({"scenario": each, "proxy": PROXY, "edge": edge} for each in SCENARIOS for edge in Edge),
]


BY_NAME = [
    {"by_domain": True},
    {"by_domain": True, "merge": True, "families": (Family.V4,)},
    {"by_domain": True, "merge": MergePoint("ip6 filter", "forward"), "families": (Family.V6,)},
]


def label(choices):
    return "-".join(
        "+".join(map(str, each)) if isinstance(each, tuple) else str(each)
        for each in choices.values()
    )


def made(choices, merge):
    return policy(**(choices | {"merge": merge} if choices.get("merge") is True else choices))


def checked(command, text):
    done = subprocess.run(
        ["unshare", "-n", *command], input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stderr}\n{text}"


@pytest.mark.parametrize("choices", STANDALONE + MERGED + ONE_FAMILY + ODD + BY_NAME, ids=label)
def test_nft_takes_it(choices):
    require("nft")
    rules, *_ = Nftables().generate(made(choices, NFT_MERGE))
    checked(["nft", "-c", "-f", "-"], rules.text)


@pytest.mark.parametrize("choices", BY_NAME, ids=label)
def test_nft_takes_sets_of_names_again_and_keeps_what_a_merged_one_learned(choices):
    require("nft")
    rules, *_ = Nftables().generate(made(choices, NFT_MERGE))
    table = (
        choices["merge"].table if isinstance(choices.get("merge"), MergePoint) else "inet filter"
    )
    family = 6 if choices.get("families") == (Family.V6,) else 4
    address = {4: "192.0.2.1", 6: "2001:db8::1"}[family]
    where = f"{table if 'merge' in choices else 'inet callgate'} callgate_names_v{family}"
    again = f"""nft -f rules && nft add element {where} '{{ {address} }}' && nft -f rules &&
        nft list set {where} | grep -c {address} || true"""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "rules").write_text(rules.text)
        done = subprocess.run(
            ["unshare", "-n", "sh", "-ec", again],
            capture_output=True,
            text=True,
            check=True,
            cwd=folder,
        )
    assert not done.stderr
    assert done.stdout.strip() == ("1" if "merge" in choices else "0")


@pytest.mark.parametrize("backend", ["nft", "legacy"])
@pytest.mark.parametrize("choices", STANDALONE + MERGED + ODD, ids=label)
def test_iptables_restore_takes_it(choices, backend):
    require(f"iptables-{backend}-restore")
    merge = MergePoint("filter", "FORWARD", 1)
    for rules in Iptables().generate(made(choices, merge))[:-2]:
        tool = {"rules.v4": "iptables", "rules.v6": "ip6tables"}[rules.name]
        checked([f"{tool}-{backend}-restore", "--noflush", "--test"], rules.text)


def test_a_file_with_a_slip_is_not_taken():
    require("nft", "iptables-restore")
    broken = Nftables().generate(policy())[0].text.replace("udp dport 3478", "udp dport 347800")
    with pytest.raises(AssertionError):
        checked(["nft", "-c", "-f", "-"], broken)
    broken = Iptables().generate(policy())[0].text.replace("-p udp", "-p dup")
    with pytest.raises(AssertionError):
        checked(["iptables-restore", "--noflush", "--test"], broken)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(hostile())
def test_hostile_names_are_taken_and_stay_names(text):
    require("nft", "iptables-restore")
    hostile_policy = named(policy(), text)
    rules = Nftables().generate(hostile_policy)[0].text
    checked(["sh", "-c", 'nft -f - && [ "$(nft list tables)" = "table inet callgate" ]'], rules)
    for each in Iptables().generate(hostile_policy)[:2]:
        tool = {"rules.v4": "iptables", "rules.v6": "ip6tables"}[each.name]
        command = f"{tool}-restore --noflush && ! {tool}-save | grep -q '^[*]nat'"
        checked(["sh", "-c", command], each.text)

"""What the dialects make of the vendor's scenarios, in a real kernel."""

import pytest

from callgate.errors import UsageError
from callgate.lab import campaign
from callgate.lab.lanes import Ports
from callgate.lab.proof import prove
from callgate.policy.site import Apply, Final, MergePoint, On, Site
from callgate.profiles.loader import find
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

SCENARIOS = ("unrestricted", "turn-udp", "turn-tcp-3478", "turn-tcp-443")


def cases_for(site, scenarios=SCENARIOS):
    profile = find("goto/2.1")
    chosen = campaign.example_site(profile, site)
    return campaign.cases(profile, chosen, scenarios, campaign.DIALECTS)


@pytest.mark.parametrize("final", Final)
@pytest.mark.parametrize("on", On)
def test_every_scenario_in_every_dialect_opens_exactly_the_policy(on, final):
    require("ip", "nft", "iptables-restore", "ip6tables-restore")
    for case in cases_for(Site(on=on, final=final)):
        proof = prove(case.claim, Ports(random=100))
        assert proof.differences() == [], f"{case.scenario}, {case.dialect}"
        assert proof.holds


def test_one_scenarios_rules_are_no_proof_of_another():
    require("ip", "nft")
    udp, _, tcp, _ = cases_for(Site(), ("turn-udp", "turn-tcp-3478"))
    mixed = campaign.Case("mixed", "nftables", udp.policy, tcp.rules, udp.lists)
    lines = prove(mixed.claim, Ports(random=10)).differences()
    assert any(line.startswith("closed, should be open: udp 3478") for line in lines)
    assert any(line.startswith("open, should be closed: tcp 3478") for line in lines)


def test_networks_of_the_list_are_tried_even_by_scenarios_that_do_not_need_it():
    (case, _) = cases_for(Site(), ("turn-tcp-443",))
    assert case.claim.apart == campaign.EXAMPLE_NETWORKS


def test_merged_rules_are_refused():
    site = Site(apply=Apply.MERGE, merge=MergePoint("inet filter", "forward"))
    with pytest.raises(UsageError, match="merged"):
        cases_for(site)

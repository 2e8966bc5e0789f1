"""Aerleon reads what we write for it, and what it makes of it means our policy.

Where it does not, a test of its own says what Aerleon gets wrong and which side is right.
"""

import logging
from dataclasses import replace

import pytest
import yaml
from aerleon import api
from aerleon.lib import naming

from callgate.check import Prepared, Question, excess, sufficiency
from callgate.dialects import reading
from callgate.dialects.aerleon import Aerleon
from callgate.flows import Box, Family, FlowSet
from callgate.policy.model import Direction
from callgate.policy.site import Apply, On, Target
from callgate.verdicts import Verdict
from tests.support.policies import BOTH, SCENARIOS, policy

V4, V6 = (Family.V4,), (Family.V6,)
#: Aerleon's target -> our reader, the families that it writes, the way to ask.
PEERS = {
    "nftables mixed forward": ("nftables", BOTH, None),
    "nftables inet forward": ("nftables", V4, None),
    "nftables inet6 forward": ("nftables", V6, None),
    "cisco callgate extended": ("cisco-ios", V4, "callgate"),
    "cisco callgate inet6": ("cisco-ios", V6, "callgate"),
    "ciscoasa callgate": ("cisco-asa", V4, "callgate"),
    "srx from-zone trust to-zone untrust": ("juniper-srx", BOTH, None),
    "paloalto from-zone trust to-zone untrust": ("pan-os", V4, None),
    "paloalto from-zone trust to-zone untrust inet6": ("pan-os", V6, None),
    "paloalto from-zone trust to-zone untrust mixed": ("pan-os", BOTH, None),
}


def documents(written):
    return [yaml.safe_load(each.text) for each in Aerleon().generate(written)]


def aclgen(target, written):
    """What Aerleon makes of a policy of ours for one of its targets."""
    body, named = documents(written)
    definitions = naming.Naming()
    definitions.ParseDefinitionsObject(named, "")
    logging.getLogger("absl").setLevel(logging.ERROR)
    made = api.Generate([{"filename": "callgate", **body}], definitions)
    assert len(made) == 1, f"Aerleon wrote nothing for {target}"
    return next(iter(made.values()))


def written_for(target, **changes):
    return replace(policy(**changes), target=Target(options={"target": target}))


def compared(target, **changes):
    """Verdict about the policy, and what is open beyond it, in Aerleon's output."""
    dialect, families, entry = PEERS[target]
    written = written_for(target, **changes)
    prepared = Prepared(reading.find(dialect).parse(aclgen(target, written), "peer"))
    way = entry or next(e.name for e in prepared.ruleset.entries if e.hook == "forward")
    wanted = written.flows(Direction.OUT) & FlowSet.of(*(Box.everything(f) for f in families))
    sides = ("trust", "untrust") if dialect in {"juniper-srx", "pan-os"} else (None, None)
    question = Question(way, in_interface=sides[0], out_interface=sides[1])
    return sufficiency(prepared, question, wanted).verdict, excess(prepared, question, wanted)


@pytest.mark.parametrize("target", PEERS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_aerleons_output_means_our_policy(scenario, target):
    verdict, beyond = compared(target, scenario=scenario, families=PEERS[target][1])
    assert verdict is Verdict.SATISFIED
    opened = [service for service in beyond.services if service.family in PEERS[target][1]]
    # IOS itself adds neighbour discovery to every IPv6 list; nothing else may be open.
    if target == "cisco callgate inet6":
        opened = [service for service in opened if 58 not in service.protocols]
    assert opened == []


def test_the_terms_can_be_included_in_a_policy_of_the_site():
    body, _ = documents(replace(policy(), apply=Apply.MERGE, block=None))
    assert list(body) == ["terms"]
    whole, _ = documents(written_for("nftables mixed forward"))
    assert body["terms"] == whole["filters"][0]["terms"][:-1]


def test_known_defect_asa_loses_ipv6_without_a_word():
    """Callgate is right: the policy names IPv6 networks, and Aerleon's ASA output has none."""
    _, families, _ = PEERS["ciscoasa callgate"]
    assert families == V4
    text = aclgen("ciscoasa callgate", written_for("ciscoasa callgate"))
    assert "198.51.100.0" in text
    assert "2001:db8" not in text


def test_known_defect_loading_asa_output_cuts_everybody_off_first():
    """Callgate is right never to write this: the list is cleared before it is filled."""
    text = aclgen("ciscoasa callgate", written_for("ciscoasa callgate"))
    assert text.index("clear configure access-list") < text.index("extended permit")


def test_known_defect_a_typo_opens_everything():
    """Callgate refuses unknown keys; Aerleon 1.18 warns and leaves the restriction out."""
    body, named = documents(written_for("cisco callgate extended", families=V4))
    term = body["filters"][0]["terms"][-2]
    term["destination-adress"] = term.pop("destination-address")
    term["destination-port"] = term.pop("destination-port")
    definitions = naming.Naming()
    definitions.ParseDefinitionsObject(named, "")
    made = api.Generate([{"filename": "callgate", **body}], definitions)
    assert "permit tcp 192.0.2.0 0.0.0.127 any eq 443" in next(iter(made.values()))


def test_known_defect_an_unknown_target_is_no_error_there_and_one_here():
    with pytest.raises(Exception, match="no platform 'nftable'"):
        documents(written_for("nftable mixed forward"))


def test_a_host_is_refused():
    with pytest.raises(Exception, match="only a router's rules"):
        Aerleon().generate(policy(on=On.HOST))


def test_known_defect_srx_output_replaces_what_it_does_not_own():
    """Callgate is right never to write this: ``load replace`` then wipes the site's own."""
    target = "srx from-zone trust to-zone untrust"
    text = aclgen(target, written_for(target))
    for hierarchy in ("address-book", "policies", "applications"):
        assert f"replace: {hierarchy}" in text


def test_known_defect_fortigate_output_overwrites_the_policies_of_the_site():
    """Callgate is right to say ``edit 0``: Aerleon numbers from 1, as the site itself does."""
    target = "fortigate from-zone trust to-zone untrust"
    policies = aclgen(target, written_for(target, families=V4)).partition("config firewall policy")
    assert "edit 1\n" in policies[2]
    assert "edit 0" not in policies[2]


def test_known_defect_windows_output_blocks_what_it_allows():
    """Callgate is right to set the default: an explicit block beats every allow on Windows."""
    target = "windows_advfirewall out inet"
    last = aclgen(target, written_for(target, families=V4)).strip().splitlines()[-1]
    assert "action=block" in last
    assert "remoteip=any" in last


def test_known_defect_a_mixed_service_opens_every_port_on_both_protocols():
    """Callgate writes one protocol a term, so that no service is joined with a foreign one."""
    body, _ = documents(written_for("cisco callgate extended", scenario="turn-tcp-3478"))
    terms = [term for term in body["filters"][0]["terms"] if "protocol" in term]
    for term in terms:
        protocol = term["protocol"].upper()
        assert term["destination-port"].startswith(f"CALLGATE_{protocol}_")


def test_known_defect_paloalto_output_loses_ipv6_without_a_word():
    """Callgate is right: the policy names IPv6 networks, and ``mixed`` is not the default."""
    target = "paloalto from-zone trust to-zone untrust"
    text = aclgen(target, written_for(target))
    assert "198.51.100.0" in text
    assert "2001:db8" not in text


def test_known_defect_paloalto_output_is_a_whole_rulebase():
    """Callgate is right to move its rules before a deny: Aerleon's come behind it, or alone."""
    target = "paloalto from-zone trust to-zone untrust"
    text = aclgen(target, written_for(target))
    assert "<application-group/>" in text
    assert "move" not in text

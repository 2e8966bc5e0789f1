"""Policies that are written: names, numbers, what is refused and what is declared."""

import re
from dataclasses import replace
from ipaddress import ip_network

import pytest

from callgate.dialects.fortigate import Fortigate, FortigateReader
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family
from callgate.policy.build import build
from callgate.policy.site import Final, On, Target
from tests.support.devices import BY_NAME
from tests.support.policies import policy, site
from tests.support.round_trip import GOTO

TARGET = Target("inside", "outside", options={"highest-id": "7"})


def written(**changes):
    return Fortigate().generate(replace(policy(), **{"target": TARGET} | changes))


def test_policies_take_the_next_free_numbers_and_are_taken_back_by_them():
    made, back = written()
    edits = re.findall(r"^    edit (\S+)$", made.text.partition("config firewall policy")[2], re.M)
    assert set(edits) == {"0"}
    deleted = re.findall(r"^    delete (\d+)$", back.text, re.M)
    assert deleted == [str(number) for number in range(8, 8 + len(edits))]


def test_nothing_of_the_site_is_named_in_a_change():
    made, back = written()
    names = re.findall(r'^    (?:edit|delete) "(.*)"$', made.text + back.text, re.M)
    assert names
    assert all(name.startswith("callgate-") for name in names)
    assert all(len(name) <= 35 for name in names)


def test_the_same_objects_have_the_same_names_and_others_have_others():
    def group(**changes):
        return set(re.findall(r'"(callgate-turn-networks-\w+)"', written(**changes)[0].text))

    assert group() == group(site="elsewhere")
    fewer = tuple(rule for rule in policy().rules if rule.family is Family.V6)
    assert group() - group(rules=fewer)


def test_a_merge_moves_every_policy_before_the_one_that_is_named():
    merged = build(GOTO, BY_NAME["fortigate"].merging(site()), ("turn-udp",))
    made, _ = Fortigate().generate(merged)
    moves = re.findall(r"^    move (\d+) before (\d+)$", made.text, re.M)
    assert moves
    assert {before for _, before in moves} == {"3"}
    assert "action deny" not in made.text


def test_merged_policies_go_before_a_deny_of_the_site():
    merged = build(GOTO, BY_NAME["fortigate"].merging(site()), ("turn-udp",))
    mine = (
        "config firewall policy\n    edit 3\n        set action deny\n        set srcintf any\n"
        "        set dstintf any\n        set srcaddr all\n        set dstaddr all\n"
        "        set service ALL\n    next\n    edit 7\n        set status disable\n    next\nend\n"
    )
    text = mine + Fortigate().generate(merged)[0].text
    rules = FortigateReader().parse(text, "f").chains["firewall policy"].rules
    assert rules[-1].text.startswith("policy 7") or rules[-2].text.startswith("policy 3")
    assert rules[0].text.startswith("policy 8 'callgate-")


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"on": On.HOST}, UnsupportedError, "filters what it forwards"),
        ({"target": Target("a", "b")}, UsageError, "highest number"),
        ({"target": Target("a", "b", options={"highest-id": "x"})}, UsageError, "highest number"),
        ({"target": Target(outside="b")}, UsageError, "--inside NAME"),
        ({"target": Target('a"b', "b")}, UsageError, "cannot be the name"),
    ],
)
def test_what_cannot_be_written_is_refused(changes, error, said):
    with pytest.raises(error, match=said):
        written(**changes)


def test_what_the_device_cannot_do_is_declared():
    assert "without an answer" in written()[0].excess_note
    drop = replace(policy(final=Final.DROP), target=TARGET)
    assert Fortigate().generate(drop)[0].excess_note == ""
    named = BY_NAME["fortigate"].site(site(by_domain=True, families=(Family.V4,)))
    made = Fortigate().generate(build(GOTO, named, ("turn-udp",)))[0]
    assert "may take the apex" in made.excess_note
    assert 'set fqdn "*.goto.com"' in made.text
    assert "# Excess:" in made.text


def test_many_networks_become_one_group():
    many = tuple(ip_network((0xC6336400 + 2 * n, 32)) for n in range(50))
    wide = BY_NAME["fortigate"].site(replace(site(), networks={"turn-networks": many}))
    made = Fortigate().generate(build(GOTO, wide, ("turn-udp",)))[0].text
    assert made.count("set subnet 198.51.100.") == 50
    assert made.count("set member") == 3

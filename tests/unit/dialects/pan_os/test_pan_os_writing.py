"""Rules that are written: names, places, both forms, what is refused and what is declared."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from ipaddress import ip_network

import pytest

from callgate.check import Prepared, Question, sufficiency
from callgate.dialects.pan_os import PanOs, PanOsReader
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family
from callgate.names import DomainPattern
from callgate.policy.build import build
from callgate.policy.model import Direction, Domains
from callgate.policy.site import Final, On, Target
from tests.support.devices import BY_NAME
from tests.support.policies import policy, site
from tests.support.round_trip import GOTO

TARGET = Target("trust", "untrust")


def options(**chosen):
    return replace(TARGET, options={key.replace("_", "-"): value for key, value in chosen.items()})


def written(**changes):
    return PanOs().generate(replace(policy(), **{"target": TARGET} | changes))


def merged(**chosen):
    device = replace(BY_NAME["pan-os-set"], merged=replace(TARGET, before="deny all"))
    wanted = build(GOTO, device.merging(site()), ("turn-udp",))
    return PanOs().generate(replace(wanted, target=replace(wanted.target, options=chosen)))


def made_names(text):
    return set(re.findall(r"(?:rules|address|address-group|service) (callgate-\S+)", text))


def test_everything_that_is_made_is_taken_back_and_nothing_else():
    made, back = written()
    assert back.rollback
    deleted = [line for line in back.text.splitlines() if not line.startswith("#")]
    assert all(line.startswith("delete ") for line in deleted)
    assert made_names(made.text) == made_names(back.text) == {each.split()[-1] for each in deleted}


def test_after_the_roll_back_nothing_is_left():
    made, back = written()
    site_rule = (
        "set rulebase security rules mine from trust\nset rulebase security rules mine action deny"
    )
    text = f"{site_rule}\n{made.text}{back.text}"
    ruleset = PanOsReader().parse(text, "f")
    rules = [rule.text for rule in ruleset.chains["security rules"].rules]
    assert len([text for text in rules if text.startswith("rule ")]) == 1
    assert [each.text for each in ruleset.unmodelled] == [rules[0]]


def test_names_are_short_enough_and_ours():
    wide = tuple(ip_network((0x20010DB8 << 96 | n << 64, 64)) for n in range(40))
    sited = BY_NAME["pan-os-set"].site(replace(site(), networks={"turn-networks": wide}))
    made, _ = PanOs().generate(build(GOTO, sited, ("turn-udp",)))
    names = made_names(made.text)
    assert len(names) > 40
    assert all(len(name) <= 63 for name in names)
    assert max(line.count("callgate-") for line in made.text.splitlines()) <= 22


def test_objects_come_before_the_groups_and_rules_that_name_them():
    lines = written()[0].text.splitlines()
    tables = [line.split()[1] for line in lines if line.startswith("set ")]
    assert list(dict.fromkeys(tables)) == ["address", "address-group", "service", "rulebase"]


def test_the_same_objects_have_the_same_names_and_others_have_others():
    def group(**changes):
        return set(re.findall(r"callgate-turn-networks-\w+", written(**changes)[0].text))

    assert group() == group(site="elsewhere")
    fewer = tuple(rule for rule in policy().rules if rule.family is Family.V6)
    assert group() - group(rules=fewer)


def test_a_merge_moves_every_rule_before_the_one_that_is_named():
    made, _ = merged()
    moves = re.findall(r'^move rulebase security rules (\S+) before "deny all"$', made.text, re.M)
    assert set(moves) == set(re.findall(r"security rules (callgate-\S+) from", made.text))
    assert "action drop" not in made.text
    assert "action reset" not in made.text


def test_merged_rules_go_before_a_deny_of_the_site_in_their_order():
    mine = "".join(
        f'set rulebase security rules "deny all" {key} {value}\n'
        for key, value in {
            "from": "any", "to": "any", "source": "any", "destination": "any",
            "application": "any", "service": "any", "action": "deny",
        }.items()
    )  # fmt: skip
    text = mine + merged()[0].text
    rules = PanOsReader().parse(text, "f").chains["security rules"].rules
    names = list(dict.fromkeys(re.findall(r"^rule ([^:]+)", rule.text)[0] for rule in rules[:-2]))
    assert names == [*sorted(names[:-1]), "deny all"]
    assert len(names) > 2


def test_both_forms_say_the_same():
    wanted = replace(policy(), target=TARGET)
    flows = wanted.flows(Direction.OUT)
    for form, way in (("set", "forward"), ("xml", "vsys1 forward")):
        made = PanOs().generate(replace(wanted, target=options(form=form)))[0]
        prepared = Prepared(PanOsReader().parse(made.text, made.name))
        question = Question(way, in_interface="trust", out_interface="untrust")
        assert sufficiency(prepared, question, flows).verdict.value == "satisfied"


def test_the_xml_is_well_formed_to_another_parser():
    made, back = written(target=options(form="xml"), site="a--b-- <&> -")
    tree = ET.fromstring(made.text)
    rules = tree.findall("./devices/entry/vsys/entry[@name='vsys1']/rulebase/security/rules/entry")
    assert len(rules) == back.text.count("security rules callgate-")
    assert rules[0].findtext("./from/member") == "trust"
    assert rules[-1].findtext("action") == "reset-client"


@pytest.mark.parametrize(
    ("chosen", "start"),
    [
        ({"vsys": "vsys2"}, "set vsys vsys2 rulebase security rules callgate-"),
        ({"device_group": "Branch 1"}, 'set device-group "Branch 1" pre-rulebase security rules '),
    ],
)
def test_rules_go_where_the_user_says(chosen, start):
    made, back = written(target=options(**chosen))
    assert start in made.text
    assert "\nset rulebase" not in made.text
    assert start.replace("set ", "delete ", 1) in back.text


def test_applications_are_named_only_when_the_user_does():
    assert set(re.findall(r" application (.*)", written()[0].text)) == {"any"}
    named = written(target=options(application="stun, ssl"))[0].text
    assert "application [ stun ssl ]" in named
    assert len(re.findall(r"rules \S+ service callgate-", named)) == named.count(
        "application [ stun ssl ]"
    )


def test_a_rule_for_one_family_does_not_open_the_other():
    rules = tuple(replace(rule, sources=None) for rule in policy().rules)
    made = written(rules=rules)[0].text
    assert "set address callgate-any-v4 ip-netmask 0.0.0.0/0" in made.lower().replace("ipv", "v")


def test_an_exact_name_is_an_object_and_its_excess_is_declared():
    rules = tuple(
        replace(rule, destination=Domains((DomainPattern("apis.google.com"),)))
        for rule in policy().rules
    )
    made = written(rules=rules)[0]
    assert "set address callgate-fqdn-apis.google.com fqdn apis.google.com" in made.text
    assert "may serve other names" in made.excess_note
    assert "# Excess:" in made.text
    assert written()[0].excess_note == ""


def test_the_last_rule_answers_or_drops():
    assert "icmp-unreachable yes" in written()[0].text
    drop = replace(policy(final=Final.DROP), target=TARGET)
    text = PanOs().generate(drop)[0].text
    assert "action drop" in text
    assert "icmp-unreachable" not in text


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"on": On.HOST}, UnsupportedError, "filters what it forwards"),
        ({"target": Target(outside="b")}, UsageError, "--inside NAME"),
        ({"target": Target('a"b', "b")}, UsageError, "cannot be the name"),
        ({"target": options(application="a;b")}, UsageError, "name of an application"),
        ({"target": options(application="")}, UsageError, "name of an application"),
        ({"target": options(form="json")}, UsageError, "no value of it"),
        ({"target": options(vsys="a", device_group="b")}, UsageError, "exclude each other"),
        ({"target": options(vsys='a"b')}, UsageError, "cannot be its name"),
    ],
)
def test_what_cannot_be_written_is_refused(changes, error, said):
    with pytest.raises(error, match=said):
        written(**changes)


def test_wildcards_and_merges_as_xml_are_refused_with_a_way_out():
    named = BY_NAME["pan-os-set"].site(site(by_domain=True))
    with pytest.raises(UnsupportedError, match="pan-edl"):
        PanOs().generate(build(GOTO, named, ("turn-udp",)))
    with pytest.raises(UnsupportedError, match="form=set"):
        merged(form="xml")
    wanted = build(GOTO, BY_NAME["pan-os-set"].merging(site()), ("turn-udp",))
    with pytest.raises(UsageError, match="--before NAME"):
        PanOs().generate(replace(wanted, target=TARGET))


def test_lines_that_mend_are_commands_that_the_reader_knows():
    lines = PanOs().allow_lines(policy().rules, On.ROUTER)
    ruleset = PanOsReader().parse("\n".join(lines), "f")
    assert not ruleset.unmodelled
    assert ruleset.chains["security rules"].rules[0].text.startswith("rule callgate-01: allow")
    assert PanOs().allow_lines((), On.ROUTER) == ()

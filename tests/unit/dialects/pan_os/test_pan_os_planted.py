"""Configurations with a mistake that we planted: the verdict, and the rule that is blamed."""

import pytest

from callgate.check import Prepared, Question, explain, return_path
from callgate.dialects.pan_os import PanOsReader
from callgate.errors import InputError
from callgate.rules import Action
from tests.support.verdicts import box, packet

BASE = """\
set zone trust network layer3 ethernet1/1
set zone untrust network layer3 [ ethernet1/2 ethernet1/3 ]
set zone dmz network layer3 ethernet1/4
set address clients ip-netmask 192.0.2.0/24
set address relay1 ip-netmask 198.51.100.0/25
set address relay2 ip-range 198.51.100.200-198.51.100.210
set address odd ip-wildcard 198.51.0.7/0.0.255.0
set address relay6 ip-netmask 2001:db8:1::/48
set address goto fqdn apis.goto.example
set address-group relays static relay1
set address-group all-relays static [ relays relay2 ]
set address-group circle static circle2
set address-group circle2 static circle
set address-group tagged dynamic filter "'relay'"
set external-list feed type ip url https://lists.example/ips
set service TURN protocol udp port 3478
set service TURN-from protocol udp port 3478 source-port 1024-65535
set service MANY protocol udp port 10,3478-3480
set service-group CALLS members [ TURN service-https ]
"""
TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
TURN2 = "udp 192.0.2.7#51000 > 198.51.100.200#3478"
TURN3 = "udp 192.0.2.7#51000 > 198.51.200.7#3478"
LOW = "udp 192.0.2.7#500 > 198.51.100.7#3478"
HTTPS = "tcp 192.0.2.7#51000 > 203.0.113.7#443"
HTTP_8080 = "tcp 192.0.2.7#51000 > 198.51.100.7#8080"
SIX = "udp 2001:db8::7#51000 > 2001:db8:1::7#3478"
PING = "icmp 8/0 192.0.2.7 > 198.51.100.7"
END = "interzone-default: deny, by default"


def rule(name="r1", base="rulebase", **settings):
    fields = {
        "from": "trust", "to": "untrust", "source": "clients", "destination": "relay1",
        "application": "any", "service": "TURN", "action": "allow",
    } | {key.rstrip("_").replace("_", "-"): value for key, value in settings.items()}  # fmt: skip
    return "\n".join(
        f"set {base} security rules {name} {key} {value}" for key, value in fields.items() if value
    )


def config(*rules):
    return BASE + "\n".join(rules) + "\n"


def ask(text, what, incoming="trust", outgoing="untrust", way="forward"):
    """The verdict, and the words before the colon of the line that decides."""
    prepared = Prepared(PanOsReader().parse(text, "f"))
    question = Question(way, in_interface=incoming, out_interface=outgoing)
    answer = explain(prepared, question, packet(what))
    decided = answer.evidence[0].line if answer.evidence else None
    line = decided.text if decided else ""
    return str(answer.verdict), END if line == END else line.partition(":")[0]


ONE_LINE = (
    "set rulebase security rules r1 from trust to untrust source clients destination relay1"
    " application any service TURN action allow"
)
DENY = rule("deny-all", source="any", destination="any", service="any", action="deny")
PLANTED = {
    "right": ([rule()], TURN, "satisfied", "rule r1"),
    "on one line": ([ONE_LINE], TURN, "satisfied", "rule r1"),
    "wrong port": ([rule(service="service-https")], TURN, "blocked", END),
    "a port of a list": ([rule(service="MANY")], TURN, "satisfied", "rule r1"),
    "in a group of services": ([rule(service="CALLS")], TURN, "satisfied", "rule r1"),
    "built-in service": ([rule(service="service-http")], HTTP_8080, "satisfied", "rule r1"),
    "wrong order": ([DENY, rule()], TURN, "blocked", "rule deny-all"),
    "moved before": (
        [DENY, rule(), "move rulebase security rules r1 before deny-all"],
        TURN, "satisfied", "rule r1"),
    "moved to the top": (
        [DENY, rule(), "move rulebase security rules r1 top"], TURN, "satisfied", "rule r1"),
    "moved to the bottom": (
        [rule(), DENY, "move rulebase security rules r1 bottom"], TURN, "blocked",
        "rule deny-all"),
    "deleted": ([rule(), "delete rulebase security rules r1"], TURN, "blocked", END),
    "said twice, the last counts": (
        [rule(), "set rulebase security rules r1 action deny"], TURN, "blocked", "rule r1"),
    "renamed": (
        [rule(), "rename rulebase security rules r1 to r2"], TURN, "satisfied", "rule r2"),
    "disabled": ([rule(disabled="yes")], TURN, "blocked", END),
    "reset": ([rule(action="reset-both")], TURN, "blocked", "rule r1"),
    "network lacks the server": ([rule(destination="relay2")], TURN, "blocked", END),
    "nested group": ([rule(destination="all-relays")], TURN2, "satisfied", "rule r1"),
    "nested group lacks one network": ([rule(destination="relays")], TURN2, "blocked", END),
    "wildcard": ([rule(destination="odd")], TURN3, "satisfied", "rule r1"),
    "wildcard of another host": ([rule(destination="odd")], TURN2, "blocked", END),
    "literals": (
        [rule(source="192.0.2.7", destination="[ 10.0.0.0/8 198.51.100.1-198.51.100.9 ]")],
        TURN, "satisfied", "rule r1"),
    "wrong zone": ([rule(to="dmz")], TURN, "blocked", END),
    "zones the wrong way": ([rule(from_="untrust", to="trust")], TURN, "blocked", END),
    "any zone": ([rule(from_="any", to="any")], TURN, "satisfied", "rule r1"),
    "an intrazone rule": ([rule(rule_type="intrazone")], TURN, "blocked", END),
    "an interzone rule": (
        [rule(from_="any", to="any", rule_type="interzone")], TURN, "satisfied", "rule r1"),
    "v6 forgotten": ([rule()], SIX, "blocked", END),
    "v6 there": (
        [rule(source="any", destination="relay6")], SIX, "satisfied", "rule r1"),
    "negated": (
        [rule(destination="relay2", negate_destination="yes")], TURN, "satisfied", "rule r1"),
    "negated the wrong way": ([rule(negate_destination="yes")], TURN, "blocked", END),
    "source ports": ([rule(service="TURN-from")], LOW, "blocked", END),
    "any-any left open": (
        [rule(source="any", destination="any", service="any")], HTTPS, "satisfied", "rule r1"),
    "no service holds ICMP": ([rule()], PING, "blocked", END),
    "any service holds ICMP": ([rule(service="any")], PING, "satisfied", "rule r1"),
    "by application": ([rule(application="stun")], TURN, "depends", END),
    "by default ports": ([rule(service="application-default")], TURN, "depends", END),
    "by user": ([rule(source_user="staff")], TURN, "depends", END),
    "by category": ([rule(category="streaming")], TURN, "depends", END),
    "by host": ([rule(source_hip="managed")], TURN, "depends", END),
    "by schedule": ([rule(schedule="hours")], TURN, "depends", END),
    "by a dynamic group": ([rule(destination="tagged")], TURN, "depends", END),
    "by a list": ([rule(destination="feed")], TURN, "depends", END),
    "by name": ([rule(destination="goto", service="service-https")], HTTPS, "blocked", END),
    "from a name": ([rule(source="goto")], TURN, "depends", END),
    "groups that hold each other": ([rule(destination="circle")], TURN, "depends", END),
    "no such object": ([rule(destination="relay9")], TURN, "depends", END),
    "no such service": ([rule(service="TURN9")], TURN, "depends", END),
    "a key nobody knows": ([rule(moonphase="full")], TURN, "depends", END),
    "no action": ([rule(action="")], TURN, "unknown", "rule r1"),
    "incomplete": ([rule(service="")], TURN, "unknown", "rule r1"),
    "interzone-default opened": (
        ["set rulebase default-security-rules rules interzone-default action allow"],
        HTTPS, "satisfied", "interzone-default"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_mistake_is_found(name):
    rules, what, verdict, line = PLANTED[name]
    assert ask(config(*rules), what) == (verdict, line)


def test_within_a_zone_packets_pass_unless_it_is_overridden():
    assert ask(config(), TURN, outgoing="trust") == ("satisfied", "intrazone-default")
    closed = "set rulebase default-security-rules rules intrazone-default action deny"
    assert ask(config(closed), TURN, outgoing="trust") == ("blocked", "intrazone-default")
    within = rule(rule_type="intrazone", to="", action="drop")
    assert ask(config(within), TURN, outgoing="trust")[0] == "unknown"
    within = rule(rule_type="intrazone", to="any", action="drop")
    assert ask(config(within), TURN, outgoing="trust") == ("blocked", "rule r1")
    between = rule(rule_type="interzone", from_="any", to="any", action="drop")
    assert ask(config(between), TURN, outgoing="trust") == ("satisfied", "intrazone-default")


def test_a_zone_stands_for_its_interfaces_only():
    text = config(rule())
    assert ask(text, TURN, "ethernet1/1", "ethernet1/3")[0] == "satisfied"
    assert ask(text, TURN, "ethernet1/1", "ethernet1/4")[0] == "blocked"


def test_an_own_service_hides_the_built_in_one():
    own = "set service service-https protocol tcp port 8443"
    wanted = rule(service="service-https", destination="any")
    assert ask(config(wanted), HTTPS)[0] == "satisfied"
    assert ask(config(own, wanted), HTTPS)[0] == "blocked"


def test_panoramas_rules_come_before_and_after_the_local_ones():
    before = rule("pre", "policy panorama pre-rulebase", action="deny")
    after = rule("post", "policy panorama post-rulebase")
    assert ask(config(rule(), before), TURN) == ("blocked", "rule pre")
    assert ask(config(rule(action="drop"), after), TURN) == ("blocked", "rule r1")
    assert ask(config(after), TURN) == ("satisfied", "rule post")


def test_each_virtual_system_is_a_way_with_shared_objects():
    text = (
        "set shared service TURN protocol udp port 3478\n"
        "set vsys one address clients ip-netmask 192.0.2.0/24\n"
        "set vsys two address clients ip-netmask 203.0.113.0/24\n"
        "set shared address relay1 ip-netmask 198.51.100.0/25\n"
        + rule(base="vsys one rulebase")
        + "\n"
        + rule(base="vsys two rulebase")
    )
    assert ask(text, TURN, way="one forward") == ("satisfied", "rule r1")
    assert ask(text, TURN, way="two forward") == ("blocked", END)


def test_a_device_group_inherits_rules_and_objects():
    text = (
        BASE.replace("set ", "set shared ")
        + "set device-group child parent-dg parent\n"
        + "set device-group parent address clients ip-netmask 10.0.0.0/8\n"
        + "set device-group child address clients ip-netmask 192.0.2.0/24\n"
        + rule("mine", "device-group child pre-rulebase")
        + "\n"
        + rule("late", "device-group parent post-rulebase", source="any")
        + "\n"
        + rule("early", "device-group parent pre-rulebase", action="deny", service="service-https")
    )
    assert ask(text, TURN, way="child forward") == ("satisfied", "rule mine")
    assert ask(text, TURN, way="parent forward") == ("satisfied", "rule late")
    names = [
        each.text.partition(":")[0]
        for each in PanOsReader().parse(text, "f").chains["child security rules"].rules[:3]
    ]
    assert names == ["rule early", "rule mine", "rule late"]


def test_answers_pass():
    prepared = Prepared(PanOsReader().parse(config(rule()), "f"))
    question = Question("forward", in_interface="trust", out_interface="untrust")
    assert return_path(prepared, question, box(packet(TURN))).verdict.value == "satisfied"


def test_inspection_and_translation_are_told_beside_the_answer():
    nat = (
        "set rulebase nat rules n1 from trust\nset rulebase nat rules n1 to untrust\n"
        "set rulebase nat rules n1 source any\nset rulebase nat rules n1 destination any\n"
        "set rulebase nat rules n1 source-translation dynamic-ip-and-port interface-address x\n"
        "set rulebase nat rules n2 destination-translation translated-address 10.0.0.1\n"
        "set rulebase nat rules n3 disabled yes"
    )
    ruleset = PanOsReader().parse(config(rule(profile_setting="group strict"), nat), "f")
    kinds = [note.kind for note in ruleset.notes]
    assert kinds == ["inspection", "snat", "dnat"]
    assert ruleset.notes[0].text == "profile-setting group strict"


def test_what_is_not_modelled_is_reported_with_its_place():
    text = config(
        rule(moonphase="full"),
        "set rulebase dos rules flood from any",
        "delete rulebase security rules r9",
        "frobnicate everything",
    )
    lines = text.splitlines()
    found = {each.text: each.place.line for each in PanOsReader().parse(text, "f").unmodelled}
    for said, line in (
        ("moonphase full", "set rulebase security rules r1 moonphase full"),
        ("delete rulebase security rules r9", "delete rulebase security rules r9"),
        ("frobnicate everything", "frobnicate everything"),
    ):
        assert found[said] == lines.index(line) + 1
    assert any(each.startswith("dos rule flood") for each in found)


BRACES = """\
rulebase {
  security {
    rules {
      "r 1" {
        from trust;
        to [ untrust dmz];
        source any;
        destination 198.51.100.0/25;
        application any;
        service TURN;
        action allow;
      }
    }
  }
}
service {
  TURN {
    protocol {
      udp {
        port 3478;
      }
    }
  }
}
"""
XML = """\
<?xml version="1.0"?>
<config version="10.1.0" urldb="paloaltonetworks">
 <devices><entry name="localhost.localdomain"><vsys><entry name="vsys1">
  <service><entry name="TURN"><protocol><udp><port>3478</port></udp></protocol></entry></service>
  <rulebase><security><rules>
   <entry name="r 1">
    <from><member>trust</member></from>
    <to><member>untrust</member><member>dmz</member></to>
    <source><member>any</member></source>
    <destination><member>198.51.100.0/25</member></destination>
    <application><member>any</member></application>
    <service><member>TURN</member></service>
    <action>allow</action>
   </entry>
  </rules></security></rulebase>
 </entry></vsys></entry></devices>
</config>
"""


@pytest.mark.parametrize(
    ("text", "way", "line"), [(BRACES, "forward", 4), (XML, "vsys1 forward", 6)]
)
def test_the_other_forms_say_the_same(text, way, line):
    assert ask(text, TURN, way=way) == ("satisfied", "rule r 1")
    assert ask(text, TURN2, way=way) == ("blocked", END)
    chain = next(iter(PanOsReader().parse(text, "f").chains.values()))
    assert chain.rules[0].place.line == line
    assert chain.rules[0].action is Action.ACCEPT


def test_words_between_elements_are_reported():
    text = XML.replace("<rules>", "<rules>{% if x %}", 1)
    (found,) = PanOsReader().parse(text, "f").unmodelled
    assert (found.text, found.place.line) == ("{% if x %}", 6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no statement of PAN-OS"),
        ("set a\0b\n", "f:1: a NUL character"),
        ('set address a description "x\n', "f:1: a quoted text has no end"),
        ("rulebase {\n  security {\n", "f:2: this has no end"),
        ("rulebase }", "does not belong here"),
        ("hello", "no configuration of PAN-OS"),
        ("a { " * 60, "nested deeper"),
        ("<config>\n<a></config>", "f:2: no well-formed XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>\n<config>&a;</config>', "f:1: a document type"),
        ("<a>" * 100, "nested deeper"),
    ],
)
def test_what_is_cut_off_or_no_text_is_refused(text, said):
    with pytest.raises(InputError, match=said):
        PanOsReader().parse(text, "f")

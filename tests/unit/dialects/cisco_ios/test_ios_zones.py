"""The zone-based policy firewall: which class takes a packet, and what its answers meet."""

import pytest

from callgate.dialects.cisco_ios import CiscoIos
from tests.support.verdicts import ask, ask_back

BASE = """\
zone security lan
zone security wan
interface g0
 zone-member security lan
interface g1
 zone-member security wan
interface g2
 ip access-group NONE in
interface g3
 zone-member security lan
ip access-list extended CALLS
 deny ip host 192.0.2.9 any
 permit ip 192.0.2.0 0.0.0.255 any
zone-pair security out source lan destination wan
 service-policy type inspect OUT
"""
TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
HTTPS = "tcp 192.0.2.7#51000 > 198.51.100.7#443"
ELSE = "tcp 203.0.113.7#51000 > 198.51.100.7#443"
DENIED = "tcp 192.0.2.9#51000 > 198.51.100.7#443"


def config(criteria, action="inspect", kind="match-all"):
    lines = [f"class-map type inspect {kind} CALL", *(f" match {each}" for each in criteria)]
    lines += ["policy-map type inspect OUT", " class type inspect CALL", f"  {action}"]
    return BASE + "\n".join([*lines, " class class-default", "  drop log", ""])


DEFAULT = "class class-default"
PERMIT = "permit ip 192.0.2.0 0.0.0.255 any"
LIST = "access-group name CALLS"
DECIDED = [
    ([LIST], "match-all", TURN, "satisfied", PERMIT),
    ([LIST], "match-all", ELSE, "blocked", DEFAULT),
    ([LIST], "match-all", DENIED, "blocked", DEFAULT),
    ([LIST, "protocol tcp"], "match-all", HTTPS, "satisfied", "match protocol tcp"),
    ([LIST, "protocol tcp"], "match-all", TURN, "blocked", DEFAULT),
    ([LIST, "protocol tcp"], "match-all", ELSE, "blocked", DEFAULT),
    (["protocol tcp", LIST], "match-all", ELSE, "blocked", DEFAULT),
    (["protocol tcp", LIST], "match-all", DENIED, "blocked", DEFAULT),
    (["protocol https", "protocol udp"], "match-any", HTTPS, "satisfied", "match protocol https"),
    (["protocol https", "protocol udp"], "match-any", TURN, "satisfied", "match protocol udp"),
    (["protocol http", "protocol udp"], "match-any", HTTPS, "blocked", DEFAULT),
    (["protocol http", LIST], "match-any", DENIED, "blocked", DEFAULT),
    ([LIST, "protocol sip-tls"], "match-all", HTTPS, "depends", DEFAULT),
    ([LIST, "protocol sip-tls"], "match-any", HTTPS, "satisfied", PERMIT),
    (["class-map NOSUCH"], "match-all", HTTPS, "depends", DEFAULT),
    (["class-map CALL"], "match-all", HTTPS, "depends", DEFAULT),
    (["access-group name NOSUCH"], "match-all", HTTPS, "depends", DEFAULT),
    ([], "match-all", HTTPS, "blocked", DEFAULT),
]  # fmt: skip


@pytest.mark.parametrize(("criteria", "kind", "packet", "verdict", "line"), DECIDED)
@pytest.mark.parametrize("entry", ["lan > wan", "g0 > g1"])
def test_the_first_class_that_takes_a_packet_decides(criteria, kind, packet, verdict, line, entry):
    text = config(criteria, kind=kind)
    assert ask(CiscoIos(), text, packet, entry) == (verdict, line)


def test_a_class_that_drops_comes_before_the_default():
    text = config([LIST], "drop").replace("  drop log", "  pass")
    assert ask(CiscoIos(), text, TURN, "lan > wan")[0] == "blocked"
    assert ask(CiscoIos(), text, ELSE, "lan > wan") == ("satisfied", DEFAULT)


def test_a_class_within_a_class():
    text = config(["class-map INNER", "protocol tcp"])
    inner = "class-map type inspect match-any INNER\n match access-group name CALLS\n"
    assert ask(CiscoIos(), text + inner, HTTPS, "lan > wan")[0] == "satisfied"
    assert ask(CiscoIos(), text + inner, TURN, "lan > wan")[0] == "blocked"
    assert ask(CiscoIos(), text + inner, DENIED, "lan > wan")[0] == "blocked"


def test_between_zones_without_a_pair_nothing_passes():
    assert ask(CiscoIos(), config([LIST]), TURN, "g1 > g0") == (
        "blocked", "no zone-pair from wan to lan"
    )  # fmt: skip


def test_between_a_zone_and_none_nothing_passes():
    assert ask(CiscoIos(), config([LIST]), TURN, "g0 > g2")[0] == "blocked"
    assert ask(CiscoIos(), config([LIST]), TURN, "g2 > g1")[0] == "blocked"


def test_within_a_zone_everything_passes():
    assert ask(CiscoIos(), config([LIST]), ELSE, "g0 > g3")[0] == "satisfied"


def test_answers_pass_an_inspecting_policy_and_no_passing_one():
    assert ask_back(CiscoIos(), config([LIST]), TURN, "g0 > g1") == "satisfied"
    assert ask_back(CiscoIos(), config([LIST]), TURN, "lan > wan") == "satisfied"
    assert ask_back(CiscoIos(), config([LIST], "pass"), TURN, "lan > wan") == "unknown"


def test_a_list_of_the_interface_comes_first():
    text = config([LIST]) + "ip access-list extended IN\n deny udp any any\n permit ip any any\n"
    text += "interface g0\n ip access-group IN in\n"
    assert ask(CiscoIos(), text, TURN, "g0 > g1") == ("blocked", "deny udp any any")
    assert ask(CiscoIos(), text, HTTPS, "g0 > g1")[0] == "satisfied"


def test_a_policy_that_is_not_there_is_unknown():
    assert ask(CiscoIos(), BASE, TURN, "lan > wan")[0] == "unknown"
    assert any("no policy" in each.hint for each in CiscoIos().parse(BASE, "f").unmodelled)


def test_other_ports_for_an_application_make_it_a_condition():
    text = config(["protocol https"], kind="match-any")
    assert ask(CiscoIos(), text, HTTPS, "lan > wan")[0] == "satisfied"
    text = "ip port-map https port tcp 8443\n" + text
    assert ask(CiscoIos(), text, HTTPS, "lan > wan")[0] == "depends"


def test_a_list_decides_about_membership_once():
    unknown = "ip access-list extended CALLS\n allow ip any any\n"
    text = config([LIST, "protocol tcp"]) + unknown
    assert ask(CiscoIos(), text, TURN, "lan > wan") == ("blocked", DEFAULT)
    assert ask(CiscoIos(), text, ELSE, "lan > wan")[0] == "unknown"

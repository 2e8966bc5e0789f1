"""Configurations with a mistake that we planted: the verdict, and the policy that is blamed."""

import pytest

from callgate.check import Prepared, Question, explain, return_path
from callgate.dialects.fortigate import FortigateReader
from callgate.errors import InputError
from tests.support.verdicts import box, packet

BASE = """\
config system interface
    edit "port1"
        set ip 192.0.2.1 255.255.255.0
    next
end
config system zone
    edit "wan"
        set interface "port2" "port3"
    next
end
config firewall address
    edit "clients"
        set subnet 192.0.2.0 255.255.255.0
    next
    edit "relay1"
        set subnet 198.51.100.0/25
    next
    edit "relay2"
        set type iprange
        set start-ip 198.51.100.200
        set end-ip 198.51.100.210
    next
    edit "odd"
        set type wildcard
        set wildcard 198.51.100.7 255.255.0.255
    next
    edit "goto"
        set type fqdn
        set fqdn "*.goto.com"
    next
    edit "antarctica"
        set type geography
        set country "AQ"
    next
end
config firewall address6
    edit "relay6"
        set ip6 2001:db8:1::/48
    next
end
config firewall addrgrp
    edit "relays"
        set member "relay1"
    next
    edit "all-relays"
        set member "relays" "relay2"
    next
    edit "circle"
        set member "circle2"
    next
    edit "circle2"
        set member "circle"
    next
end
config firewall service custom
    edit "TURN"
        set udp-portrange 3478
    next
    edit "TURN-from"
        set udp-portrange 3478:1024-65535
    next
    edit "ANY-ICMP"
        set protocol ICMP
    next
end
config firewall service group
    edit "CALLS"
        set member "TURN" "HTTPS"
    next
end
"""
TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
TURN2 = "udp 192.0.2.7#51000 > 198.51.100.200#3478"
TURN3 = "udp 192.0.2.7#51000 > 198.51.200.7#3478"
LOW = "udp 192.0.2.7#500 > 198.51.100.7#3478"
HTTPS = "tcp 192.0.2.7#51000 > 203.0.113.7#443"
SIX = "udp 2001:db8::7#51000 > 2001:db8:1::7#3478"
PING = "icmp 8/0 192.0.2.7 > 198.51.100.7"
END = "implicit deny: policy 0"


def policy(number="1", **settings):
    fields = {
        "srcintf": "port1", "dstintf": "port2", "srcaddr": "clients", "dstaddr": "relay1",
        "action": "accept", "schedule": "always", "service": "TURN",
    } | {key.replace("_", "-"): value for key, value in settings.items()}  # fmt: skip
    lines = [f"        set {key} {value}" for key, value in fields.items() if value]
    return "\n".join([f"    edit {number}", *lines, "    next"])


def config(*policies, table="policy"):
    return f"{BASE}config firewall {table}\n" + "\n".join(policies) + "\nend\n"


def ask(text, what, incoming="port1", outgoing="port2"):
    """The verdict, and the words before the colon of the line that decides."""
    prepared = Prepared(FortigateReader().parse(text, "f"))
    question = Question("forward", in_interface=incoming, out_interface=outgoing)
    answer = explain(prepared, question, packet(what))
    decided = answer.evidence[0].line if answer.evidence else None
    line = decided.text if decided else ""
    return str(answer.verdict), END if line == END else line.partition(":")[0]


DENY = policy("9", action="deny", dstaddr="all", service="ALL")
PLANTED = {
    "right": ([policy()], TURN, "satisfied", "policy 1"),
    "wrong port": ([policy(service="HTTPS")], TURN, "blocked", END),
    "in a group of services": ([policy(service="CALLS")], TURN, "satisfied", "policy 1"),
    "wrong order": ([DENY, policy()], TURN, "blocked", "policy 9"),
    "the order of the table and not of the numbers": (
        [policy("9"), policy("1", action="deny", service="ALL")], TURN, "satisfied", "policy 9"),
    "moved to the front": (
        [DENY, policy(), "    move 1 before 9"], TURN, "satisfied", "policy 1"),
    "deleted": ([policy(), "    delete 1"], TURN, "blocked", END),
    "disabled": ([policy(status="disable")], TURN, "blocked", END),
    "no action is a deny": ([policy(action="")], TURN, "blocked", "policy 1"),
    "network lacks the server": ([policy(dstaddr="relay2")], TURN, "blocked", END),
    "nested group": ([policy(dstaddr='"all-relays"')], TURN2, "satisfied", "policy 1"),
    "nested group lacks one network": ([policy(dstaddr='"relays"')], TURN2, "blocked", END),
    "wildcard": ([policy(dstaddr="odd")], TURN3, "satisfied", "policy 1"),
    "wildcard of another host": ([policy(dstaddr="odd")], TURN2, "blocked", END),
    "wrong interface": ([policy(dstintf="port9")], TURN, "blocked", END),
    "through a zone": ([policy(dstintf="wan")], TURN, "satisfied", "policy 1"),
    "any interface": ([policy(srcintf="any", dstintf="any")], TURN, "satisfied", "policy 1"),
    "v6 forgotten": ([policy(dstaddr="all")], SIX, "blocked", END),
    "v6 there": (
        [policy(srcaddr6="all", dstaddr6="relay6")], SIX, "satisfied", "policy 1"),
    "negated": ([policy(dstaddr="relay2", dstaddr_negate="enable")], TURN, "satisfied", "policy 1"),
    "negated the wrong way": ([policy(dstaddr_negate="enable")], TURN, "blocked", END),
    "negated service": (
        [policy(service="TURN", service_negate="enable", dstaddr="all")],
        HTTPS, "satisfied", "policy 1"),
    "negated service takes the rest": (
        [policy(service="TURN", service_negate="enable")], TURN, "blocked", END),
    "source ports": ([policy(service="TURN-from")], LOW, "blocked", END),
    "any-any left open": (
        [policy(srcaddr="all", dstaddr="all", service="ALL")], HTTPS, "satisfied", "policy 1"),
    "ICMP": ([policy(service="ANY-ICMP")], PING, "satisfied", "policy 1"),
    "by geography": ([policy(dstaddr="antarctica")], TURN, "depends", END),
    "by name": ([policy(dstaddr="goto", service="HTTPS")], HTTPS, "blocked", END),
    "by schedule": ([policy(schedule='"work hours"')], TURN, "depends", END),
    "by user": ([policy(groups='"staff"')], TURN, "depends", END),
    "by internet service": (
        [policy(dstaddr="", service="", internet_service="enable",
                internet_service_name='"GoTo"')], TURN, "depends", END),
    "groups that hold each other": ([policy(dstaddr="circle")], TURN, "depends", END),
    "no such object": ([policy(dstaddr="relay9")], TURN, "depends", END),
    "a key nobody knows": ([policy(moonphase="full")], TURN, "depends", END),
    "incomplete": ([policy(service="")], TURN, "unknown", "policy 1"),
    "an action that is none": ([policy(action="ipsec")], TURN, "unknown", "policy 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_mistake_is_found(name):
    policies, what, verdict, line = PLANTED[name]
    assert ask(config(*policies), what) == (verdict, line)


def test_a_zone_stands_for_its_members_only():
    text = config(policy(dstintf="wan"))
    assert ask(text, TURN, outgoing="port3")[0] == "satisfied"
    assert ask(text, TURN, outgoing="port4")[0] == "blocked"


def test_the_older_table_of_ipv6_is_a_list_of_its_own():
    old = config(policy()) + config(
        policy("3", srcaddr="all", dstaddr="relay6"), table="policy6"
    ).removeprefix(BASE)
    assert ask(old, SIX) == ("satisfied", "policy 3")
    assert ask(old, TURN)[0] == "satisfied"
    assert ask(old, TURN2) == ("blocked", END)


def test_each_virtual_domain_is_a_way_of_its_own():
    inner = config(policy()).replace("\n", "\n        ")
    text = f"config vdom\n    edit root\n        {inner}\n    next\n    edit dmz\n"
    text += "        config firewall policy\n        end\n    next\nend\n"
    ruleset = FortigateReader().parse(text, "f")
    assert [entry.name for entry in ruleset.entries] == ["root forward", "dmz forward"]


def test_answers_pass():
    prepared = Prepared(FortigateReader().parse(config(policy()), "f"))
    question = Question("forward", in_interface="port1", out_interface="port2")
    assert return_path(prepared, question, box(packet(TURN))).verdict.value == "satisfied"


def test_inspection_is_told_beside_the_answer():
    ruleset = FortigateReader().parse(config(policy(ips_sensor='"default"')), "f")
    assert [(note.kind, note.text) for note in ruleset.notes] == [
        ("inspection", 'set ips-sensor "default"')
    ]


def test_what_is_not_modelled_is_reported_with_its_place():
    text = config(policy(moonphase="full")) + (
        "config firewall vip\n    edit web\n    next\nend\nconfig firewall policy\n"
        "    move 7 before 1\n    frobnicate\nend\n"
    )
    lines = text.splitlines()
    found = {each.text: each.place.line for each in FortigateReader().parse(text, "f").unmodelled}
    assert found["set moonphase full"] == lines.index("        set moonphase full") + 1
    assert found["config firewall vip: edit web"] == lines.index("    edit web") + 1
    assert found["frobnicate"] == lines.index("    frobnicate") + 1
    assert "move 7 before 1" in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no `config` here"),
        ("config firewall policy\n    edit 1\n", "f:2:5: this has no end"),
        ('config firewall policy\n    edit "1\n', "f:2: a quoted text has no end"),
        ("config a\0b\n", "f:1: a NUL character"),
        ("config a\n" * 40, "nested deeper"),
    ],
)
def test_what_is_cut_off_or_no_text_is_refused(text, said):
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        FortigateReader().parse(text, "f")


def test_a_quoted_text_may_go_over_lines_and_hold_quotes():
    text = 'config system x\n    edit "a"\n        set key "one\n two \\" three"\n    next\nend\n'
    text += config(policy())
    assert ask(text, TURN) == ("satisfied", "policy 1")

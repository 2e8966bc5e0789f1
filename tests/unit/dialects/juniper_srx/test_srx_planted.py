"""Configurations with a mistake that we planted: the verdict, and the policy that is blamed."""

import pytest

from callgate.check import Prepared, Question, explain, return_path
from callgate.dialects.juniper_srx import SrxReader
from callgate.errors import InputError
from tests.support.verdicts import box, packet

BASE = """\
set security zones security-zone trust interfaces ge-0/0/1.0
set security zones security-zone untrust interfaces ge-0/0/0.0
set security address-book global address clients 192.0.2.0/24
set security address-book global address relay1 198.51.100.0/25
set security address-book global address relay2 range-address 198.51.100.200 to 198.51.100.210
set security address-book global address odd wildcard-address 198.51.100.7/255.255.0.255
set security address-book global address six 2001:db8:1::/48
set security address-book global address vendor dns-name app.goto.com
set security address-book global address-set relays address relay1
set security address-book global address-set all-relays address-set relays
set security address-book global address-set all-relays address relay2
set security address-book global address-set circle address-set circle2
set security address-book global address-set circle2 address-set circle
set security address-book lan address printer 192.0.2.9/32
set security address-book lan attach zone trust
set applications application turn protocol udp destination-port 3478
set applications application high protocol udp source-port 1024-65535
set applications application high destination-port 3478
set applications application both term t1 protocol tcp destination-port 443
set applications application both term t2 protocol udp destination-port 3478
set applications application echo protocol icmp icmp-type 8
set applications application-set calls application turn
set applications application-set calls application junos-https
"""
TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
TURN2 = "udp 192.0.2.7#51000 > 198.51.100.200#3478"
TURN3 = "udp 192.0.2.7#51000 > 198.51.200.7#3478"
LOW = "udp 192.0.2.7#500 > 198.51.100.7#3478"
HTTPS = "tcp 192.0.2.7#51000 > 203.0.113.7#443"
SIX = "udp 2001:db8::7#51000 > 2001:db8:1::7#3478"
PING = "icmp 8/0 192.0.2.7 > 198.51.100.7"
END = "default policy: deny-all"
PAIR = "from-zone trust to-zone untrust"


def policy(name="p", source="clients", target="relay1", what="turn", then="permit", where=PAIR):
    start = f"set security policies {where} policy {name}"
    matches = (
        ("source-address", source),
        ("destination-address", target),
        ("application", what),
    )
    lines = [f"{start} match {key} {value}\n" for key, value in matches if value]
    return "".join(lines) + (f"{start} then {then}\n" if then else "")


def ask(text, what, incoming="trust", outgoing="untrust"):
    """The verdict, and the words before the colon of the line that decides."""
    prepared = Prepared(SrxReader().parse(text, "f"))
    question = Question("forward", in_interface=incoming, out_interface=outgoing)
    answer = explain(prepared, question, packet(what))
    line = answer.evidence[0].line.text if answer.evidence else ""
    return str(answer.verdict), line if line.startswith(("default", "set")) else line.split(":")[0]


MINE = "policy p (trust > untrust)"
DENY = policy("deny", "any", "any", "any", "deny")
DENIED = "policy deny (trust > untrust)"
FULL = policy("p", "any", "any", "any")
PLANTED = {
    "right": (policy(), TURN, "satisfied", MINE),
    "wrong port": (policy(what="junos-https"), TURN, "blocked", END),
    "in a set of applications": (policy(what="calls"), TURN, "satisfied", MINE),
    "a term of an application": (policy(what="both"), TURN, "satisfied", MINE),
    "a predefined application": (
        policy(target="any", what="junos-https"), HTTPS, "satisfied", MINE),
    "wrong order": (DENY + policy(), TURN, "blocked", DENIED),
    "inserted before it": (
        DENY + policy() + f"insert security policies {PAIR} policy p before policy deny\n",
        TURN, "satisfied", MINE),
    "deactivated": (
        policy() + f"deactivate security policies {PAIR} policy p\n", TURN, "blocked", END),
    "deleted": (policy() + f"delete security policies {PAIR} policy p\n", TURN, "blocked", END),
    "network lacks the server": (policy(target="relay2"), TURN, "blocked", END),
    "nested set": (policy(target="all-relays"), TURN2, "satisfied", MINE),
    "nested set lacks one network": (policy(target="relays"), TURN2, "blocked", END),
    "wildcard": (policy(target="odd"), TURN3, "satisfied", MINE),
    "wrong zone": (policy(where="from-zone trust to-zone dmz"), TURN, "blocked", END),
    "the other direction": (policy(where="from-zone untrust to-zone trust"), TURN, "blocked", END),
    "global": (
        policy(where="global"), TURN, "satisfied", "policy p (global)"),
    "global behind the pair": (
        policy("g", where="global") + DENY, TURN, "blocked", DENIED),
    "global of other zones": (
        policy(where="global") + "set security policies global policy p match to-zone dmz\n",
        TURN, "blocked", END),
    "permit-all by default": (
        policy(what="junos-ssh") + "set security policies default-policy permit-all\n",
        TURN, "satisfied", "set security policies default-policy permit-all"),
    "v6 forgotten": (policy("p", "any", "any-ipv4"), SIX, "blocked", END),
    "v6 there": (policy("p", "any", "six"), SIX, "satisfied", MINE),
    "an entry of the zone's own book": (
        policy(source="printer"), TURN.replace("192.0.2.7", "192.0.2.9"), "satisfied", MINE),
    "an entry of another zone's book": (policy(target="printer"), TURN, "depends", END),
    "excluded": (
        policy(target="relay2")
        + f"set security policies {PAIR} policy p match destination-address-excluded\n",
        TURN, "satisfied", MINE),
    "source ports": (policy(what="high"), LOW, "blocked", END),
    "any-any left open": (FULL, HTTPS, "satisfied", MINE),
    "ICMP": (policy(what="echo"), PING, "satisfied", MINE),
    "by name": (policy(target="vendor", what="junos-https"), HTTPS, "blocked", END),
    "by schedule": (
        policy() + f"set security policies {PAIR} policy p scheduler-name work\n",
        TURN, "depends", END),
    "by user": (
        policy() + f"set security policies {PAIR} policy p match source-identity staff\n",
        TURN, "depends", END),
    "by application": (
        policy() + f"set security policies {PAIR} policy p match dynamic-application junos:GOTO\n",
        TURN, "depends", END),
    "sets that hold each other": (policy(target="circle"), TURN, "depends", END),
    "no such entry": (policy(target="relay9"), TURN, "depends", END),
    "no such application": (policy(what="junos-nothing"), TURN, "depends", END),
    "a match nobody knows": (
        policy() + f"set security policies {PAIR} policy p match moon full\n",
        TURN, "depends", END),
    "without an action": (policy(then=""), TURN, "unknown", MINE),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_mistake_is_found(name):
    text, what, verdict, line = PLANTED[name]
    assert ask(BASE + text, what) == (verdict, line)


def test_a_zone_stands_for_its_interfaces():
    text = BASE + policy()
    assert ask(text, TURN, "ge-0/0/1.0", "ge-0/0/0.0")[0] == "satisfied"
    assert ask(text, TURN, "ge-0/0/2.0", "ge-0/0/0.0")[0] == "blocked"


BRACES = """\
/* a comment { with a brace */
security {
    address-book {
        global {
            address clients 192.0.2.0/24;
            address relay1 198.51.100.0/25;
            address-set relays { address relay1; }
        }
    }
    policies {
        from-zone trust to-zone untrust {
            inactive: policy off {
                match { source-address any; destination-address any; application any; }
                then { deny; }
            }
            policy p {
                description "quoted; with { marks }";
                match {
                    source-address [ clients ];
                    destination-address [ relays 203.0.113.9/32 ];
                    application [ turn junos-https ];
                }
                then {
                    permit;
                    log { session-close; }
                }
            }
        }
        default-policy { deny-all; }
    }
}
applications { application turn { protocol udp; destination-port 3478; } } # end
"""


def test_the_form_with_braces_says_the_same():
    assert ask(BRACES, TURN)[0] == "satisfied"
    assert ask(BRACES, "tcp 192.0.2.7#51000 > 203.0.113.9#443")[0] == "satisfied"
    assert ask(BRACES, HTTPS) == ("blocked", "deny-all;")
    (rule, *_) = SrxReader().parse(BRACES, "f").chains["security policies"].rules
    assert BRACES.splitlines()[rule.place.line - 1].strip() == "policy p {"


def test_groups_that_are_applied_count():
    grouped = policy().replace("set security", "set groups G security")
    assert ask(BASE + grouped, TURN)[0] == "blocked"
    assert ask(BASE + grouped + "set apply-groups G\n", TURN)[0] == "satisfied"


def test_answers_pass():
    prepared = Prepared(SrxReader().parse(BASE + policy(), "f"))
    question = Question("forward", in_interface="trust", out_interface="untrust")
    assert return_path(prepared, question, box(packet(TURN))).verdict.value == "satisfied"


def test_what_is_not_modelled_is_reported_with_its_place():
    text = BASE + policy() + "set interfaces ge-0/0/1 unit 0 family inet filter input F\nrun it\n"
    found = {each.text: each.place.line for each in SrxReader().parse(text, "f").unmodelled}
    lines = text.splitlines()
    assert found == {line: lines.index(line) + 1 for line in lines[-2:]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no statement of Junos here"),
        ("security {\n policies {\n", "f:2:2: this has no end"),
        ("security { }\n}\n", "f:2:1: a brace that closes nothing"),
        ('security { x "y\n; }', "f:1:14: this is not expected here"),
        ("set a\0b\n", "f:1: a NUL character"),
        ("a {" * 80, "nested deeper"),
    ],
)
def test_what_is_cut_off_or_no_text_is_refused(text, said):
    with pytest.raises(InputError, match=said):
        SrxReader().parse(text, "f")

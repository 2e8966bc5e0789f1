"""Configurations with a mistake that we planted: the verdict, and the line that is blamed."""

import pytest

from callgate.dialects.cisco_asa import CiscoAsa
from tests.support.verdicts import ask, ask_back

BOX = """\
ASA Version 9.16(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 203.0.113.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 192.0.2.254 255.255.255.0
interface GigabitEthernet0/2
 nameif dmz
 security-level 50
interface GigabitEthernet0/3
 nameif lab
 security-level 50
"""
RELAYS = """\
object network relay1
 subnet 198.51.100.0 255.255.255.128
object network relay2
 host 198.51.100.200
object-group network relays
 network-object object relay1
object-group network all-relays
 group-object relays
"""
OUT = "inside > outside"
TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
TURN2 = "udp 192.0.2.7#51000 > 198.51.100.200#3478"
HTTPS = "tcp 192.0.2.7#51000 > 198.51.100.7#443"
TELNET = "tcp 192.0.2.7#51000 > 198.51.100.7#23"
SIX = "udp 2001:db8::7#51000 > 2001:db8:1::7#3478"
BIND = "access-group IN in interface inside\n"
END = "implicit deny at the end of IN"

PLANTED = {
    "missing port": (
        BIND + "access-list IN extended permit udp any any eq 3479\n", OUT, TURN, "blocked", END),
    "tcp instead of udp": (
        BIND + "access-list IN extended permit tcp any any eq 3478\n", OUT, TURN, "blocked", END),
    "wrong order": (
        BIND + "access-list IN extended deny udp any any\n"
        "access-list IN extended permit udp any any eq 3478\n",
        OUT, TURN, "blocked", "access-list IN extended deny udp any any"),
    "right order": (
        BIND + "access-list IN extended permit udp any any eq 3478\n"
        "access-list IN extended deny udp any any\n",
        OUT, TURN, "satisfied", "access-list IN extended permit udp any any eq 3478"),
    "disabled rule": (
        BIND + "access-list IN extended permit udp any any eq 3478 inactive\n",
        OUT, TURN, "blocked", END),
    "nested group lacks one network": (
        BIND + RELAYS
        + "access-list IN extended permit udp any object-group all-relays eq 3478\n",
        OUT, TURN2, "blocked", END),
    "nested group with it": (
        BIND + RELAYS + " network-object object relay2\n"
        "access-list IN extended permit udp any object-group all-relays eq 3478\n",
        OUT, TURN2, "satisfied",
        "access-list IN extended permit udp any object-group all-relays eq 3478"),
    "range ends too early": (
        BIND + "access-list IN extended permit udp any any range 3400 3477\n",
        OUT, TURN, "blocked", END),
    "any-any left open": (
        BIND + "access-list IN extended permit ip any any\n", OUT, TELNET, "satisfied",
        "access-list IN extended permit ip any any"),
    "bound to the wrong interface": (
        "access-list IN extended permit udp any any eq 3478\naccess-group IN in interface dmz\n",
        "dmz > outside", HTTPS, "blocked", END),
    "not bound: the level decides": (
        "access-list IN extended deny ip any any\n", OUT, TURN, "satisfied",
        "security-level 100 (no list decides: not to a higher level)"),
    "bound in the wrong direction": (
        ("access-list IN extended permit udp any any eq 3478\n"
        "access-group IN out interface inside\n"),
        "outside > inside", TURN, "blocked",
        "security-level 0 (no list decides: to a higher level)"),
    "an outbound list denies": (
        BIND + "access-list IN extended permit ip any any\n"
        "access-list OUT extended permit tcp any any\naccess-group OUT out interface outside\n",
        OUT, TURN, "blocked", "implicit deny at the end of OUT"),
    "from a lower level": (
        "", "outside > inside", TURN, "blocked",
        "security-level 0 (no list decides: to a higher level)"),
    "same level": (
        "", "dmz > lab", TURN, "blocked",
        "security-level 50 (the same security level, and no same-security-traffic permit)"),
    "same level, list permits, still closed": (
        "access-list D extended permit ip any any\naccess-group D in interface dmz\n",
        "dmz > lab", TURN, "blocked",
        "security-level 50 (the same security level, and no same-security-traffic permit)"),
    "same level, permitted": (
        "same-security-traffic permit inter-interface\n", "dmz > lab", TURN, "satisfied",
        "security-level 50 (no list decides: not to a higher level)"),
    "the global list comes behind": (
        BIND + "access-list IN extended permit tcp any any eq 443\n"
        "access-list G extended permit udp any any eq 3478\naccess-group G global\n",
        OUT, TURN, "satisfied", "access-list G extended permit udp any any eq 3478"),
    "the interface's list comes first": (
        BIND + "access-list IN extended deny udp any any\n"
        "access-list G extended permit udp any any eq 3478\naccess-group G global\n",
        OUT, TURN, "blocked", "access-list IN extended deny udp any any"),
    "a global list ends the implicit permit": (
        "access-list G extended permit udp any any eq 3478\naccess-group G global\n",
        OUT, HTTPS, "blocked", "implicit deny at the end of G"),
    "v6 forgotten": (
        BIND + "access-list IN extended permit udp any4 any4 eq 3478\n", OUT, SIX, "blocked", END),
    "v6 not forgotten": (
        BIND + "access-list IN extended permit udp any any eq 3478\n", OUT, SIX, "satisfied",
        "access-list IN extended permit udp any any eq 3478"),
    "source too narrow": (
        BIND + "access-list IN extended permit udp 192.0.2.0 255.255.255.252 any eq 3478\n",
        OUT, TURN, "blocked", END),
    "source port where the destination's belongs": (
        BIND + "access-list IN extended permit udp any eq 3478 any\n", OUT, TURN, "blocked", END),
    "the last binding of an interface holds": (
        BIND + "access-list IN extended permit ip any any\n"
        "access-list NEW extended deny udp any any\naccess-group NEW in interface inside\n",
        OUT, TURN, "blocked", "access-list NEW extended deny udp any any"),
    "at night only": (
        BIND + "access-list IN extended permit udp any any eq 3478 time-range night\n",
        OUT, TURN, "depends", END),
    "no such list": (
        "access-group NOSUCH in interface inside\n", OUT, TURN, "unknown",
        "access-group NOSUCH in interface inside"),
    "without indentation": (
        "object network relay\nhost 198.51.100.9\n" + BIND
        + "access-list IN extended permit udp any object relay eq 3478\n",
        OUT, TURN, "blocked", END),
    "an interface said twice": (
        "interface GigabitEthernet0/1\n security-level 0\n", "inside > dmz", TURN, "blocked",
        "security-level 0 (no list decides: to a higher level)"),
    "a binding taken back": (
        BIND + "access-list IN extended deny ip any any\nno access-group IN in interface inside\n",
        OUT, TURN, "satisfied", "security-level 100 (no list decides: not to a higher level)"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_mistake_is_found_at_its_line(name):
    text, entry, packet, verdict, line = PLANTED[name]
    assert ask(CiscoAsa(), BOX + text, packet, entry) == (verdict, line)


def test_answers_pass_by_the_connection_table():
    text = BOX + BIND + "access-list IN extended permit udp any any eq 3478\n"
    assert ask_back(CiscoAsa(), text, TURN, OUT) == "satisfied"


def test_before_9_0_each_family_has_a_list_of_its_own():
    old = BOX.replace("9.16(4)", "8.4(2)") + BIND + "access-list IN extended permit udp any any\n"
    both = old + "ipv6 access-list SIX permit tcp any any\naccess-group SIX in interface inside\n"
    assert ask(CiscoAsa(), both, TURN, OUT)[0] == "satisfied"
    assert ask(CiscoAsa(), both, SIX, OUT) == ("blocked", "implicit deny at the end of SIX")
    four = both.replace("access-group IN in interface inside\n", "")
    assert ask(CiscoAsa(), four, TURN, OUT)[1].startswith("security-level 100")


def test_one_interface_speaks_to_itself_only_where_that_is_permitted():
    text = BOX + "same-security-traffic permit intra-interface\n"
    names = [entry.name for entry in CiscoAsa().parse(text, "f").entries]
    assert "inside > inside" in names
    assert "inside > inside" not in [entry.name for entry in CiscoAsa().parse(BOX, "f").entries]


def test_translations_are_notes_that_say_between_which_interfaces():
    text = BOX + RELAYS + "object network relay1\n nat (inside,outside) dynamic interface\n"
    (note,) = CiscoAsa().parse(text, "f").notes
    assert (note.kind, str(note.match.in_interface)) == ("nat", "inside")
    assert note.place.line == len((BOX + RELAYS).splitlines()) + 2


REPORTED = [
    ("filter url 80 any any any any", "URLs"),
    ("shun 192.0.2.1", "drops"),
    ("frobnicate all", "not known"),
    ("ip verify reverse-path interface outside", "routes"),
    ("access-list E ethertype permit bpdu", "not modelled"),
    ("interface g9\n nameif x\n frobnicate", "not known"),
    ("policy-map P\n class C\n  drop-connection", "end a connection"),
    ("group-policy G attributes\n vpn-filter value A", "VPN"),
    ("object-group user admins\n user LOCAL\\ann", "not modelled"),
]


@pytest.mark.parametrize(("text", "hint"), REPORTED)
def test_what_may_filter_and_is_not_modelled_is_reported_with_its_place(text, hint):
    (found,) = CiscoAsa().parse("hostname a\n" + text + "\n", "f").unmodelled
    assert hint in found.hint
    assert found.text == text.splitlines()[found.place.line - 2].strip()


IRRELEVANT = """\
: Saved
hostname a
logging enable
banner motd access-list A extended permit ip any any
router ospf 1
 network 192.0.2.0 255.255.255.0 area 0
snmp-server host inside 192.0.2.9
crypto map M 10 match address VPN
"""


def test_what_does_not_filter_is_known_by_its_keyword():
    ruleset = CiscoAsa().parse(IRRELEVANT, "f")
    assert (ruleset.unmodelled, ruleset.entries) == ((), ())


def test_the_implicit_deny_stands_at_the_last_line_of_its_list():
    chain, line = (
        CiscoAsa()
        .parse(BOX + "access-list IN extended permit udp any any\naccess-list IN remark x\n", "f")
        .chains["IN"],
        len(BOX.splitlines()) + 2,
    )
    assert chain.last.place.line == line

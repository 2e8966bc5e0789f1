"""Configurations with a mistake that we planted: the verdict, and the line that is blamed."""

import pytest

from callgate.dialects.cisco_ios import CiscoIos
from tests.support.verdicts import ask, ask_back

ROUTER = """\
version 17.9
ipv6 unicast-routing
interface GigabitEthernet0/0
 description LAN
 ip address 192.0.2.254 255.255.255.0
 ip access-group LAN in
 ip access-group TO_LAN out
interface GigabitEthernet0/1
 description WAN
 ip access-group WAN in
 ip access-group TO_WAN out
ip access-list extended TO_LAN
 permit ip any any
ip access-list extended TO_WAN
 permit ip any any
ip access-list extended WAN
 permit tcp any any established
 permit udp any eq 3478 192.0.2.0 0.0.0.255
"""
RELAYS = """\
object-group network relays
 198.51.100.0 255.255.255.128
object-group network all-relays
 group-object relays
"""
OUT = "GigabitEthernet0/0 > GigabitEthernet0/1"
TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
TURN2 = "udp 192.0.2.7#51000 > 198.51.100.200#3478"
HTTPS = "tcp 192.0.2.7#51000 > 198.51.100.7#443"
SIX = "udp 2001:db8::7#51000 > 2001:db8:1::7#3478"
END = "implicit deny at the end of LAN"
LAN = "ip access-list extended LAN\n "


PLANTED = {
    "missing port": (LAN + "permit udp any any eq 3479\n", OUT, TURN, "blocked", END),
    "tcp instead of udp": (LAN + "permit tcp any any eq 3478\n", OUT, TURN, "blocked", END),
    "wrong order": (
        LAN + "deny udp any any\n permit udp any any eq 3478\n", OUT, TURN, "blocked",
        "deny udp any any"),
    "right order by number": (
        LAN + "20 deny udp any any\n 10 permit udp any any eq 3478\n", OUT, TURN, "satisfied",
        "permit ip any any"),
    "an entry that comes too late": (
        LAN + "permit tcp any any\n deny ip any any\n permit udp any any eq 3478\n", OUT, TURN,
        "blocked", "deny ip any any"),
    "nested group lacks one network": (
        RELAYS + LAN + "permit udp any object-group all-relays eq 3478\n", OUT, TURN2, "blocked",
        END),
    "nested group with it": (
        RELAYS + " host 198.51.100.200\n" + LAN
        + "permit udp any object-group all-relays eq 3478\n", OUT, TURN2, "satisfied",
        "permit ip any any"),
    "range ends too early": (
        LAN + "permit udp any any range 3400 3477\n", OUT, TURN, "blocked", END),
    "any-any left open": (
        LAN + "permit ip any any\n", OUT, "tcp 192.0.2.7#1 > 198.51.100.7#23", "satisfied",
        "permit ip any any"),
    "the outbound list of the other interface denies": (
        LAN + "permit ip any any\nip access-list extended TO_WAN\n 5 deny udp any any\n", OUT, TURN,
        "blocked", "5 deny udp any any"),
    "established only": (
        LAN + "permit tcp any any established\n", OUT, HTTPS, "blocked", END),
    "a netmask instead of a wildcard": (
        LAN + "permit udp 192.0.2.0 255.255.255.0 any eq 3478\n", OUT, TURN, "depends", END),
    "wildcard too narrow": (
        LAN + "permit udp 192.0.2.0 0.0.0.3 any eq 3478\n", OUT, TURN, "blocked", END),
    "source port where the destination's belongs": (
        LAN + "permit udp any eq 3478 any\n", OUT, TURN, "blocked", END),
    "v6 not filtered": (
        LAN + "permit udp any any eq 3478\n", OUT, SIX.replace("3478", "23"), "satisfied", ""),
    "v6 forgotten in its list": (
        "ipv6 access-list L6\n permit tcp any any\n"
        "interface GigabitEthernet0/0\n ipv6 traffic-filter L6 in\n" + LAN + "permit ip any any\n",
        OUT, SIX, "blocked", "implicit deny at the end of L6"),
    "v6 not forgotten": (
        "ipv6 access-list L6\n permit udp any any eq 3478\n"
        "interface GigabitEthernet0/0\n ipv6 traffic-filter L6 in\n" + LAN + "permit ip any any\n",
        "GigabitEthernet0/0 in", SIX, "satisfied", "permit udp any any eq 3478"),
    "a standard list looks at the source only": (
        ("access-list 10 permit 192.0.2.99\ninterface GigabitEthernet0/0\n ip access-group 10 in\n"
        "access-list 10 deny any\n"), OUT, TURN, "blocked", "access-list 10 deny any"),
    "the last binding holds": (
        LAN + "permit ip any any\nip access-list extended NEW\n deny udp any any\n"
        "interface GigabitEthernet0/0\n ip access-group NEW in\n", OUT, TURN, "blocked",
        "deny udp any any"),
    "a binding taken back": (
        LAN + "deny ip any any\ninterface GigabitEthernet0/0\n no ip access-group LAN in\n", OUT,
        TURN, "satisfied", "permit ip any any"),
    "a reflexive list is no help for a first packet": (
        LAN + "evaluate sessions\n", OUT, TURN, "blocked", END),
    "marked packets only": (
        LAN + "permit udp any any eq 3478 dscp ef\n", OUT, TURN, "depends", END),
    "without indentation": (
        "ip access-list extended LAN\npermit udp any host 198.51.100.9 eq 3478\n", OUT, TURN,
        "blocked", END),
    "a number that is taken": (
        LAN + "10 deny udp any any\n 10 permit udp any any\n", OUT, TURN, "blocked",
        "10 deny udp any any"),
    "no such list": (
        "", OUT, TURN, "satisfied", "permit ip any any"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_mistake_is_found_at_its_line(name):
    text, entry, packet, verdict, line = PLANTED[name]
    assert ask(CiscoIos(), ROUTER + text, packet, entry) == (verdict, line)


def test_answers_must_pass_lists_that_know_no_connections():
    text = ROUTER + LAN + "permit ip any any\n"
    assert ask_back(CiscoIos(), text, TURN, OUT) == "satisfied"
    assert ask_back(CiscoIos(), text, HTTPS, OUT) == "satisfied"
    assert ask_back(CiscoIos(), text, TURN.replace("3478", "3479"), OUT) == "blocked"
    closed = text + "ip access-list extended TO_LAN\n 5 deny udp any any\n"
    assert ask_back(CiscoIos(), closed, TURN, OUT) == "blocked"


def test_what_the_answers_to_a_list_meet_is_not_known():
    assert ask_back(CiscoIos(), ROUTER, TURN, "TO_LAN") == "unknown"


REPORTED = [
    ("ip verify unicast source reachable-via rx", "routes"),
    ("frobnicate all", "not known"),
    ("ip frobnicate", "not known"),
    ("vlan access-map V 10", "VLAN"),
    ("interface g9\n ip verify unicast source reachable-via rx", "routes"),
    ("interface g9\n frobnicate", "not known"),
    ("interface g9\n ip frobnicate", "not known"),
    ("object-group fqdn names\n pattern goto", "not modelled"),
    ("access-list 700 permit 0000.0000.0000", "not about IP"),
    ("no object-group network x", "whole lists"),
]


@pytest.mark.parametrize(("text", "hint"), REPORTED)
def test_what_may_filter_and_is_not_modelled_is_reported_with_its_place(text, hint):
    (found,) = CiscoIos().parse("hostname a\n" + text + "\n", "f").unmodelled
    assert hint in found.hint
    assert found.text == text.splitlines()[found.place.line - 2].strip()


IRRELEVANT = """\
version 15.2
hostname a
aaa new-model
router ospf 1
 network 192.0.2.0 0.0.0.255 area 0
ip route 0.0.0.0 0.0.0.0 192.0.2.1
route-map R permit 10
 match ip address 10
line vty 0 4
 access-class 10 in
crypto pki certificate chain C
 certificate self-signed 01
  3082022B 30820194 A0030201 02020101
  quit
"""


def test_what_does_not_filter_is_known_by_its_keyword():
    ruleset = CiscoIos().parse(IRRELEVANT, "f")
    assert (ruleset.unmodelled, ruleset.entries) == ((), ())


def test_translations_are_notes():
    text = "ip nat inside source list 10 interface Gi0\nip nat pool P 192.0.2.1 192.0.2.2\n"
    (note,) = CiscoIos().parse(text, "f").notes
    assert (note.kind, note.place.line) == ("nat", 1)


def test_the_implicit_deny_stands_at_the_last_line_of_its_list():
    chain, line = (
        CiscoIos()
        .parse("ip access-list extended A\n 20 permit ip any any\n 10 deny udp any any\n", "f")
        .chains["A"],
        2,
    )
    assert chain.last.place.line == line

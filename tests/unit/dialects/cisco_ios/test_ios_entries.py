"""Each construct of an IOS list, by the packets that it takes."""

import pytest

from callgate.dialects.cisco_ios import CiscoIos
from tests.support.verdicts import ask, ask_back

OBJECTS = """\
object-group network inner
 host 198.51.100.1
 198.51.100.64 255.255.255.192
 198.51.100.32 /28
object-group network outer
 description nested
 group-object inner
 range 192.0.2.1 192.0.2.9
object-group service mixed
 tcp eq 443
 tcp 8443
 udp source gt 1023 range 3478 3480
 icmp echo
 esp
 group-object more
object-group service more
 tcp-udp eq domain
"""
TCP = "tcp 192.0.2.1#50000 > 198.51.100.1#443"
SIX = "tcp 2001:db8::1#50000 > 2001:db8:1::1#443"

TAKEN = [
    ("ip any any", TCP),
    ("ip any any", "47 192.0.2.1 > 198.51.100.1"),
    ("tcp 192.0.2.0 0.0.0.255 host 198.51.100.1 eq 443", TCP),
    ("tcp 192.0.2.0/24 198.51.100.1/32 eq 443", TCP),
    ("tcp 192.0.0.1 0.0.254.0 any", "tcp 192.0.4.1#1 > 198.51.100.1#1"),
    ("tcp 192.0.0.1 0.0.7.254 any", TCP),
    ("tcp any any eq 80 443 8080", TCP),
    ("tcp any any neq 80 8080", TCP),
    ("tcp any gt 49999 any lt 444", TCP),
    ("tcp any range 50000 50001 any range 443 444", TCP),
    ("tcp any any eq www", "tcp 192.0.2.1#1 > 198.51.100.1#80"),
    ("udp any any eq non500-isakmp", "udp 192.0.2.1#1 > 198.51.100.1#4500"),
    ("tcp object-group outer object-group inner", TCP),
    ("tcp any object-group inner", "tcp 192.0.2.1#1 > 198.51.100.127#1"),
    ("tcp any object-group inner", "tcp 192.0.2.1#1 > 198.51.100.47#1"),
    ("object-group mixed any any", TCP),
    ("object-group mixed any any", "tcp 192.0.2.1#1 > 198.51.100.1#8443"),
    ("object-group mixed any any", "udp 192.0.2.1#1024 > 198.51.100.1#3480"),
    ("object-group mixed any any", "udp 192.0.2.1#1 > 198.51.100.1#53"),
    ("object-group mixed any any", "icmp 8/0 192.0.2.1 > 198.51.100.1"),
    ("object-group mixed any any", "50 192.0.2.1 > 198.51.100.1"),
    ("icmp any any", "icmp 8/0 192.0.2.1 > 198.51.100.1"),
    ("icmp any any port-unreachable", "icmp 3/3 192.0.2.1 > 198.51.100.1"),
    ("icmp any any 3 4", "icmp 3/4 192.0.2.1 > 198.51.100.1"),
    ("tcp any any eq 443 log", TCP),
    ("tcp any any eq 443 log-input cookie", TCP),
    ("tcp any any eq 443 reflect back timeout 60", TCP),
    ("ospf any any", "89 192.0.2.1 > 198.51.100.1"),
]
LEFT = [
    ("tcp 192.0.0.1 0.0.254.0 any", TCP.replace("192.0.2.1", "192.0.3.1")),
    ("tcp any any eq 80 8080", TCP),
    ("tcp any any neq 80 443", TCP),
    ("tcp any any established", TCP),
    ("udp any any", TCP),
    ("tcp any object-group inner", "tcp 192.0.2.1#1 > 198.51.100.48#1"),
    ("object-group mixed any any", "udp 192.0.2.1#1023 > 198.51.100.1#3480"),
    ("object-group mixed any any", "tcp 192.0.2.1#1 > 198.51.100.1#3480"),
    ("icmp any any port-unreachable", "icmp 3/4 192.0.2.1 > 198.51.100.1"),
]
CONDITIONS = [
    ("tcp any any eq 443 fragments", "fragments"),
    ("tcp any any dscp ef", "dscp ef"),
    ("tcp any any precedence critical log", "precedence critical"),
    ("tcp any any ttl range 1 5", "ttl range 1 5"),
    ("ip any any option any-options", "option any-options"),
    ("tcp any any match-all +ack -syn", "match-all +ack -syn"),
    ("tcp any any syn", "syn"),
    ("tcp any any time-range work", "time-range work"),
]
UNREADABLE = [
    ("tcp 192.0.2.1 any", "an address and a wildcard are expected"),
    ("tcp any any eq https", "no port 'https'"),
    ("tcp any any eq snmp", "no port 'snmp' of this protocol"),
    ("nosuch any any", "no protocol 'nosuch'"),
    ("ip any any eq 80", "ports of a protocol that has none"),
    ("tcp any object-group nosuch", "no network group 'nosuch'"),
    ("object-group nosuch any any", "no service group 'nosuch'"),
    ("tcp any", "missing at the end"),
    ("tcp any any bogus", "'bogus' is not expected"),
    ("udp any any established", "'established' is not expected"),
]


def config(entry, action="permit"):
    return f"{OBJECTS}ip access-list extended A\n {action} {entry}\n"


@pytest.mark.parametrize(("entry", "packet"), TAKEN)
def test_an_entry_takes_the_packet(entry, packet):
    assert ask(CiscoIos(), config(entry), packet, "A")[0] == "satisfied"
    assert not CiscoIos().parse(config(entry), "f").unmodelled


@pytest.mark.parametrize(("entry", "packet"), LEFT)
def test_an_entry_leaves_the_packet(entry, packet):
    verdict, line = ask(CiscoIos(), config(entry), packet, "A")
    assert (verdict, line) == ("blocked", "implicit deny at the end of A")


@pytest.mark.parametrize(("entry", "condition"), CONDITIONS)
def test_what_is_not_modelled_is_a_condition_with_its_place(entry, condition):
    text = config(entry)
    assert ask(CiscoIos(), text, TCP, "A")[0] == "depends"
    (found,) = CiscoIos().parse(text, "f").unmodelled
    assert (found.text, found.place.line) == (condition, len(OBJECTS.splitlines()) + 2)


@pytest.mark.parametrize(("entry", "hint"), UNREADABLE)
@pytest.mark.parametrize("action", ["permit", "deny"])
def test_a_line_that_cannot_be_read_keeps_its_action_and_is_reported(entry, hint, action):
    text = config(entry, action) + " permit ip any any\n"
    (unread,) = CiscoIos().parse(text, "f").unmodelled
    assert hint in unread.hint
    assert unread.text == f"{action} {entry}"
    expected = "satisfied" if action == "permit" else "depends"
    assert ask(CiscoIos(), text, TCP, "A")[0] == expected


def test_a_netmask_where_a_wildcard_belongs_is_named_and_bounded():
    text = config("tcp 192.0.2.0 255.255.255.0 any")
    (found,) = CiscoIos().parse(text, "f").unmodelled
    assert "looks like a netmask" in found.hint
    assert ask(CiscoIos(), text, TCP, "A")[0] == "depends"
    beyond = config("tcp 1.2.3.1 0.255.0.254 any")
    assert ask(CiscoIos(), beyond, TCP, "A")[0] == "blocked"


NUMBERED = [
    ("access-list 10 permit 192.0.2.0 0.0.0.255", "10", "satisfied"),
    ("access-list 10 permit 192.0.2.1", "10", "satisfied"),
    ("access-list 10 permit 192.0.2.1 log", "10", "satisfied"),
    ("access-list 10 permit host 192.0.2.2", "10", "blocked"),
    ("access-list 10 deny any\naccess-list 10 permit any", "10", "blocked"),
    ("access-list 1300 permit any", "1300", "satisfied"),
    ("access-list 100 permit tcp any any eq 443", "100", "satisfied"),
    ("access-list 2699 permit ip any any", "2699", "satisfied"),
    ("access-list 100 remark nothing else", "100", "satisfied"),
    ("ip access-list standard 10\n permit any", "10", "satisfied"),
    ("access-list 101 dynamic door permit tcp any any", "101", "depends"),
    ("ip access-list extended A\n 20 permit ip any any\n 10 deny tcp any any", "A", "blocked"),
    ("ip access-list extended A\n 1 deny ip any any\n permit ip any any\n no 1", "A", "satisfied"),
    (("ip access-list extended A\n deny ip any any\nno ip access-list extended A\n"
     "ip access-list extended A\n permit ip any any"), "A", "satisfied"),
    ("access-list 100 deny ip any any\nno access-list 100\naccess-list 100 permit ip any any",
     "100", "satisfied"),
    ("ip access-list extended A\npermit ip any any\n", "A", "satisfied"),
    ("ip access-list extended A\n allow ip any any\n permit ip any any\n", "A", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "verdict"), NUMBERED)
def test_lists_by_number_and_by_sequence(text, name, verdict):
    assert ask(CiscoIos(), text + "\n", TCP, name)[0] == verdict


V6 = [
    ("permit ipv6 any any", SIX, "satisfied"),
    ("permit tcp 2001:db8::/48 host 2001:db8:1::1 eq 443", SIX, "satisfied"),
    ("sequence 10 permit tcp any any eq 443", SIX, "satisfied"),
    ("permit tcp any any eq 443 sequence 10", SIX, "satisfied"),
    ("permit udp any any", SIX, "blocked"),
    ("permit udp any any", "icmpv6 135/0 2001:db8::1 > 2001:db8::2", "satisfied"),
    ("deny ipv6 any any", "icmpv6 135/0 2001:db8::1 > 2001:db8::2", "blocked"),
    ("permit icmp any any packet-too-big", "icmpv6 2/0 2001:db8::1 > 2001:db8::2", "satisfied"),
    ("permit icmp any any echo-request", "icmpv6 129/0 2001:db8::1 > 2001:db8::2", "blocked"),
    ("permit tcp any any flow-label 5", SIX, "depends"),
]


@pytest.mark.parametrize(("entry", "packet", "verdict"), V6)
def test_ipv6_lists(entry, packet, verdict):
    assert ask(CiscoIos(), f"ipv6 access-list SIX\n {entry}\n", packet, "SIX")[0] == verdict


ROUTER = """\
interface Gi0/0
 ip access-group LAN in
interface Gi0/1
 ip access-group WAN in
ip access-list extended LAN
 permit ip any any
ip access-list extended WAN
 {wan}
"""
BACK = [
    ("permit tcp any any established", TCP, "satisfied"),
    ("permit tcp any any established", "udp 192.0.2.1#1 > 198.51.100.1#3478", "blocked"),
    ("permit udp any eq 3478 any", "udp 192.0.2.1#1 > 198.51.100.1#3478", "satisfied"),
    ("evaluate sessions", "udp 192.0.2.1#1 > 198.51.100.1#3478", "depends"),
    ("deny ip any any", TCP, "blocked"),
]


@pytest.mark.parametrize(("wan", "packet", "verdict"), BACK)
def test_answers_meet_the_list_of_the_other_interface(wan, packet, verdict):
    text = ROUTER.format(wan=wan)
    assert ask(CiscoIos(), text, packet, "Gi0/0 > Gi0/1")[0] == "satisfied"
    assert ask_back(CiscoIos(), text, packet, "Gi0/0 > Gi0/1") == verdict


def test_inspection_may_let_answers_in():
    text = ROUTER.format(wan="deny ip any any").replace(
        "ip access-group WAN in", "ip access-group WAN in\n ip inspect FW out"
    )
    assert ask_back(CiscoIos(), text, TCP, "Gi0/0 > Gi0/1") == "depends"


def test_a_list_that_is_bound_and_not_there_permits_everything():
    text = "interface Gi0/0\n ip access-group NOSUCH in\n"
    assert ask(CiscoIos(), text, TCP, "Gi0/0 in") == ("satisfied", (
        "ip access-group NOSUCH in (there is no such list: everything passes)"
    ))  # fmt: skip


def test_a_router_that_does_not_speak_of_ipv6_says_nothing_about_it():
    text = "interface Gi0/0\n ip access-group A in\naccess-list 100 permit ip any any\n"
    assert ask(CiscoIos(), text, SIX, "Gi0/0 in")[0] == "unknown"
    spoken = "ipv6 unicast-routing\n" + text
    assert ask(CiscoIos(), spoken, SIX, "Gi0/0 in")[0] == "satisfied"


BANNER = """\
banner motd ^C
access-list 100 deny ip any any
^C
banner login #one line#
access-list 100 permit ip any any
"""


def test_a_banner_is_no_configuration():
    assert ask(CiscoIos(), BANNER, TCP, "100")[0] == "satisfied"
    assert not CiscoIos().parse(BANNER, "f").unmodelled

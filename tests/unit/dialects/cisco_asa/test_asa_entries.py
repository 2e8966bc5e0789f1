"""Each construct of an ASA's list, by the packets that it takes."""

import pytest

from callgate.dialects.cisco_asa import CiscoAsa
from tests.support.verdicts import ask

OBJECTS = """\
names
name 192.0.2.80 webserver
object network host1
 host 192.0.2.1
object network net1
 subnet 192.0.2.0 255.255.255.0
object network span
 range 192.0.2.10 192.0.2.19
object network six
 subnet 2001:db8::/32
object network named
 fqdn v4 turn.example.com
object service high
 service udp source gt 1023 destination range 3478 3480
object service echo
 service icmp echo
object-group network inner
 network-object host 198.51.100.1
 network-object 198.51.100.64 255.255.255.192
object-group network outer
 description nested
 group-object inner
 network-object object host1
object-group service webs tcp
 port-object eq www
 port-object range 8000 8010
object-group service mixed
 service-object tcp destination eq https
 service-object udp source eq 5000 destination eq sip
 service-object object high
 service-object icmp echo
 service-object esp
object-group protocol TCPUDP
 protocol-object udp
 protocol-object tcp
object-group icmp-type pings
 icmp-object echo
 icmp-object echo-reply
"""
TCP = "tcp 192.0.2.1#50000 > 198.51.100.1#443"

TAKEN = [
    ("ip any any", TCP),
    ("ip any any", "47 192.0.2.1 > 198.51.100.1"),
    ("ip any any", "tcp 2001:db8::1#1 > 2001:db8::2#2"),
    ("ip any4 any", TCP),
    ("ip any6 any6", "tcp 2001:db8::1#1 > 2001:db8::2#2"),
    ("tcp host 192.0.2.1 198.51.100.0 255.255.255.0 eq https", TCP),
    ("tcp any any neq 80", TCP),
    ("tcp any gt 49999 any lt 444", TCP),
    ("tcp any range 50000 50001 any range 443 444", TCP),
    ("tcp host webserver any", "tcp 192.0.2.80#1 > 198.51.100.1#1"),
    ("tcp webserver 255.255.255.255 any", "tcp 192.0.2.80#1 > 198.51.100.1#1"),
    ("tcp object host1 any", TCP),
    ("tcp object span any", "tcp 192.0.2.19#1 > 198.51.100.1#1"),
    ("tcp any object-group outer", "tcp 203.0.113.1#1 > 198.51.100.127#1"),
    ("tcp any object-group outer", "tcp 203.0.113.1#1 > 192.0.2.1#1"),
    ("tcp any any object-group webs", "tcp 192.0.2.1#1 > 198.51.100.1#8005"),
    ("tcp any object-group webs any", "tcp 192.0.2.1#80 > 198.51.100.1#1"),
    ("tcp any object-group inner object-group webs", "tcp 192.0.2.1#1 > 198.51.100.1#80"),
    ("object-group mixed any any", TCP),
    ("object-group mixed any any", "udp 192.0.2.1#5000 > 198.51.100.1#5060"),
    ("object-group mixed any any", "udp 192.0.2.1#1024 > 198.51.100.1#3480"),
    ("object-group mixed any any", "icmp 8/0 192.0.2.1 > 198.51.100.1"),
    ("object-group mixed any any", "50 192.0.2.1 > 198.51.100.1"),
    ("object-group TCPUDP any any eq domain", "udp 192.0.2.1#1 > 198.51.100.1#53"),
    ("object-group TCPUDP any any eq domain", "tcp 192.0.2.1#1 > 198.51.100.1#53"),
    ("object echo any any", "icmp 8/0 192.0.2.1 > 198.51.100.1"),
    ("icmp any any echo-reply", "icmp 0/0 192.0.2.1 > 198.51.100.1"),
    ("icmp any any unreachable 4", "icmp 3/4 192.0.2.1 > 198.51.100.1"),
    ("icmp any any object-group pings", "icmp 8/0 192.0.2.1 > 198.51.100.1"),
    ("icmp6 any any echo", "icmpv6 128/0 2001:db8::1 > 2001:db8::2"),
    ("ip object six 2001:db8:1::/48", "tcp 2001:db8::1#1 > 2001:db8:1::2#2"),
    ("tcp any any eq kerberos", "tcp 192.0.2.1#1 > 198.51.100.1#750"),
    ("tcp any any eq 443 log", TCP),
    ("tcp any any eq 443 log warnings interval 60", TCP),
    ("tcp any any eq 443 log disable", TCP),
    ("object icmp-echo any any", "icmp 8/0 192.0.2.1 > 198.51.100.1"),
    ("object ospf any any", "89 192.0.2.1 > 198.51.100.1"),
    ("47 any any", "47 192.0.2.1 > 198.51.100.1"),
]
LEFT = [
    ("tcp host 192.0.2.2 any", TCP),
    ("tcp any any neq 443", TCP),
    ("tcp any gt 50000 any", TCP),
    ("udp any any", TCP),
    ("ip any6 any", TCP),
    ("ip any4 any4", "tcp 2001:db8::1#1 > 2001:db8::2#2"),
    ("tcp object span any", "tcp 192.0.2.20#1 > 198.51.100.1#1"),
    ("tcp any object-group outer", "tcp 203.0.113.1#1 > 198.51.100.2#1"),
    ("tcp any object-group webs any", "tcp 192.0.2.1#1 > 198.51.100.1#80"),
    ("object-group mixed any any", "udp 192.0.2.1#1023 > 198.51.100.1#3480"),
    ("object-group mixed any any", "tcp 192.0.2.1#5000 > 198.51.100.1#5060"),
    ("object-group mixed any any", "icmp 0/0 192.0.2.1 > 198.51.100.1"),
    ("object-group TCPUDP any any eq domain", "udp 192.0.2.1#1 > 198.51.100.1#54"),
    ("icmp any any unreachable 4", "icmp 3/3 192.0.2.1 > 198.51.100.1"),
    ("tcp any any eq kerberos", "tcp 192.0.2.1#1 > 198.51.100.1#88"),
    ("tcp any any eq 443 inactive", TCP),
    ("tcp any object named", TCP),
]
CONDITIONS = [
    ("tcp any any eq 443 time-range work", TCP, "time-range work"),
    ("tcp user LOCAL\\ann any any eq 443", TCP, "user LOCAL\\ann"),
    ("tcp security-group name eng any any", TCP, "security-group name eng"),
    ("tcp any interface outside", TCP, "address of outside"),
    ("tcp object named any", TCP, "the source is one of turn.example.com"),
    ("tcp any object-group-network-service saas", TCP, "object-group-network-service saas"),
]
UNREADABLE = [
    ("tcp 192.0.2.0 0.0.0.255 any", "looks like a wildcard"),
    ("tcp 192.0.2.1 255.255.255.0 any", "bits outside its netmask"),
    ("tcp any any eq nosuch", "no port 'nosuch'"),
    ("tcp any any eq snmp", "no port 'snmp' of this protocol"),
    ("tcp any any eq 65536", "no port '65536'"),
    ("nosuch any any", "no protocol 'nosuch'"),
    ("ip any any eq 80", "or has none"),
    ("tcp any object nosuch", "no network object 'nosuch'"),
    ("object-group nosuch any any", "no service object 'nosuch'"),
    ("tcp any", "missing at the end"),
    ("tcp any any bogus", "'bogus' is not expected"),
    ("tcp any any eq", "port is missing"),
    ("object-group mixed any any eq 80", "says its own"),
    ("tcp host 192.0.2.256 any", "no IPv4 address"),
]


def config(entry, action="permit"):
    return f"{OBJECTS}access-list A extended {action} {entry}\n"


@pytest.mark.parametrize(("entry", "packet"), TAKEN)
def test_an_entry_takes_the_packet(entry, packet):
    assert ask(CiscoAsa(), config(entry), packet, "A")[0] == "satisfied"
    ruleset = CiscoAsa().parse(config(entry), "f")
    assert not ruleset.unmodelled


@pytest.mark.parametrize(("entry", "packet"), LEFT)
def test_an_entry_leaves_the_packet(entry, packet):
    verdict, line = ask(CiscoAsa(), config(entry), packet, "A")
    assert (verdict, line) == ("blocked", "implicit deny at the end of A")


@pytest.mark.parametrize(("entry", "packet", "condition"), CONDITIONS)
def test_what_is_not_modelled_is_a_condition_with_its_place(entry, packet, condition):
    text = config(entry)
    assert ask(CiscoAsa(), text, packet, "A")[0] == "depends"
    found = [each for each in CiscoAsa().parse(text, "f").unmodelled if each.text == condition]
    assert [each.place.line for each in found] == [len(OBJECTS.splitlines()) + 1]


@pytest.mark.parametrize(("entry", "hint"), UNREADABLE)
@pytest.mark.parametrize("action", ["permit", "deny"])
def test_a_line_that_cannot_be_read_keeps_its_action_and_is_reported(entry, hint, action):
    text = config(entry, action) + "access-list A extended permit ip any any\n"
    (unread,) = CiscoAsa().parse(text, "f").unmodelled
    assert hint in unread.hint
    assert unread.text == f"access-list A extended {action} {entry}"
    # A permit that cannot be read cannot harm what a later line permits; a deny can.
    expected = "satisfied" if action == "permit" else "depends"
    assert ask(CiscoAsa(), text, TCP, "A")[0] == expected


def test_the_place_of_a_mistake_is_the_word():
    text = "access-list A extended permit tcp any any eq nosuch\n"
    (unread,) = CiscoAsa().parse(text, "f").unmodelled
    assert (unread.place.line, unread.place.column) == (1, text.index("nosuch") + 1)


def test_lines_can_be_inserted_by_number_where_remarks_count():
    text = """\
access-list A remark first
access-list A extended permit ip any any
access-list A line 2 extended deny tcp any any eq 443
"""
    assert ask(CiscoAsa(), text, TCP, "A")[0] == "blocked"
    late = text.replace("line 2", "line 3")
    assert ask(CiscoAsa(), late, TCP, "A")[0] == "satisfied"


def test_taking_back_removes_the_line_that_says_the_same():
    text = "access-list A extended deny ip any any\naccess-list A extended permit ip any any\n"
    taken = text + "no access-list A extended deny ip any any\n"
    assert ask(CiscoAsa(), taken, TCP, "A")[0] == "satisfied"
    other = text + "no access-list A extended deny tcp any any\n"
    assert "no line before" in CiscoAsa().parse(other, "f").unmodelled[0].hint


def test_an_unknown_word_in_a_list_makes_the_answer_unknown():
    text = "access-list A extended allow ip any any\naccess-list A extended permit ip any any\n"
    assert ask(CiscoAsa(), text, TCP, "A")[0] == "unknown"


def test_a_standard_list_names_destinations():
    text = "access-list A standard permit 198.51.100.0 255.255.255.0\n"
    assert ask(CiscoAsa(), text, TCP, "A")[0] == "satisfied"


def test_before_9_0_any_is_ipv4():
    text = "ASA Version 8.2(5)\naccess-list A extended permit ip any any\n"
    ruleset = CiscoAsa().parse(text, "f")
    assert {int(family) for family in ruleset.families} == {4}
    assert ask(CiscoAsa(), text, TCP, "A")[0] == "satisfied"
    assert ask(CiscoAsa(), text, "tcp 2001:db8::1#1 > 2001:db8::2#2", "A")[0] == "unknown"


def test_ends_that_share_no_family_take_nothing_and_are_reported():
    text = "access-list A extended permit ip any4 any6\n"
    assert ask(CiscoAsa(), text, TCP, "A")[0] == "blocked"
    assert "no packet" in CiscoAsa().parse(text, "f").unmodelled[0].hint

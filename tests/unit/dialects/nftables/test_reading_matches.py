"""What matches mean, told by packets on both sides of their edges."""

import pytest

from callgate.errors import InputError
from callgate.flows import Family
from callgate.rules import Action, ConnectionState
from tests.support.nft import fate, rules, ruleset

TCP = "tcp 192.0.2.1 1024 198.51.100.7 443"
UDP = "udp 192.0.2.1 1024 198.51.100.7 443"
V6 = "tcp 2001:db8::1 1024 2001:db8::7 443"
SCTP = "sctp 192.0.2.1 1024 198.51.100.7 443"
PING = "icmp 192.0.2.1 8/0 198.51.100.7"
PING6 = "icmp 2001:db8::1 128/0 2001:db8::7"
ALL = (TCP, UDP, V6, SCTP, PING, PING6)


@pytest.mark.parametrize(
    ("match", "held"),
    [
        ("", ALL),
        ("tcp dport 443", (TCP, V6)),
        ("tcp dport https", (TCP, V6)),
        ("tcp dport != 443", ()),
        ("tcp dport != 80", (TCP, V6)),
        ("tcp dport 400-443", (TCP, V6)),
        ("tcp dport { 80, 440-450 }", (TCP, V6)),
        ("tcp dport != { 80, 440-450 }", ()),
        ("tcp dport < 443", ()),
        ("tcp dport <= 443", (TCP, V6)),
        ("tcp dport > 442", (TCP, V6)),
        ("tcp dport ge 443", (TCP, V6)),
        ("tcp dport 0673", (TCP, V6)),
        ("tcp dport & 1 == 1", (TCP, V6)),
        ("tcp dport & 1 == 0", ()),
        ("tcp sport 1024", (TCP, V6)),
        ("udp dport 443", (UDP,)),
        ("sctp dport 443", (SCTP,)),
        ("th dport 443", (TCP, UDP, V6, SCTP)),
        ("meta l4proto tcp", (TCP, V6)),
        ("meta l4proto != tcp", (UDP, SCTP, PING, PING6)),
        ("meta l4proto { tcp, udp } th dport 443", (TCP, UDP, V6)),
        ("meta l4proto { 6, 17 }", (TCP, UDP, V6)),
        ("meta l4proto icmpv6", (PING6,)),
        ("meta nfproto ipv4", (TCP, UDP, SCTP, PING)),
        ("meta nfproto 10", (V6, PING6)),
        ("meta protocol ip6", (V6, PING6)),
        ("meta protocol != ip6", (TCP, UDP, SCTP, PING)),
        ("ip protocol tcp", (TCP,)),
        ("ip protocol != tcp", (UDP, SCTP, PING)),
        ("ip6 nexthdr tcp", (V6,)),
        ("ip saddr 192.0.2.1", (TCP, UDP, SCTP, PING)),
        ("ip saddr != 192.0.2.1", ()),
        ("ip saddr 192.0.2.99/24", (TCP, UDP, SCTP, PING)),
        ("ip saddr 192.0.2.0-192.0.2.1", (TCP, UDP, SCTP, PING)),
        ("ip saddr & 255.255.255.0 == 192.0.2.0", (TCP, UDP, SCTP, PING)),
        ("ip saddr & 255.255.255.0 == 192.0.2.1", ()),
        ("ip saddr & 255.255.255.0 != 192.0.2.0", ()),
        ("ip daddr { 198.51.100.0/30, 198.51.100.4-198.51.100.7 }", (TCP, UDP, SCTP, PING)),
        ("ip6 daddr 2001:db8::/32", (V6, PING6)),
        ("ip6 daddr != 2001:db8::/32", ()),
        ("icmp type echo-request", (PING,)),
        ("icmp type 8 icmp code 0", (PING,)),
        ("icmp code != 0", ()),
        ("icmp type != { 0, 8 }", ()),
        ("icmpv6 type { echo-request, echo-reply }", (PING6,)),
        ("ip saddr . tcp dport { 192.0.2.1 . 443 }", (TCP,)),
        ("ip saddr . tcp dport { 192.0.2.0/24 . 80-90, 192.0.2.0/24 . 443 }", (TCP,)),
        ("ip saddr . tcp dport != { 192.0.2.1 . 443 }", ()),
        ("ip saddr . tcp dport != { 192.0.2.1 . 444, 192.0.2.2 . 443 }", (TCP,)),
        ("ip protocol . th dport { tcp . 443, udp . 53 }", (TCP,)),
        ("meta nfproto . meta l4proto { ipv6 . tcp, ipv4 . udp }", (UDP, V6)),
        ("tcp flags syn", (TCP, V6)),
        ("tcp flags & (fin|syn|rst|ack) == syn", (TCP, V6)),
        ("tcp flags & (fin | syn | rst | ack) != syn", ()),
        ("tcp flags syn / fin,syn,rst,ack", (TCP, V6)),
        ("tcp flags != syn / fin,syn,rst,ack", ()),
        ("tcp flags ! syn", ()),
        ("tcp flags ack", ()),
        ("tcp flags { syn, syn|ecn|cwr }", (TCP, V6)),
        ("ct state new", ALL),
        ("ct state new,related", ALL),
        ("ct state { established, new }", ALL),
        ("ct state established,related", ()),
        ("ct state != new", ()),
        ("ct state != new,established", ALL),
        ("ct state ! new,established", ()),
        ("ct state & (new|established) == 0", ()),
        ("ct state 0x8", ALL),
        ("iifname eth0", ALL),
        ('iifname "eth*"', ALL),
        ("iif != lo", ALL),
        ("iifname { eth1, wlan0 }", ()),
        ("iifname != { eth1, wlan0 }", ALL),
        ("oifname eth0", ()),
        ("iifname . oifname { eth0 . eth1, eth1 . eth0 }", ALL),
        ("iifname . ip saddr { eth0 . 192.0.2.1, eth9 . 192.0.2.2 }", (TCP, UDP, SCTP, PING)),
        ("ip saddr 192.0.2.1 tcp dport 443", (TCP,)),
        ("ip saddr 192.0.2.1 ip6 daddr ::1", ()),
    ],
)
def test_a_match_holds_just_these_packets(match, held):
    made = ruleset(f"{match} accept")
    accepted = {
        each
        for each in ALL
        if fate(made, each, in_interface="eth0", out_interface="eth1") == "accept"
    }
    assert accepted == set(held)
    # Ports of protocols that have none and flags of later packets are all that is open.
    assert all(each.text.startswith(("th ", "tcp flags ")) for each in made.unmodelled)


@pytest.mark.parametrize(
    ("match", "condition", "negated"),
    [
        ("meta mark 0x10", "meta mark 16", False),
        ("mark != 16", "meta mark 16", True),
        ("ct mark 1", "ct mark 1", False),
        ("ct status dnat", "ct status dnat", False),
        ("ct status == dnat", "ct status == dnat", False),
        ("ct original ip saddr 192.0.2.1", "ct original ip saddr 192.0.2.1", False),
        ("ct count over 10", "ct count over 10", False),
        ("meta skuid root", "meta skuid root", False),
        ("fib daddr . iif type local", "fib daddr . iif type local", False),
        ("fib saddr . iif oif missing", "fib saddr . iif oif missing", False),
        ("rt nexthop 192.0.2.9", "rt nexthop 192.0.2.9", False),
        ("socket transparent 1", "socket transparent 1", False),
        ('socket cgroupv2 level 1 "a"', "socket cgroupv2 level 1 a", False),
        ("limit rate 10/second", "limit rate 10/second", False),
        ("limit rate over 10 mbytes/second burst 5 kbytes",) * 2 + (False,),
        ('limit name "x"', 'limit name "x"', False),
        ("quota over 25 mbytes", "quota over 25 mbytes", False),
        ('meta hour "08:00"-"17:00"', "meta hour 08:00-17:00", False),
        ('meta day != { "Saturday", "Sunday" }', "meta day { Saturday, Sunday }", True),
        ("numgen random mod 10 < 3", "numgen random mod 10 < 3", False),
        ("jhash ip saddr . tcp dport mod 2 0", "jhash ip saddr . tcp dport mod 2 0", False),
        ("@th,16,16 53", "@th,16,16 53", False),
        ("ether saddr 00:11:22:33:44:55", "ether saddr 00:11:22:33:44:55", False),
        ("iifgroup 5", "meta iifgroup 5", False),
        ("ip saddr example.com", "ip saddr example.com", False),
        ("tcp dport no-such-service", "tcp dport no-such-service", False),
        ("tcp flags == syn", "tcp flags == syn", False),
        ("ip saddr & 0.0.0.255 == 1", "ip saddr & 0.0.0.255 == 1", False),
        ("ip dscp != cs1", "ip dscp cs1", True),
        ("tcp option maxseg exists", "tcp option maxseg exists", False),
        ("exthdr hbh exists", "exthdr hbh exists", False),
        ("ipsec in reqid 1", "ipsec in reqid 1", False),
        ('osf name "Linux"', "osf name Linux", False),
        ("add @s { ip saddr limit rate 5/minute }",) * 2 + (False,),
        ('iifname "eth\\*"', "meta iifname eth\\*", False),
        ("iif 3", "meta iif 3", False),
    ],
)
def test_what_is_not_modelled_is_a_condition_with_its_place(match, condition, negated):
    made = ruleset(f"{match} accept", before="\tset s { type ipv4_addr; flags dynamic; }")
    found = [each for rule in made.chains["inet t c"].rules for each in rule.match.conditions]
    assert [(str(each.condition), each.negated) for each in found] == [(condition, negated)]
    assert [(each.text, each.place.line) for each in made.unmodelled] == [(condition, 5)]


def test_a_field_implies_its_header_even_where_it_is_a_condition():
    (rule,) = rules("ip dscp != cs1 udp length 8 accept")
    assert rule.match.families == {Family.V4}
    assert rule.match.protocol.intervals == ((17, 17),)


def test_a_match_of_the_other_family_never_holds_but_stays():
    (rule,) = rules("ip saddr 192.0.2.1 ip6 daddr ::1 accept")
    assert rule.match.protocol.intervals == ()


def test_two_tests_of_one_interface_are_not_lost():
    (rule,) = rules('iifname "eth*" iifname != "eth5" accept')
    assert str(rule.match.conditions[0]) == "not (meta iifname eth5)"


def test_flags_of_later_packets_are_not_decided():
    made = ruleset("tcp flags ack accept")
    later = ConnectionState.ESTABLISHED
    assert fate(made, TCP, state=later) == "drop"
    assert fate(made, TCP, state=later, conditions=["tcp flags ack"]) == "accept"


def test_a_name_among_addresses_leaves_the_addresses_decided():
    made = ruleset("ip saddr { 192.0.2.1, example.com } accept")
    other = TCP.replace("192.0.2.1", "192.0.2.2")
    assert fate(made, TCP) == "accept"
    assert fate(made, other) == "drop"
    assert fate(made, other, conditions=["ip saddr example.com"]) == "accept"


def test_sets_are_shared_between_the_rules_that_use_them():
    made = ruleset(
        "ip saddr @nets accept",
        "tcp dport 22 ip saddr @nets drop",
        before="\tset nets { type ipv4_addr; flags interval; elements = { 192.0.2.0/24 } }",
    )
    one, two = made.chains["inet t c"].rules
    assert one.match.source.v4 is two.match.source.v4


@pytest.mark.parametrize(
    "declaration",
    [
        "flags dynamic;",
        "flags timeout;",
        "flags interval,timeout;",
        "timeout 1h;",
        "elements = { 192.0.2.1 timeout 1h expires 59m }",
    ],
)
def test_a_set_that_changes_at_run_time_is_a_condition(declaration):
    made = ruleset("ip saddr @s accept", before=f"\tset s {{ type ipv4_addr; {declaration} }}")
    assert fate(made, TCP) == "drop"
    assert fate(made, TCP, conditions=["ip saddr @s"]) == "accept"


def test_a_set_that_a_rule_fills_is_a_condition():
    made = ruleset(
        "ip saddr @s accept",
        "tcp dport 1 add @s { ip saddr }",
        before="\tset s { type ipv4_addr; elements = { 192.0.2.1 } }",
    )
    assert fate(made, TCP) == "drop"
    assert fate(made, TCP, conditions=["ip saddr @s"]) == "accept"


@pytest.mark.parametrize(
    ("rule", "message", "column"),
    [
        ("tcp dport 70000 accept", "70000 does not fit in 16 bits", 13),
        ("tcp dport 20-10 accept", "upside down", 13),
        ("ip saddr 192.0.2.0/33 accept", "at most 32 bits", 22),
        ("ip saddr 300.0.2.0 accept", "not an address", 12),
        ("ip saddr 2001:db8::1 accept", "not a value of this field", 12),
        ("ip6 saddr 192.0.2.1 accept", "not a value of this field", 13),
        ("ip6 saddr 1:2:3 accept", "not an address", 13),
        ("meta l4proto 256 accept", "8 bits", 16),
        ("ip saddr @nothing accept", "no set 'nothing'", 12),
        ("ip saddr . tcp dport { 192.0.2.1 } accept", "has not the 2 parts", 26),
        ("tcp dport 22,23 accept", "goes in braces", 13),
        ("accept drop", "nothing can follow a verdict", 10),
    ],
)
def test_values_that_mean_nothing_are_mistakes_with_their_place(rule, message, column):
    with pytest.raises(InputError) as caught:
        ruleset(rule)
    (mistake,) = caught.value.mistakes
    assert message in mistake.message
    assert (mistake.place.line, mistake.place.column) == (5, column)


def test_the_actions():
    words = "accept", "drop", "return", "continue", "reject", "reject with icmpx admin-prohibited"
    found = [rules(word)[0].action for word in words]
    assert found == [
        Action.ACCEPT,
        Action.DROP,
        Action.RETURN,
        Action.CONTINUE,
        Action.REJECT,
        Action.REJECT,
    ]

"""What each option of iptables-save means."""

import ipaddress

import pytest

from callgate.errors import InputError
from callgate.flows import Family, IntervalSet
from callgate.rules import ANY_STATE, Action, Addresses, Condition, ConnectionState, Interfaces
from tests.support.iptables import match, read, rules, save

NEW, REST = ConnectionState.NEW, ANY_STATE & ~ConnectionState.NEW
TCP = IntervalSet.points((6,))
EVERY_V4 = IntervalSet.of((0, 2**32 - 1))


def nets(*texts):
    return Addresses.of(map(ipaddress.ip_network, texts))


def spans(*each):
    return IntervalSet.of(*each)


def conditions(found):
    return [(str(each.condition), each.negated) for each in found.conditions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", nets("192.0.2.1/32")),
        ("192.0.2.77/24", nets("192.0.2.0/24")),
        ("192.0.2.0/255.255.255.0", nets("192.0.2.0/24")),
        ("192.0.2.0/24,198.51.100.7", nets("192.0.2.0/24", "198.51.100.7/32")),
        ("10.0.0.7/255.255.255.254", nets("10.0.0.6/31")),
        ("0.0.0.0/0", None),
        ("0.0.0.0/0.0.0.0", None),
    ],
)
def test_networks(text, expected):
    assert match(f"-s {text} -j DROP").source == expected
    assert match(f"-d {text} -j DROP").destination == expected
    assert match(f"--source {text} -j DROP").source == expected


def test_a_mask_with_holes_is_exact():
    low = int(ipaddress.ip_address("10.0.0.5"))
    expected = spans(*((low + (middle << 8), low + (middle << 8)) for middle in range(4)))
    assert match("-s 10.0.9.5/255.255.252.255 -j DROP").source.v4 == spans(
        *((low + 0x800 + (middle << 8),) * 2 for middle in range(4))
    )
    assert match("-s 10.0.0.5/255.255.252.255 -j DROP").source.v4 == expected
    assert match("-s 10.0.0.0/255.0.255.0 -j DROP").source.v4.size == 256 * 256


def test_a_mask_with_too_many_holes_is_a_condition():
    found = match("-s 0.0.0.1/0.0.0.255 -j DROP")
    assert found.source is None
    assert conditions(found) == [("-s 0.0.0.1/0.0.0.255", False)]
    assert conditions(match("-d ::1/::ffff -j DROP", family=6)) == [("-d ::1/::ffff", False)]


@pytest.mark.parametrize("written", ["! -s 192.0.2.0/24", "-s ! 192.0.2.0/24"])
def test_negation_stands_before_the_option_or_its_argument(written):
    found = match(f"{written} -j DROP")
    assert found.source.v4 == EVERY_V4 - nets("192.0.2.0/24").v4
    assert not found.source.v6
    assert not found.source.names


def test_host_names_are_conditions_with_a_place_and_a_hint():
    ruleset = read(save("-p tcp -d turn.example -j ACCEPT"))
    (unmodelled,) = ruleset.unmodelled
    assert (unmodelled.place.line, unmodelled.place.column) == (6, 22)
    assert "resolved" in unmodelled.hint
    (rule,) = ruleset.chains["filter/FORWARD"].rules
    assert conditions(rule.match) == [("-d turn.example", False)]


def test_v6_addresses():
    found = match("-s 2001:db8::/32 ! -d 2001:db8::1 -j DROP", family=6)
    assert found.source == nets("2001:db8::/32")
    assert found.destination.v6.size == 2**128 - 1
    assert found.families == {Family.V6}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("tcp", [(6, 6)]), ("17", [(17, 17)]), ("esp", [(50, 50)]), ("ICMP", [(1, 1)])],
)
def test_protocols(text, numbers):
    assert match(f"-p {text} -j DROP").protocol == spans(*numbers)
    assert match(f"! -p {text} -j DROP").protocol == spans((0, 255)) - spans(*numbers)


@pytest.mark.parametrize("text", ["all", "0"])
def test_every_protocol(text):
    assert match(f"-p {text} -j DROP").protocol is None


def test_interfaces():
    found = match("-i eth+ ! -o lo -j DROP")
    assert found.in_interface == Interfaces(("eth*",))
    assert found.out_interface == Interfaces(("lo",), negated=True)
    assert match("-i + -j DROP").in_interface is None
    assert "eth0" not in match("-i ! + -j DROP").in_interface


@pytest.mark.parametrize(
    ("text", "side", "expected"),
    [
        ("-m udp --dport 3478", "destination_port", spans((3478, 3478))),
        ("--dport 45000:49999", "destination_port", spans((45000, 49999))),
        ("--sport 1024:", "source_port", spans((1024, 65535))),
        ("--sport :1023", "source_port", spans((0, 1023))),
        ("--dport domain", "destination_port", spans((53, 53))),
        ("! --dport 53", "destination_port", spans((0, 52), (54, 65535))),
        ("-m multiport --dports 80,443,5000:5010", "destination_port",
         spans((80, 80), (443, 443), (5000, 5010))),
        ("-m multiport ! --sports 80", "source_port", spans((0, 79), (81, 65535))),
        ("--dport=443", "destination_port", spans((443, 443))),
        ("--sport 0:65535", "source_port", None),
    ],
)  # fmt: skip
def test_ports(text, side, expected):
    assert getattr(match(f"-p udp {text} -j DROP"), side) == expected


def test_ports_of_either_side_are_two_disjoint_matches():
    source, destination = (
        each.match for each in rules("-p tcp -m multiport --ports 22,80 -j DROP")
    )
    assert source.source_port == spans((22, 22), (80, 80))
    assert source.destination_port is None
    assert destination.destination_port == source.source_port
    assert not destination.source_port & source.source_port


def test_ports_of_neither_side():
    found = match("-p tcp -m multiport ! --ports 22 -j DROP")
    assert found.source_port == found.destination_port == spans((0, 21), (23, 65535))


def test_a_range_upside_down_holds_no_port_and_is_reported():
    ruleset = read(save("-p udp --dport 60000:29 -j ACCEPT"))
    assert "never matches" in ruleset.unmodelled[0].hint
    assert match("-p udp --dport 60000:29 -j ACCEPT").destination_port == IntervalSet.EMPTY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-m icmp --icmp-type 8", spans((2048, 2303))),
        ("-m icmp --icmp-type 3/4", spans((772, 772))),
        ("--icmp-type echo-reply", spans((0, 255))),
        ("--icmp-type fragmentation-needed", spans((772, 772))),
        ("--icmp-type any", None),
    ],
)
def test_icmp(text, expected):
    assert match(f"-p icmp {text} -j DROP").destination_port == expected


def test_icmpv6_has_types_of_its_own():
    found = match("-p ipv6-icmp -m icmp6 --icmpv6-type echo-request -j DROP", family=6)
    assert found.protocol == spans((58, 58))
    assert found.destination_port == spans((128 * 256, 128 * 256 + 255))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-m state --state NEW", NEW),
        ("-m conntrack --ctstate RELATED,ESTABLISHED",
         ConnectionState.RELATED | ConnectionState.ESTABLISHED),
        ("-m conntrack ! --ctstate NEW", REST),
        ("-m state --state ! NEW", REST),
        ("-m conntrack --ctstate UNTRACKED", ConnectionState.UNTRACKED),
        ("-p tcp --syn", NEW),
        ("-p tcp ! --syn", REST),
        ("-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN", NEW),
        ("-p tcp ! --syn -m state --state NEW", ConnectionState(0)),
        ("-p tcp --tcp-flags NONE NONE", ANY_STATE),
        ("-p tcp --tcp-flags SYN ACK", ConnectionState(0)),
    ],
)  # fmt: skip
def test_states(text, expected):
    assert match(f"{text} -j DROP").state == expected
    assert not match(f"{text} -j DROP").conditions


def test_flags_that_the_first_packet_cannot_have():
    found = match("-p tcp --tcp-flags ALL FIN,PSH,URG -j DROP")
    assert found.state == REST
    text = "-p tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG FIN,PSH,URG"
    assert conditions(found) == [(text, False)]


def test_flags_that_the_first_packet_has_and_others_may_have():
    first, others = (each.match for each in rules("-p tcp --tcp-flags SYN,RST SYN -j DROP"))
    assert (first.state, first.conditions) == (NEW, ())
    assert (others.state, len(others.conditions)) == (REST, 1)


def test_translation_is_no_state_but_a_condition():
    plain, translated = (each.match for each in rules("-m conntrack --ctstate NEW,DNAT -j ACCEPT"))
    assert (plain.state, plain.conditions) == (NEW, ())
    assert (translated.state, conditions(translated)) == (
        REST,
        [("-m conntrack --ctstate DNAT", False)],
    )
    found = match("-m conntrack ! --ctstate NEW,DNAT -j ACCEPT")
    assert (found.state, conditions(found)) == (REST, [("-m conntrack --ctstate DNAT", True)])


def test_before_connection_tracking_a_state_is_a_condition():
    raw = save("-A PREROUTING -m conntrack --ctstate NEW -j DROP", table="raw")
    (rule,) = read(raw + save()).chains["raw/PREROUTING"].rules
    assert rule.match.state == ANY_STATE
    assert conditions(rule.match) == [("--ctstate NEW", False)]


def test_ranges_of_addresses():
    found = match(
        "-m iprange --src-range 192.0.2.5-192.0.2.9 ! --dst-range 10.0.0.0-10.0.0.1 -j DROP"
    )
    low = int(ipaddress.ip_address("192.0.2.5"))
    assert found.source.v4 == spans((low, low + 4))
    assert found.destination.v4.size == 2**32 - 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-m limit --limit 5/min --limit-burst 10",
         [("-m limit --limit 5/min --limit-burst 10", False)]),
        ("-m mark --mark 0x1", [("-m mark --mark 0x1", False)]),
        ("-m mark ! --mark 0x1", [("-m mark --mark 0x1", True)]),
        ("-m mark --mark ! 0x1", [("-m mark --mark 0x1", True)]),
        ("-m recent ! --rcheck --seconds 60 --name x --rsource",
         [("-m recent --rcheck --seconds 60 --name x --rsource", True)]),
        ("-m mac ! --mac-source 00:00:5E:00:53:01",
         [("-m mac ! --mac-source 00:00:5E:00:53:01", False)]),
        ("-m addrtype --src-type LOCAL ! --dst-type LOCAL",
         [("-m addrtype --src-type LOCAL", False), ("-m addrtype --dst-type LOCAL", True)]),
        ('-m string --string "a \\"b\\" c" --algo bm',
         [('-m string --string "a \\"b\\" c" --algo bm', False)]),
        ("-f", [("-f", False)]),
        ("! -f", [("-f", True)]),
        ("-p tcp --tcp-option 8", [("-m tcp --tcp-option 8", False)]),
        ("-m rpfilter --invert", [("-m rpfilter --invert", False)]),
        ("-m unheard-of --of x,y ! --that -1",
         [("-m unheard-of --of x,y ! --that -1", False)]),
        ("-m comment --comment \"-j DROP\"", []),
        ("-m recent --set --name x", []),
    ],
)  # fmt: skip
def test_conditions_keep_the_words_of_the_rule(text, expected):
    assert conditions(match(f"{text} -j DROP")) == expected


def test_the_same_test_is_the_same_condition():
    one, other = rules("-m limit --limit 1/s -j ACCEPT", "-p tcp -m limit --limit 1/s -j DROP")
    assert one.match.conditions == other.match.conditions
    assert one.match.conditions[0].condition == Condition("-m limit --limit 1/s")


def test_a_test_that_always_fails():
    assert match("-m recent ! --set --name x -j DROP").state == ConnectionState(0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("--dport 80 -j ACCEPT", None),
        ("-m tcp --dport 80 -j ACCEPT", "'-m tcp' needs '-p tcp'"),
        ("-p udp -m tcp --dport 80 -j ACCEPT", "'-m tcp' needs '-p tcp'"),
        ("-m multiport --dports 80 -j ACCEPT", "say which with '-p'"),
        ("-p tcp --dport 70000 -j ACCEPT", "is no port"),
        ("-s 192.0.2.1 -s 192.0.2.2 -j ACCEPT", "twice"),
        ("-j ACCEPT -j DROP", "twice"),
        ("! -j ACCEPT", "means nothing"),
        ("! ! -s 192.0.2.1 -j DROP", "two '!'"),
        ("-j ACCEPT !", "at the end"),
        ("-j", "wants an argument"),
        ("-s", "wants an argument"),
        ("! -p all -j DROP", "matches nothing"),
        ("-m state --state NEU -j DROP", "not a connection state"),
        ("-p tcp --tcp-flags SYN SIN -j DROP", "not a TCP flag"),
        ("-p icmp --icmp-type 300 -j DROP", "is no ICMP type"),
        ("stray -j DROP", "unexpected 'stray'"),
        ('-m comment --comment "open -j DROP', "not closed"),
    ],
)
def test_what_iptables_refuses_is_a_mistake_with_its_place(text, message):
    if message is None:
        assert conditions(match(text)) == [("--dport 80", False)]
        return
    with pytest.raises(InputError, match=message) as caught:
        read(save(text))
    assert caught.value.mistakes[0].place.line == 6


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("-j ACCEPT", Action.ACCEPT),
        ("-j DROP", Action.DROP),
        ("-j REJECT --reject-with tcp-reset", Action.REJECT),
        ("-j RETURN", Action.RETURN),
        ('-j LOG --log-prefix "a b" --log-level 7', Action.CONTINUE),
        ("-j NFLOG --nflog-group 5", Action.CONTINUE),
        ("-j TCPMSS --clamp-mss-to-pmtu", Action.CONTINUE),
        ("", Action.CONTINUE),
        ("-j NFQUEUE --queue-num 1", Action.UNMODELLED),
        ("-j missing", Action.UNMODELLED),
        ("-j UNHEARD --of -x", Action.UNMODELLED),
        ("-j mine", Action.JUMP),
        ("-g mine", Action.GOTO),
    ],
)
def test_targets(text, action):
    (rule,) = rules(text, chains=("mine",))
    assert rule.action is action
    assert rule.target == ("filter/mine" if action in {Action.JUMP, Action.GOTO} else "")


@pytest.mark.parametrize("text", ["-j NFQUEUE --queue-num 1", "-p tcp -j missing", "-j UNHEARD"])
def test_actions_that_we_do_not_know_are_reported_at_their_name(text):
    (unmodelled,) = read(save(text)).unmodelled
    assert unmodelled.place.column == len("-A FORWARD ") + text.index("-j ") + 4
    assert unmodelled.hint

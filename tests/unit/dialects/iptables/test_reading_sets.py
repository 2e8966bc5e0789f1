"""Named sets: their contents, and matches on them."""

import pytest

from callgate.dialects.iptables.reading.parse import parse_sets
from callgate.errors import InputError
from callgate.flows import IntervalSet
from tests.support.iptables import read, rules, save

SAVED = """\
create nets hash:net family inet hashsize 1024 maxelem 65536
add nets 192.0.2.0/24
add nets 192.0.2.128/25 nomatch
add nets 198.51.100.7 timeout 100 comment "a b"
create hosts6 hash:ip family inet6
add hosts6 2001:db8::1
create ports bitmap:port range 0-65535
add ports 22
add ports 80-90
create pairs hash:ip,port family inet
add pairs 192.0.2.1,tcp:80
add pairs 192.0.2.1,tcp:443
add pairs 192.0.2.2,tcp:80
add pairs 192.0.2.3,udp:53
add pairs 192.0.2.4,icmp:8/0
add pairs 192.0.2.5,gre:0
create all list:set size 8
add all nets
add all ports
create macs hash:mac
add macs 00:00:5E:00:53:01
create empty hash:ip
create nothing list:set
"""


def ipsets(name):
    assert name == "ipsets"
    return [("ipsets", SAVED)]


def matches(line, **how):
    return [rule.match for rule in rules(f"-m set {line} -j DROP", include=ipsets, **how)]


def admits(found, protocol, source, destination, sport, dport):
    """Whether one of the matches holds a packet; addresses by their last octet."""
    base = 0xC0000200

    def has(values, value):
        return values is None or value in values

    return any(
        has(each.protocol, protocol)
        and has(each.source and each.source.v4, base + source)
        and has(each.destination and each.destination.v4, base + destination)
        and has(each.source_port, sport)
        and has(each.destination_port, dport)
        for each in found
    )


def test_without_contents_a_set_is_a_condition():
    ruleset = read(save("-m set ! --match-set nets dst -j DROP"))
    (literal,) = ruleset.chains["filter/FORWARD"].rules[0].match.conditions
    assert (str(literal.condition), literal.negated) == ("-m set --match-set nets dst", True)
    assert "ipset save" in ruleset.unmodelled[0].hint


def test_sets_may_stand_before_the_tables():
    (rule,) = (
        read(SAVED + save("-m set --match-set nets dst -j DROP")).chains["filter/FORWARD"].rules
    )
    assert rule.match.destination.v4.size == 129


def test_addresses_and_exceptions():
    (inside,) = matches("--match-set nets src")
    assert inside.source.v4.size == 129
    (outside,) = matches("! --match-set nets dst")
    assert outside.destination.v4.size == 2**32 - 129
    (v6,) = matches("--match-set hosts6 dst", family=6)
    assert v6.destination.v6.size == 1


def test_rules_share_what_a_set_holds():
    one, other = (
        rule.match.destination.v4
        for rule in rules(*["-m set --match-set nets dst -j DROP"] * 2, include=ipsets)
    )
    assert one is other


PACKETS = [
    (protocol, host, host, port, port)
    for protocol in (6, 17, 1, 47, 50)
    for host in range(8)
    for port in (0, 21, 22, 53, 79, 80, 81, 90, 91, 443, 2048)
]


def wanted_pairs(protocol, host, port):
    return (protocol, host, port) in {
        (6, 1, 80), (6, 1, 443), (6, 2, 80), (17, 3, 53), (1, 4, 2048)
    } or (protocol, host) == (47, 5)  # fmt: skip


@pytest.mark.parametrize(
    ("flags", "name", "wanted"),
    [
        ("dst,dst", "pairs", wanted_pairs),
        ("dst", "ports", lambda p, h, port: p in (6, 17) and (port == 22 or 80 <= port <= 90)),
        ("dst", "all", lambda p, h, port: h < 128 or (p in (6, 17) and 80 <= port <= 90)),
        ("dst", "nothing", lambda p, h, port: False),
        ("dst", "empty", lambda p, h, port: False),
    ],
)
def test_members_and_their_complement_packet_by_packet(flags, name, wanted):
    inside = matches(f"--match-set {name} {flags}")
    outside = matches(f"! --match-set {name} {flags}")
    for protocol, source, destination, sport, dport in PACKETS:
        packet = protocol, source, destination, sport, dport
        expected = wanted(protocol, destination, dport)
        assert admits(inside, *packet) is expected, packet
        assert admits(outside, *packet) is not expected, packet


def test_sides_are_taken_dimension_by_dimension():
    found = matches("--match-set pairs src,dst")
    assert admits(found, 6, 1, 99, 5, 443)
    assert not admits(found, 6, 99, 1, 443, 443)


def test_a_protocol_that_the_set_cannot_meet_never_matches():
    (found,) = matches("--match-set ports dst -p icmp")
    assert found.protocol == IntervalSet.EMPTY


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("--match-set macs src", "not modelled: hash:mac"),
        ("--match-set nets dst --packets-gt 5", "its counters decide"),
        ("--match-set unheard dst", "contents are not here"),
    ],
)
def test_matches_that_stay_conditions(line, hint):
    ruleset = read(save(f"-m set {line} -j DROP"), ipsets)
    assert hint in ruleset.unmodelled[0].hint
    assert ruleset.chains["filter/FORWARD"].rules[0].match.conditions


def test_settings_that_only_count_change_nothing():
    assert not matches("--match-set nets dst ! --update-counters")[0].conditions


def test_too_few_or_wrong_flags():
    for line in ("--match-set pairs dst", "--match-set nets up"):
        with pytest.raises(InputError, match="flags"):
            matches(line)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("add nowhere 192.0.2.1", "before it is created"),
        ("create a hash:ip\ncreate a hash:ip", "created twice"),
        ("create a hash:ip\nadd a fish", "not an IPv4 network"),
        ("create a bitmap:port\nadd a 70000", "not a port"),
        ("create a hash:ip,port\nadd a 192.0.2.1,fish:1", "unknown protocol"),
        ("create a list:set\nadd a b", "which is no set"),
        ("create a list:set\nadd a a", "which is no set"),
        ("destroy a b", "not a line"),
        ('create a hash:ip comment "', "not closed"),
    ],
)
def test_mistakes_of_a_set_file(line, message):
    with pytest.raises(InputError, match=message):
        parse_sets(line, "ipsets")


def test_sets_of_a_hundred_thousand_members():
    members = "".join(
        f"add big 10.{n >> 16}.{n >> 8 & 255}.{n & 255}\n" for n in range(0, 200_000, 2)
    )
    (rule,) = (
        read("create big hash:ip\n" + members + save("-m set ! --match-set big dst -j DROP"))
        .chains["filter/FORWARD"]
        .rules
    )
    assert rule.match.destination.v4.size == 2**32 - 100_000

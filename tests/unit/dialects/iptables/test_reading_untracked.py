"""``NOTRACK``: later tests of the state see what connection tracking does not."""

import ipaddress
import itertools

import pytest

from callgate.check.prepared import Prepared
from callgate.check.walk import Circumstances, walk
from callgate.flows import Family, Packet
from callgate.rules import Action, ConnectionState
from tests.support.iptables import read, save

RULES = (
    "-p udp -m conntrack --ctstate NEW -j first",
    "-m conntrack --ctstate RELATED,ESTABLISHED,UNTRACKED -j ACCEPT",
    "-p tcp -m conntrack --ctstate NEW -j REJECT",
    "-p tcp -m conntrack ! --ctstate NEW -g second",
    "-A first -m conntrack --ctstate NEW -s 192.0.2.0/30 -j second",
    "-A second -d 192.0.2.2 -j DROP",
    "-A second -m conntrack --ctstate UNTRACKED -j ACCEPT",
)
NOTRACK = (
    "-A PREROUTING -p udp --dport 53 -d 192.0.2.1 -j NOTRACK",
    "-A PREROUTING -s 192.0.2.5 -j CT --notrack",
)


def packets():
    base = int(ipaddress.ip_address("192.0.2.0"))
    for protocol, source, destination, port in itertools.product(
        (6, 17), range(7), range(4), (53, 54)
    ):
        yield Packet(Family.V4, protocol, base + source, base + destination, 5000, port)


def is_taken(packet):
    host = 0xC0000200
    dns = packet.protocol == 17 and packet.destination_port == 53
    return (dns and packet.destination == host + 1) or packet.source == host + 5


def verdict(ruleset, packet, state, conditions=()):
    seen = Circumstances(state, conditions=dict(conditions))
    return walk(Prepared(ruleset), ruleset.entry("FORWARD"), packet, seen).action


def test_packets_that_are_taken_are_untracked_and_others_are_not():
    filters = save(*RULES, chains=("first", "second"), policy="DROP")
    with_raw = read(save(*NOTRACK, table="raw") + filters)
    plain = read(filters)
    assert {each.text for each in with_raw.unmodelled} == {
        "its state is tracked: -A FORWARD -p tcp -m conntrack ! --ctstate NEW -g second"
    }
    for packet in packets():
        state = ConnectionState.UNTRACKED if is_taken(packet) else ConnectionState.NEW
        expected = verdict(plain, packet, state)
        tracked = {each.text: not is_taken(packet) for each in with_raw.unmodelled}
        found = {
            verdict(with_raw, packet, ConnectionState.NEW, dict.fromkeys(tracked, value))
            for value in (True, False)
        }
        assert expected in found, packet
        assert len(found) == 1 or packet.protocol == 6


def test_rules_that_no_such_packet_reaches_stay_as_they_are():
    filters = save("-p tcp -m conntrack --ctstate NEW -j ACCEPT")
    with_raw = read(save(NOTRACK[0], "-A OUTPUT -j NOTRACK", table="raw") + filters)
    assert with_raw.chains["filter/FORWARD"].rules[0].action is Action.ACCEPT


@pytest.mark.parametrize(
    "raw",
    [
        ("-A PREROUTING -s 192.0.2.9 -j ACCEPT", "-A PREROUTING -j NOTRACK"),
        ("-A PREROUTING -j mine", "-A mine -j NOTRACK"),
    ],
)
def test_where_a_packet_may_pass_by_it_depends(raw):
    table = save(*raw, table="raw", chains=("mine",))
    ruleset = read(table + save("-m conntrack --ctstate NEW -j DROP"))
    (reported,) = ruleset.unmodelled
    assert reported.text.startswith("notrack: ")
    for value, expected in ((True, Action.ACCEPT), (False, Action.DROP)):
        found = verdict(ruleset, next(packets()), ConnectionState.NEW, {reported.text: value})
        assert found is expected


def test_very_many_of_them_are_conditions():
    rows = [f"-A PREROUTING -p tcp --dport {port} -j NOTRACK" for port in range(1, 500)]
    tests = ["-m conntrack --ctstate NEW -j ACCEPT"] * 500
    ruleset = read(save(*rows, table="raw") + save(*tests))
    assert len(ruleset.unmodelled) == 500
    assert all(rule.match.conditions for rule in ruleset.chains["filter/FORWARD"].rules)

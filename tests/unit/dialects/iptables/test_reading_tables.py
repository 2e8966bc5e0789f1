"""Tables, chains, and texts that are something else."""

import pytest

from callgate.dialects import reading
from callgate.dialects.iptables.reading import IptablesReader
from callgate.errors import InputError
from callgate.flows import Family
from callgate.rules import Action
from tests.support.iptables import match, read, rules, save

BODY = "*filter\n:INPUT DROP\n:FORWARD DROP\n:OUTPUT ACCEPT\n{}\nCOMMIT\n"


def mistakes(text):
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value.mistakes


def test_policies_have_their_place_and_text():
    chain = read("# iptables\n" + BODY.format("-A FORWARD -j ACCEPT")).chains["filter/FORWARD"]
    assert (chain.default, chain.default_text) == (Action.DROP, ":FORWARD DROP")
    assert chain.default_place.line == 4
    assert chain.families == {Family.V4}


@pytest.mark.parametrize("text", ["*filter\nCOMMIT\n", "*filter\n:FORWARD - [0:0]\nCOMMIT\n"])
def test_a_policy_that_is_not_there_is_not_guessed(text):
    ruleset = read(text)
    assert ruleset.chains["filter/FORWARD"].default is Action.UNMODELLED
    assert "policy of FORWARD" in {each.text for each in ruleset.unmodelled}


def test_rules_keep_place_and_text_without_counters():
    (one, other) = rules("[5:300] -A FORWARD -s 192.0.2.1 -j DROP", "-c 1 2 -j ACCEPT")
    assert (one.place.line, one.place.column) == (6, 9)
    assert one.text == "-A FORWARD -s 192.0.2.1 -j DROP"
    assert other.action is Action.ACCEPT


def test_insertions_stand_where_they_say():
    found = rules(
        "-A FORWARD -p tcp -m multiport --ports 1 -j DROP",
        "-A FORWARD -j DROP",
        "-I FORWARD -j ACCEPT",
        "-I FORWARD 3 -j RETURN",
        "-I FORWARD 5 -j REJECT",
    )
    assert [rule.place.line for rule in found] == [8, 6, 6, 9, 7, 10]
    with pytest.raises(InputError, match="beyond the end"):
        rules("-I FORWARD 2 -j DROP")


def test_chains_declared_in_words():
    text = save("-N mine", "-P FORWARD DROP", "-A mine -j ACCEPT", "-j mine")
    chains = read(text).chains
    assert chains["filter/FORWARD"].default is Action.DROP
    assert chains["filter/mine"].default is Action.RETURN


def test_families_by_header_by_address_or_by_neither():
    assert match("-j DROP", family=6).families == {Family.V6}
    assert read(BODY.format("-A INPUT -s 2001:db8::1 -j DROP")).families == {Family.V6}
    assert read(BODY.format("-A INPUT -p icmpv6 -j DROP")).families == {Family.V6}
    assert not read(BODY.format("-A INPUT -s 192.0.2.1 -j DROP")).unmodelled
    ruleset = read(BODY.format("-A INPUT -j DROP"))
    assert ruleset.families == {Family.V4}
    assert [each.text for each in ruleset.unmodelled] == ["read as IPv4 rules"]
    both = BODY.format("-A INPUT -s 2001:db8::1 -j DROP\n-A INPUT -s 192.0.2.1 -j DROP")
    assert "IPv4 in line 6 and IPv6 in line 5" in mistakes(both)[0].message


def test_dumps_of_both_families_in_one_file():
    ruleset = read(save("-j DROP") + save("-p icmpv6 -j ACCEPT", family=6))
    assert ruleset.families == set(Family)
    assert ruleset.entry("FORWARD").chains == ("ip/filter/FORWARD", "ip6/filter/FORWARD")
    assert ruleset.chains["ip6/filter/FORWARD"].families == {Family.V6}


def test_rules_for_the_other_family_are_switched_off():
    one, other = rules("-4 -j DROP", "-6 -j DROP")
    assert (one.enabled, other.enabled) == (True, False)


def test_tables_that_can_stop_packets_are_part_of_the_way():
    raw = save("-A PREROUTING ! -s 192.0.2.0/24 -j spoofed", "-A spoofed -j DROP", table="raw",
               chains=("spoofed",))  # fmt: skip
    mangle = save("-A FORWARD -p tcp -j TCPMSS --set-mss 1400", table="mangle")
    ruleset = read(raw + mangle + save("-j ACCEPT"))
    assert ruleset.entry("FORWARD").chains == ("raw/PREROUTING", "filter/FORWARD")
    assert ruleset.entry("OUTPUT").chains == ("filter/OUTPUT",)
    assert ruleset.entry("INPUT").reply == "OUTPUT"


def test_what_rewrites_packets_is_noted():
    dnat = "-A PREROUTING -p tcp --dport 80 -j DNAT --to 192.0.2.1"
    nat = save("-A POSTROUTING -o eth0 -j MASQUERADE", dnat, table="nat")
    raw = save("-A PREROUTING -j CT --notrack", "-A PREROUTING -j CT --helper ftp", table="raw")
    ruleset = read(nat + raw + save("-j MARK --set-mark 1"))
    kinds = [(note.kind, note.place.line) for note in ruleset.notes]
    assert kinds == [("masquerade", 5), ("dnat", 6), ("notrack", 12), ("mark", 20)]
    assert ruleset.notes[1].match.destination_port.size == 1
    assert ruleset.entry("FORWARD").chains == ("filter/FORWARD",)


def test_a_table_that_we_do_not_know_is_reported_rule_by_rule():
    ruleset = read(
        "# iptables\n*rawpost\n:POSTROUTING ACCEPT\n-A POSTROUTING -j RAWSNAT\nCOMMIT\n" + save()
    )
    assert [each.place.line for each in ruleset.unmodelled] == [2, 4]


def test_lines_around_the_tables_are_reported_and_warnings_too():
    legacy = "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them"
    ruleset = read(f"my notes\n{save('-j DROP')}{legacy}\n")
    assert [each.text for each in ruleset.unmodelled] == ["my notes", legacy]


def test_line_ends_of_other_systems_are_no_part_of_the_rules():
    text = save('-s 192.0.2.1 -m comment --comment "a b" -j DROP')
    assert read(text.replace("\n", "\r\n")) == read(text)
    assert read("\ufeff" + text).rule_count == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("*filter\n:INPUT ACCEPT\n-A INPUT -j DROP\n", 3, "ends inside of the table 'filter'"),
        ("*filter\n*nat\nCOMMIT\n", 2, "begins inside of the table 'filter'"),
        ("-A INPUT -j DROP\n*filter\nCOMMIT\n", 1, "outside of any table"),
        ("*filter\nCOMMIT\n*filter\nCOMMIT\n", 3, "stands here twice"),
        ("*nat\nCOMMIT\n", 1, "no table 'filter'"),
        ("*filter\nwhatever\nCOMMIT\n", 2, "not a line of iptables-save"),
        ("*filter\n:INPUT\nCOMMIT\n", 2, "not a chain and its policy"),
        ("*filter\n:INPUT DENY\nCOMMIT\n", 2, "no policy of a chain"),
        ("*filter\n:mine DROP\nCOMMIT\n", 2, "has no policy"),
        ("*filter\n:a -\n:a -\nCOMMIT\n", 3, "declared twice"),
        ("*filter\n-A nowhere -j DROP\nCOMMIT\n", 2, "not declared"),
        ("*filter\n-D INPUT -j DROP\nCOMMIT\n", 2, "'-D' is no rule"),
        ("*filter\n-A\nCOMMIT\n", 2, "wants a chain"),
        ("*filter\n:a -\n:b -\n-A a -j b\n-A b -j a\nCOMMIT\n", 5, "loop of chains"),
    ],
)
def test_mistakes_name_their_line(text, line, message):
    (mistake, *_) = mistakes(text)
    assert message in mistake.message
    assert mistake.place.line == line


def test_every_mistake_of_a_text_is_told():
    assert len(mistakes(BODY.format("-A INPUT -j\n-A nowhere -j DROP\n-A INPUT ! "))) == 3


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Chain INPUT (policy ACCEPT)\ntarget prot opt source destination\n", 1, "iptables -L"),
        ("#!/bin/sh\niptables -F\niptables -A INPUT -j DROP\n", 2, "script"),
        ('IPT=/sbin/iptables\n"$IPT" -A INPUT -j DROP\n', 2, "script"),
        ("-P INPUT ACCEPT\n-A INPUT -j DROP\n", 1, "iptables -S"),
        ("table inet filter {\n}\n", 1, "nftables"),
        ('{"nftables": []}', 1, "JSON"),
        ("# Generated by ebtables-save\n*filter\n:INPUT ACCEPT\n", 1, "ebtables-save"),
        ("access-list 100 permit ip any any\n", 1, "no table of iptables-save"),
        ("", 1, "no table of iptables-save"),
        ("*filter\n-A INPUT\0 -j DROP\nCOMMIT\n", 2, "control character"),
        ("*filter\n-A INPUT " + "x" * 10_000_000, 2, "10,000,009 characters"),
    ],
)
def test_other_texts_are_sent_away_with_a_hint(text, line, message):
    (mistake,) = mistakes(text)
    assert message in mistake.message
    assert mistake.hint
    assert mistake.place.line == line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (save("-j DROP"), True),
        ("Chain INPUT (policy ACCEPT)\n", True),
        ("iptables -A INPUT -j DROP\n", True),
        ("table inet filter {\n}\n", False),
        ("# Generated by arptables-save v1\n*filter\n:INPUT ACCEPT\nCOMMIT\n", False),
        ("hostname router\naccess-list 1 permit any\n", False),
        ("", False),
    ],
)
def test_detection(text, expected):
    assert IptablesReader().detect(text) is expected


def test_the_reader_is_in_the_table():
    assert isinstance(reading.find("iptables"), IptablesReader)
    assert reading.recognise(save(), "f").name == "iptables"

"""Tests with a memory are told apart by their lines; facts about a packet are not."""

import pytest

from callgate.dialects.reading import find
from callgate.rules import told_apart

NFT = """table inet f {{
	chain c {{
		type filter hook forward priority filter; policy accept;
{}
	}}
}}
"""
CHAINS = "".join(f":{chain} ACCEPT [0:0]\n" for chain in ("INPUT", "FORWARD", "OUTPUT"))
IPTABLES = f"# iptables\n*filter\n{CHAINS}{{}}\nCOMMIT\n"


def texts(ruleset):
    """The conditions of each rule in order."""
    return [
        [literal.condition.text for literal in rule.match.conditions]
        for chain in ruleset.chains.values()
        for rule in chain.rules
    ]


def told(dialect, *lines):
    frame = NFT if dialect == "nftables" else IPTABLES
    return texts(told_apart(find(dialect).parse(frame.format("\n".join(lines)), "x")))


def second(text):
    return f"{text} (no. 2 of this text)"


@pytest.mark.parametrize(
    "text",
    [
        "limit rate 1/day",
        "limit rate over 1/day",
        "quota over 5 bytes",
        "ct count over 3",
        "numgen random mod 10 < 5",
        "add @seen { ip saddr }",
    ],
)
def test_what_nft_counts_or_draws_is_another_test_in_another_line(text):
    found = told("nftables", f"{text} accept", f"{text} drop")
    assert found[1] == [second(each) for each in found[0]] != []


@pytest.mark.parametrize(
    "text",
    [
        "-m limit --limit 1/day",
        "-m hashlimit --hashlimit-upto 5/sec --hashlimit-name x --hashlimit-mode srcip",
        "-m recent --update --seconds 60 --name x",
        "-m quota --quota 5",
        "-m statistic --mode random --probability 0.5",
        "-m connlimit --connlimit-above 3",
        "-m never-heard-of --it",
    ],
)
def test_what_iptables_counts_or_draws_is_another_test_in_another_line(text):
    first, other = told("iptables", f"-A INPUT {text} -j ACCEPT", f"-A INPUT {text} -j DROP")
    assert other == [second(each) for each in first] != []


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("iptables", "-A INPUT -m time --weekdays Mon -j DROP"),
        ("iptables", "-A INPUT -m owner --uid-owner 5 -j DROP"),
        ("iptables", "-A INPUT -m mac --mac-source 02:00:00:00:00:01 -j DROP"),
        ("iptables", "-A INPUT -m mark --mark 0x1 -j DROP"),
        ("iptables", "-A INPUT -m set --match-set x src -j DROP"),
        ("nftables", "meta hour 5-6 drop"),
        ("nftables", "meta skuid 5 drop"),
        ("nftables", "meta mark 5 drop"),
    ],
)
def test_facts_about_a_packet_are_one_condition(dialect, text):
    first, other = told(dialect, text, text)
    assert first == other != []


def test_marks_are_told_apart_where_rules_set_them():
    test = "meta mark 5 drop"
    found = [each for each in told("nftables", test, "meta mark set 5", test) if each]
    assert found[1] == [second(found[0][0])]
    mangle = "# iptables\n*mangle\n:FORWARD ACCEPT [0:0]\n{}\nCOMMIT\n"
    lines = "-A FORWARD -m mark --mark 1 -j DROP\n-A FORWARD -j MARK --set-mark 1\n"
    text = mangle.format(lines + "-A FORWARD -m mark --mark 1 -j DROP")
    ruleset = find("iptables").parse(text + "\n" + IPTABLES.format("-A INPUT -j ACCEPT"), "x")
    found = [each for each in texts(told_apart(ruleset)) if each]
    assert found[1] == [second(found[0][0])]


def test_contents_of_sets_are_told_apart_where_rules_change_them():
    test = "-A INPUT -m set --match-set x src -j DROP"
    found = told("iptables", test, "-A INPUT -j SET --add-set y src", test)
    assert [each for each in found if each][1][0].endswith("(no. 2 of this text)")


def test_the_rules_of_one_line_share_their_test():
    line = "-A INPUT -p tcp -m multiport --ports 1,2 -m limit --limit 1/day -j ACCEPT"
    first, other = told("iptables", line)
    assert first == other


def test_what_only_logs_does_not_count():
    limit = "limit rate 1/day"
    assert told("nftables", f"{limit} log", f"{limit} drop")[1] == [limit]


def test_where_nothing_varies_the_ruleset_is_the_same_object():
    ruleset = find("nftables").parse(NFT.format("meta hour 5-6 drop"), "x")
    assert told_apart(ruleset) is ruleset


def test_names_do_not_hang_on_where_a_line_stands():
    """So that two versions of a file can be compared."""
    limit = "limit rate 1/day accept"
    one, two = (
        told("nftables", *lines) for lines in ((limit, limit), ("tcp dport 1 drop", limit, limit))
    )
    assert one == two[1:]

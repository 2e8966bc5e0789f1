"""Blocks and commands, definitions and includes, and what is wrong with them."""

import pytest

from callgate.dialects.nftables.reading import NftablesReader
from callgate.errors import InputError
from callgate.flows import Family
from callgate.rules import Action
from tests.support.nft import fate, parse, ruleset

TCP = "tcp 192.0.2.1 1024 198.51.100.7 443"
HOOK = "type filter hook forward priority 0"


def texts(made, chain="inet t c"):
    return [rule.text for rule in made.chains[chain].rules]


def mistakes(text, **more):
    with pytest.raises(InputError) as caught:
        parse(text, **more)
    return [(str(each.place), each.message) for each in caught.value.mistakes]


def test_rules_know_their_place_and_their_words():
    made = parse(
        "table inet t {\n\tchain c {\n\t\ttcp   dport 22 accept; drop\n"
        "\t\ttcp dport { 1,\n\t\t\t2 } \\\n\t\t\tcounter accept # why\n\t}\n}"
    )
    found = [
        (rule.place.line, rule.place.column, rule.text) for rule in made.chains["inet t c"].rules
    ]
    assert found == [
        (3, 3, "tcp dport 22 accept"),
        (3, 26, "drop"),
        (4, 3, "tcp dport { 1, 2 } \\ counter accept"),
    ]


def test_windows_line_ends_mean_nothing():
    text = f"table ip t {{\n\tchain c {{\n\t\t{HOOK}; policy drop;\n\t\taccept\n\t}}\n}}\n"
    assert parse(text) == parse(text.replace("\n", "\r\n"))


def test_a_table_without_a_family_is_ip():
    made = parse("table t { chain c { accept; }; }")
    assert made.chains["ip t c"].families == {Family.V4}


def test_commands_build_the_same_as_a_block():
    script = """
        flush ruleset
        create table inet t
        add chain inet t c { type filter hook forward priority filter; policy drop; }
        add set inet t s { type ipv4_addr; }
        add element inet t s { 192.0.2.1, 192.0.2.2 }
        delete element inet t s { 192.0.2.2 }
        add rule inet t c tcp dport 443 accept
        insert rule inet t c udp dport 53 accept
        add rule inet t c index 0 ip saddr @s accept
        insert rule inet t c index 1 udp dport 54 accept
        rule inet t c udp dport 55 accept
        inet t c udp dport 56 accept
        list ruleset
    """
    assert texts(parse(script)) == [
        "udp dport 53 accept",
        "udp dport 54 accept",
        "ip saddr @s accept",
        "tcp dport 443 accept",
        "udp dport 55 accept",
        "udp dport 56 accept",
    ]
    assert fate(parse(script), TCP) == "accept"


@pytest.mark.parametrize(
    ("command", "left"),
    [
        ("flush ruleset", []),
        ("flush ruleset inet", []),
        ("flush ruleset ip", ["inet t c", "inet t d"]),
        ("delete table inet t", []),
        ("destroy table inet t", []),
        ("delete table inet other", ["inet t c", "inet t d"]),
        ("delete chain inet t c", ["inet t d"]),
        ("rename chain inet t c e", ["inet t d", "inet t e"]),
    ],
)
def test_what_is_deleted_is_gone(command, left):
    made = parse(f"table inet t {{ chain c {{ drop; }}; chain d {{ accept; }} }}\n{command}\n")
    assert list(made.chains) == left


@pytest.mark.parametrize("command", ["flush chain inet t c", "flush table inet t"])
def test_what_is_flushed_is_empty(command):
    made = parse(f"table inet t {{ chain c {{ drop; }} }}\n{command}\nadd rule inet t c accept")
    assert texts(made) == ["accept"]


def test_a_flushed_set_is_empty():
    table = "table inet t { set s { type ipv4_addr; elements = { 192.0.2.1 } }"
    chain = f"chain c {{ {HOOK}; policy drop; ip saddr @s accept; }} }}"
    assert fate(parse(table + "\n" + chain), TCP) == "accept"
    assert fate(parse(f"{table}\n{chain}\nflush set inet t s"), TCP) == "drop"


def test_tables_given_twice_are_one():
    block = "table inet t {{ chain c {{ {} }} }}\n"
    assert texts(parse(block.format("accept;") + block.format("drop;"))) == ["accept", "drop"]


def test_definitions():
    made = parse(
        """
        define one = 192.0.2.1
        define more = { $one, 198.51.100.0/24 }
        define ports = { 80, 440-443 }
        define states = established,new
        define where = c2
        define wan = "eth0"
        define early = -10
        define nothing = { }
        table inet t {
            define inner = 1024
            set s { type ipv4_addr; flags interval; elements = $more }
            chain c2 { tcp sport $inner ct state $states iifname $wan accept; }
            chain c {
                type filter hook forward priority $early; policy drop;
                ip saddr $more ip saddr @s ip daddr { $one, $more } tcp dport $ports jump $where
            }
        }
        redefine one = 192.0.2.9
        undefine one
        """
    )
    assert fate(made, TCP, in_interface="eth0") == "accept"
    assert fate(made, TCP, in_interface="eth1") == "drop"
    assert fate(made, TCP.replace("443", "444"), in_interface="eth0") == "drop"


def test_definitions_end_with_their_block():
    inner = "table inet t { define x = 22; chain c { tcp dport $x accept; } }"
    assert parse(inner)
    assert mistakes(f"{inner}\nadd rule inet t c tcp dport $x drop") == [
        ("test.nft:2:30", "nothing defines 'x'")
    ]


def test_includes_are_spliced_in_where_they_stand():
    files = {
        "top.nft": "define net = 192.0.2.0/24",
        "rules.d/*.nft": None,
        "a.nft": "tcp dport 443 ip saddr $net accept\n",
        "b.nft": "drop",
    }

    def include(name):
        if name == "rules.d/*.nft":
            return [("a.nft", files["a.nft"]), ("b.nft", files["b.nft"])]
        return [(name, files[name])]

    made = parse(
        f'include "top.nft"\ntable inet t {{\n\tchain c {{\n\t\t{HOOK}\n'
        '\t\tinclude "rules.d/*.nft"\n\t\taccept\n\t}\n}\n',
        include,
    )
    found = [str(rule.place) for rule in made.chains["inet t c"].rules]
    assert found == ["a.nft:1:1", "b.nft:1:1", "test.nft:6:3"]
    assert fate(made, TCP) == "accept"
    assert fate(made, TCP.replace("443", "444")) == "drop"


def test_a_pattern_may_match_no_file_but_a_name_must():
    assert parse('include "none/*.nft"\n', lambda _: ())
    assert mistakes('include "none.nft"\n', include=lambda _: ()) == [
        ("test.nft:1:9", 'there is no file "none.nft"')
    ]


def test_a_text_that_stands_alone_cannot_include():
    ((place, message),) = mistakes('\n include "x.nft"\n')
    assert place == "test.nft:2:10"
    assert "only it was given" in message


def test_a_circle_of_includes_is_a_mistake():
    files = {"a": 'include "b"\n', "b": 'include "a"\n'}
    found = mistakes('include "a"\n', include=lambda name: [(name, files[name])])
    assert found == [("b:1:9", "'a' includes itself")]


def test_includes_without_end_are_a_mistake():
    numbers = iter(range(10**6))
    found = mistakes('include "x"\n', include=lambda _: [(f"f{next(numbers)}", 'include "x"\n')])
    assert found[-1][1] == "too many includes in each other"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("table inet t {\n chain c {\n  accept\n", "2:10", "the chain that begins here is never"),
        (
            "table inet t {\n chain c {\n  accept\n }\n",
            "1:14",
            "the table that begins here is never",
        ),
        ("table inet t {\n chain c {\n  tcp dport { 22, 23\n  }", "2:10", "never closed"),
        (
            "table inet t {\n chain c {\n  ip saddr accept accept\n }\n}",
            "3:12",
            "expected a value, found 'accept'",
        ),
        ("nonsense\n", "1:1", "expected table or a command of nft, found 'nonsense'"),
        ("table inet t {\n nonsense\n}", "2:2", "expected chain, set or map in a table"),
        ("table inet t { set s { colour red; } }", "1:24", "unknown word 'colour' in a set"),
        ("table inet t { chain c { policy maybe; } }", "1:33", "a policy is accept or drop"),
        ("table inet t { chain c { type odd hook input priority 0; } }", "1:26", "of type filter"),
        ("table inet t { chain c { type filter input priority 0; } }", "1:38", "expected 'hook'"),
        (
            "table inet t { chain c { type filter hook input priority soon; } }",
            "1:58",
            "no priority",
        ),
        ("table inet t { chain c { jump nowhere; } }", "1:26", "there is no chain 'nowhere'"),
        ("table inet t { chain c { jump d; }; chain d { goto c; } }", "1:47", "loop of chains"),
        ("add rule inet t c accept", "1:10", "there is no table inet t"),
        ("table inet t { }\nadd rule inet t c accept", "2:10", "there is no chain 'c'"),
        ("table inet t { }\nadd element inet t s { 1 }", "2:13", "there is no set 's'"),
        ("table inet t { chain c { } }\nreplace rule inet t c handle 4 drop", "2:9", "its handle"),
        ("table inet t { chain c { } }\nadd rule inet t c handle 4 drop", "2:19", "by handle"),
        ("table inet t { chain c { } }\nadd rule inet t c index 4 drop", "2:27", "only 0 rules"),
        ("define a = 1\ndefine a = 2", "2:8", "'a' is already defined"),
        ("undefine a", "1:10", "'a' is not defined"),
        ("delete nothing x", "1:16", "nothing that can be deleted"),
        ("}", "1:1", "expected table"),
        ('{"nftables": []}', "1:1", "this is JSON"),
    ],
)
def test_broken_structure_is_a_mistake_with_its_place(text, place, message):
    ((found, said), *_) = mistakes(text)
    assert found == f"test.nft:{place}"
    assert message in said


def test_every_mistake_is_told():
    text = "table inet t {\n chain c {\n  ip saddr ;\n  tcp dport accept\n  accept\n }\n}\nnonsense"
    assert [place for place, _ in mistakes(text)] == [
        "test.nft:3:12",
        "test.nft:4:13",
        "test.nft:8:1",
    ]


def test_a_word_that_we_do_not_know_leaves_a_verdict_that_depends():
    made = ruleset("frobnicate 12 accept")
    assert fate(made, TCP) == "drop"
    assert fate(made, TCP, conditions=["frobnicate 12"]) == "accept"
    (found,) = made.unmodelled
    assert (found.text, found.place.line) == ("frobnicate 12", 5)
    assert "does not know 'frobnicate'" in found.hint


def test_a_statement_that_we_do_not_know_may_do_anything():
    made = ruleset("tcp dport 443 frobnicate { a, b } 12", "drop")
    assert fate(made, TCP) == "unmodelled"
    assert fate(made, TCP.replace("443", "80")) == "drop"


@pytest.mark.parametrize(
    "statement", ["queue", "queue num 1-3 bypass", "synproxy mss 1460", "tproxy to :8080"]
)
def test_what_leaves_the_ruleset_is_unmodelled(statement):
    made = ruleset(f"tcp dport 443 {statement}")
    assert fate(made, TCP) == "unmodelled"
    assert made.unmodelled[0].text == statement


@pytest.mark.parametrize(
    "statement",
    [
        "counter",
        "counter packets 5 bytes 300",
        'counter name "x"',
        'log prefix "a b " level info flags tcp sequence,options',
        "log flags all",
        "log group 2 snaplen 64 queue-threshold 3",
        "meta mark set 0x1",
        "meta mark set ct mark",
        "meta mark set ct mark and 0xff",
        "mark set 1",
        "ct mark set meta mark",
        'ct helper set "ftp"',
        'ct zone set iif map { "eth1" : 1, "veth1" : 2 }',
        "meta mark set numgen inc mod 2 map { 0 : 1, 1 : 2 }",
        "meta nftrace set 1",
        "meta priority set 1:2",
        "meta pkttype set host",
        "ip dscp set cs1",
        "tcp option maxseg size set rt mtu",
        "tcp option maxseg size set 1360",
        "reset tcp option sack-perm",
        'dup to 192.0.2.9 device "eth0"',
        "notrack",
        "last used never",
    ],
)
def test_what_decides_nothing_lets_the_next_statement_decide(statement):
    made = ruleset(f"{statement} accept")
    assert fate(made, TCP) == "accept"
    assert made.unmodelled == ()


def test_a_rule_without_a_verdict_goes_on():
    made = ruleset("tcp dport 443 counter", "tcp dport 443 accept")
    assert [rule.action for rule in made.chains["inet t c"].rules] == [
        Action.CONTINUE,
        Action.ACCEPT,
    ]
    assert fate(made, TCP) == "accept"


def test_what_iptables_nft_could_not_print_is_not_lost():
    made = ruleset("tcp dport 443 # recent: SET name: x counter packets 1 bytes 60 drop", "accept")
    assert fate(made, TCP) == "unmodelled"
    assert "iptables-save" in made.unmodelled[0].hint


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("table inet filter {\n}\n", True),
        ("#!/usr/sbin/nft -f\n", True),
        ("# a comment\n\nflush ruleset\n", True),
        ("add rule ip filter input accept\n", True),
        ("define lan = 192.0.2.0/24\n", True),
        ("table ip nat { # handle 1\n", True),
        ("table inet x {}\r\n", True),
        ('{"nftables": []}', True),
        ("", False),
        ("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", False),
        ("access-list outside extended permit tcp any any eq 443\n", False),
        ('{"SecurityGroups": []}', False),
        ("the table of contents\n", False),
        ("\x00\x01", False),
    ],
)
def test_the_language_is_told_by_its_words(text, claimed):
    assert NftablesReader().detect(text) is claimed

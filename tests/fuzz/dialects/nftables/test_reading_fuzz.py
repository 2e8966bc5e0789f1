"""Whatever the text is: a ruleset or an InputError, and soon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.dialects.nftables.reading import NftablesReader
from callgate.errors import InputError, Mistake
from callgate.rules import Ruleset

WHOLE = """
define net = { 192.0.2.0/24, 198.51.100.1 }
table inet t {
	flags dormant
	set s { type ipv4_addr . inet_service; flags interval; elements = { 192.0.2.1 . 22-23 } }
	map m { typeof iifname : verdict; elements = { "eth0" : jump d, "eth*" : drop } }
	chain d { ct state vmap { established : accept, * : continue }; return }
	chain c {
		type filter hook forward priority filter - 5; policy drop;
		ip saddr $net tcp dport != { 22, 80-90 } counter packets 1 bytes 2 accept
		ip6 saddr & ffff:: == 2001:: tcp flags & (fin | syn) == syn log prefix "x" drop
		ip saddr . tcp dport @s limit rate over 10/second burst 5 packets reject with tcp reset
		iifname vmap @m
		meta mark set ct mark and 0xff queue num 1-3 bypass
		icmpv6 type { echo-request, 135 } th dport 53 fib daddr type local return
	}
	chain n { type nat hook prerouting priority dstnat; dnat ip to 192.0.2.1:80 comment "c" }
}
add rule inet t d index 0 tcp dport > 5 accept
"""
SIGNS = {"\n", ";", "include", '"x"', "}", "{", "-", "/", ":", ".", "$", "@"}
WORDS = sorted({*WHOLE.split(), *SIGNS})


def read(text, include=lambda name: [(name, WHOLE)]):
    try:
        result = NftablesReader().parse(text, "f", include)
    except InputError as error:
        result = error.mistakes[0]
    assert isinstance(result, Ruleset | Mistake)


def test_the_whole_is_a_ruleset():
    assert NftablesReader().parse(WHOLE, "f").chains == {}
    assert NftablesReader().parse(WHOLE.replace("flags dormant", ""), "f").rule_count > 10


@given(st.text())
def test_any_text(text):
    read(text)
    NftablesReader().detect(text)


@given(st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_any_words(text):
    read(text)
    read("table inet t { chain c { " + text)


@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), st.text(max_size=3))
def test_a_piece_replaced(start, end, text):
    read(WHOLE[: min(start, end)] + text + WHOLE[max(start, end) :])


@given(st.data())
def test_words_exchanged(data):
    words = WHOLE.split(" ")
    for _ in range(data.draw(st.integers(1, 4))):
        where = data.draw(st.integers(0, len(words) - 1))
        words[where] = data.draw(st.sampled_from(WORDS))
    read(" ".join(words))


RULE = "table inet t {{ chain c {{ {} }} }}"
DOUBLING = "define a0 = { 1, 2 }\n" + "".join(
    f"define a{n + 1} = {{ $a{n}, $a{n} }}\n" for n in range(60)
)
FOLDING = "define a0 = 1\n" + "".join(f"define a{n + 1} = $a{n} | $a{n}\n" for n in range(60))
LISTING = "define a0 = new,new\n" + "".join(f"define a{n + 1} = $a{n},$a{n}\n" for n in range(60))
KEYS = "define a0 = 1 . 1\n" + "".join(f"define a{n + 1} = $a{n} . $a{n}\n" for n in range(60))
NESTING = "define a0 = { 1 }\n" + "".join(f"define a{n + 1} = {{ $a{n} }}\n" for n in range(5000))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        "table inet t " + "{" * 100_000,
        RULE.format("tcp dport " + "{ " * 100_000),
        RULE.format("tcp dport " + "(" * 100_000),
        RULE.format("tcp dport 1" + " | 1" * 100_000),
        RULE.format("tcp dport & 1 " * 100_000),
        RULE.format("ct state " + "new," * 100_000 + "new"),
        RULE.format("ip saddr" + " . ip saddr" * 50_000 + " { 1 }"),
        RULE.format("unknown " * 500_000),
        RULE.format("jump " * 500_000),
        "a" * 10_000_000,
        "a " * 5_000_000,
        "\n" * 1_000_000,
        "# " + "x" * 3_000_000,
        '"' + "x" * 3_000_000,
        ":" * 1_000_000,
        "1" * 1_000_000,
        RULE.format("tcp dport " + "1" * 1_000_000),
        RULE.format("tcp dport 0x" + "f" * 1_000_000),
        "table inet t { chain c { " * 10_000,
        "}" * 1_000_000,
        "tcp dport 1\n" * 100_000,
        "\x00" * 1_000_000,
        DOUBLING,
        DOUBLING[: DOUBLING.index("define a17")] + RULE.format("tcp dport $a16 accept; " * 1000),
        FOLDING,
        LISTING,
        KEYS,
        NESTING + RULE.format("tcp dport $a4999 accept"),
        RULE.format("th dport 1 th sport 2 " * 40),
        RULE.format("tcp dport 5 ip saddr { a, b, c, d } " * 20),
    ],
    ids=lambda text: text[:30],
)
def test_hostile_texts_end_soon(text):
    read(text)

"""Header lines and safe free text."""

from dataclasses import replace

import pytest

from callgate.dialects.wording import header, one_line, plain, reason
from callgate.flows import Family
from callgate.policy.model import Notice
from callgate.policy.site import On
from tests.support.policies import NFT_MERGE, policy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\r\nc", "a b c"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("admin\u202etxt.exe", "admin txt.exe"),
        ("nul\0 tab\t bell\a", "nul tab bell"),
        ("lone \ud800 half", "lone half"),
        ("Büro – 東京", "Büro – 東京"),
        ("   ", ""),
    ],
)
def test_one_line_keeps_letters_and_drops_what_ends_or_hides_a_line(text, expected):
    assert one_line(text) == expected


def test_plain_has_no_quotation_mark_and_no_backslash():
    assert plain('a "b" \\c `d`', 128) == "a 'b' /c 'd'"


@pytest.mark.parametrize("text", ["x" * 200, "ü" * 100, "a" + "ü" * 100, "東" * 60])
def test_plain_is_cut_in_bytes_and_never_inside_a_letter(text):
    cut = plain(text, 128)
    assert len(cut.encode()) <= 128
    assert cut.endswith("...")
    assert text.startswith(cut[:-3])


def test_what_fits_is_not_cut():
    assert plain("x" * 128, 128) == "x" * 128


def test_a_site_name_cannot_leave_the_header():
    lines = header(replace(policy(), site='x"\n}\nflush ruleset\n'), "rules")
    assert all(line.startswith("#") for line in lines)
    assert any("flush ruleset" in line for line in lines)


def test_the_header_says_what_from_where_and_for_whom():
    text = "\n".join(header(policy(resolvers=()), "rules"))
    for words in ("GoTo App, version 2.1", "turn-udp", "head office", "Note:"):
        assert words in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"families": (Family.V4,)}, "IPv4; IPv6 is blocked"),
        ({"families": (Family.V6,)}, "IPv6; IPv4 is blocked"),
        ({"families": (Family.V4,), "merge": NFT_MERGE}, "IPv4; IPv6 is not touched"),
        ({"families": (Family.V4,), "block": False}, "IPv4; IPv6 is not touched"),
        ({}, "IPv4, IPv6"),
    ],
)
def test_the_header_says_what_becomes_of_the_other_family(changes, words):
    assert f"# Families:  {words}" in header(policy(**changes), "rules")


def test_a_merge_on_a_host_says_that_the_way_in_is_not_ours():
    text = " ".join(header(policy(on=On.HOST, merge=NFT_MERGE), "rules"))
    assert "The way into this host" in text


def test_long_notices_are_wrapped_under_their_label():
    lines = header(replace(policy(), notices=(Notice("n", "word " * 40),)), "rules")
    assert max(map(len, lines)) <= 96
    assert sum("word" in line for line in lines) > 1


def test_the_reason_leaves_out_the_word_that_all_infrastructure_shares():
    rules = {reason(rule).partition(":")[0] for rule in policy().rules}
    assert "established" in rules
    assert "turn-udp.media" in rules
    assert reason(replace(policy().rules[0], why="")) == "established"

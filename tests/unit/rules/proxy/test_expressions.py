"""Expressions mean here what they mean in POSIX, and prove no more than is true."""

import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.rules.proxy import Expression, Unreadable

PROVED = {
    (r"\.goto\.com$", "x.goto.com", 1): True,
    (r"goto\.com", "x.goto.com", 1): True,
    (r"(^|\.)goto\.com$", "x.goto.com", 1): True,
    (r"(^|\.)goto\.com$", "goto.com", 0): True,
    (r"(^|\.)goto\.com$", "evil-goto.com", 0): False,
    (r"^app\.goto\.com$", "x.goto.com", 1): None,
    (r"^app\.goto\.com$", "app.goto.com", 0): True,
    (r"\.ads\.com$", "x.goto.com", 1): False,
    (r"ads\.com$", "x.goto.com", 1): False,
    (r"x\.goto\.com$", "x.goto.com", 1): None,
    (r"(ads|com)$", "x.goto.com", 1): True,
    (r"ads", "x.goto.com", 1): None,
    (r"^x", "x.goto.com", 1): None,
    (r"[^a-z.]com$", "x.goto.com", 1): None,
    (r"OTO", "x.goto.com", 1): None,
}


@pytest.mark.parametrize("case", PROVED)
def test_a_match_proves_what_holds_for_every_beginning(case):
    text, name, free = case
    assert Expression.parse(text).matches(name, free) is PROVED[case]


def test_case_is_ignored_where_it_is_said():
    assert Expression.parse("OTO", ignore_case=True).matches("x.goto.com", 1) is True
    assert Expression.parse(r"\.ADS\.COM$", ignore_case=True).matches("x.goto.com", 1) is False


@pytest.mark.parametrize(
    "text",
    [
        "(",
        ")",
        "a)",
        "[a",
        "*",
        "a**",
        "(a+)+",
        "(a|aa)+$",
        r"\d",
        r"\<a",
        "(?:a)",
        "a{1",
        "|*",
        r"[[:punct:]]",
        "[[.a.]]",
        "a*b*c*d*e*",
        "a" * 1001,
        "\\",
    ],
)
def test_what_means_something_else_elsewhere_is_not_read(text):
    with pytest.raises(Unreadable):
        Expression.parse(text)


_PIECES = st.sampled_from(
    ["a", "b", r"\.", ".", "[ab]", "[^a]", "(ab)", "(a|b)", "^", "$", "a*", "b+", ".?", "a{1,2}",
     "|", "[[:alpha:]]", "-"]
)  # fmt: skip


@given(
    text=st.lists(_PIECES, min_size=1, max_size=5).map("".join),
    names=st.lists(st.text("ab.-", min_size=1, max_size=6), min_size=1, max_size=8, unique=True),
)
@settings(max_examples=60, deadline=None)
def test_grep_reads_the_same(text, names):
    try:
        expression = Expression.parse(text)
    except Unreadable:
        return
    done = subprocess.run(
        ["grep", "-E", "-e", text], input="\n".join(names), text=True, capture_output=True,
        check=False, env={"LC_ALL": "C"},
    )  # fmt: skip
    if done.returncode < 2:
        assert {name for name in names if expression.matches(name)} == set(
            done.stdout.split("\n")[:-1]
        )


@given(
    text=st.lists(_PIECES, min_size=1, max_size=4).map("".join),
    rest=st.sampled_from([".a", ".b.a", ".ab"]),
    starts=st.lists(st.text("ab-", min_size=1, max_size=4), min_size=1, max_size=10),
)
@settings(max_examples=200, deadline=None)
def test_what_is_proved_holds_whatever_the_beginning_is(text, rest, starts):
    try:
        expression = Expression.parse(text)
    except Unreadable:
        return
    proved = expression.matches(f"x{rest}", 1)
    if proved is not None:
        assert {expression.matches(start + rest) for start in starts} == {proved}


def test_the_longest_time_is_short():
    hostile = Expression.parse("a*a*a*a*b")
    assert hostile.matches("a" * 60 + re.escape(".goto.com")) is False

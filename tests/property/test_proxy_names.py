"""Verdicts on names agree with trying every name of a small world, one by one."""

from itertools import product

from hypothesis import event, given, settings
from hypothesis import strategies as st

from callgate.check.proxy import questions
from callgate.check.proxy.course import course
from callgate.check.proxy.hosts import hosts
from callgate.check.proxy.judging import Name, judge
from callgate.names import DomainPattern
from callgate.names.extents import Extent
from callgate.places import Place
from callgate.rules.proxy import (
    Act,
    Entries,
    Expression,
    Expressions,
    NameEntry,
    ProxyRule,
    ProxyRuleset,
    Request,
    RuleList,
    Term,
    Unknown,
)
from callgate.verdicts import Verdict

_LABELS = ("a", "b", "zz")
NAMES = [
    ".".join((*labels, "goto.com"))
    for depth in range(1, 5)
    for labels in product(_LABELS, repeat=depth)
]
PATTERN = DomainPattern("goto.com", below=True)
_BASES = ("goto.com", "a.goto.com", "b.a.goto.com", "com", "other.org")

entries = st.builds(
    lambda base, least, most: Entries((Extent(base, least, most and least + most - 1),)),
    st.sampled_from(_BASES),
    st.integers(0, 2),
    st.none() | st.integers(1, 3),
)
expressions = st.sampled_from(
    (r"goto\.com$", r"^a\.", "zz", r"\.a\.goto", r"(a|b)\.goto\.com$", r"^[ab]+\.goto", r"\.org$")
).map(lambda text: Expressions((Expression.parse(text),), "acl x"))
doubts = st.sampled_from(("it is night", "somebody logged in")).map(Unknown)
terms = st.builds(Term, entries | entries | expressions | doubts, st.booleans())
rules = st.builds(
    lambda act, terms, line: ProxyRule(act, tuple(terms), Place("f", line), "rule"),
    st.sampled_from((Act.ALLOW, Act.DENY)),
    st.lists(terms, min_size=1, max_size=2),
    st.integers(1, 9),
)
rulesets = st.lists(rules, max_size=4)


def ruleset_of(rules):
    """One list of access rules that ends in a denial."""
    extents = [
        extent
        for rule in rules
        for term in rule.terms
        if isinstance(term.test, Entries)
        for extent in term.test.extents
    ]
    listed = RuleList("access", tuple(rules), Act.DENY, Place("f", 10), "end")
    entry = NameEntry("entries", Place("f"), tuple(extents))
    return ProxyRuleset("x", "f", (listed,), entries=(entry,))


def brute(ruleset):
    """For each name: the set of results under every answer to the two doubts."""
    for name in NAMES:
        yield {
            course(
                ruleset,
                Request(name, 443),
                lambda text, night=night, known=known: night if "night" in text else known,
            ).passes
            for night, known in product((False, True), repeat=2)
        }


@given(rules=rulesets)
@settings(max_examples=300, deadline=None)
def test_the_verdict_is_that_of_all_names_together(rules):
    ruleset = ruleset_of(rules)
    asked = hosts(PATTERN, ruleset.entries[0].extents)
    requests = tuple(Request(host.name, 443, host.free) for host in asked)
    answer = judge(ruleset, questions.ALLOWED, [Name(str(PATTERN), requests)])
    event(str(answer.verdict))
    results = list(brute(ruleset))
    if answer.verdict is Verdict.SATISFIED:
        assert all(each == {True} for each in results)
    elif answer.verdict is Verdict.DEPENDS:
        assert not all(each == {True} for each in results) or any(
            "the name matches" in text for text in answer.conditions
        )
    else:
        # The name that is shown fails for certain; it need not be one of the small world.
        asking = answer.evidence[0].asking
        assert asking is not None
        host = asking.target.removesuffix(":443")
        shown = [
            course(ruleset, Request(host, 443), lambda _, holds=holds: holds).passes
            for holds in (False, True)
        ]
        assert shown == [False, False]


@given(rules=rulesets)
@settings(max_examples=100, deadline=None)
def test_a_name_that_surely_fails_is_never_satisfied(rules):
    ruleset = ruleset_of(rules)
    asked = hosts(PATTERN, ruleset.entries[0].extents)
    requests = tuple(Request(host.name, 443, host.free) for host in asked)
    answer = judge(ruleset, questions.ALLOWED, [Name(str(PATTERN), requests)])
    if {False} in list(brute(ruleset)):
        assert answer.verdict is not Verdict.SATISFIED

"""Every matcher against the hosts that every product is asked about."""

import pytest

from callgate.names import DomainPattern
from callgate.names.extents import Extent
from callgate.names.matchers import MATCHERS, Fate, find
from tests.support import hosts

#: What each product does where products differ; written from its sources, not from our code.
APEX = {"squid-dstdomain", "squid-server-name", "curl-no-proxy", "requests-no-proxy", "dnsmasq"} | {
    "unbound-local-zone",
    "zscaler",
    "fortigate-wildcard",
    "umbrella",
}
BELOW_ITSELF = {"curl-no-proxy", "requests-no-proxy", "dnsmasq", "unbound-local-zone", "umbrella"}
NOT_SIX_LABELS = {"zscaler"}
NOT_TRAILING_DOT = {"requests-no-proxy", "chrome-bypass"}

everywhere = pytest.mark.parametrize("matcher", MATCHERS.values(), ids=MATCHERS)


def takes(matcher, host):
    return any(matcher.matches(entry, host) for entry in matcher.entries(hosts.PATTERNS))


@everywhere
@pytest.mark.parametrize("host", [*hosts.BELOW, *hosts.ITSELF])
def test_the_names_of_the_patterns_match(matcher, host):
    assert takes(matcher, host)


@everywhere
@pytest.mark.parametrize("host", hosts.FOREIGN)
def test_no_look_alike_matches(matcher, host):
    assert not takes(matcher, host)


@everywhere
def test_products_differ_where_their_sources_say_so(matcher):
    name = matcher.traits.id
    assert takes(matcher, hosts.APEX) is (name in APEX)
    assert takes(matcher, hosts.BELOW_ITSELF) is (name in BELOW_ITSELF)
    assert takes(matcher, hosts.SIX_LABELS) is (name not in NOT_SIX_LABELS)
    assert takes(matcher, hosts.TRAILING_DOT) is (name not in NOT_TRAILING_DOT)


@everywhere
def test_excess_is_what_matches_besides_the_pattern(matcher):
    below, itself, _ = hosts.PATTERNS
    apex = matcher.beyond(below)
    assert (Extent("goto.com") in apex) is (matcher.traits.id in APEX)
    assert bool(matcher.beyond(itself)) is (matcher.traits.id in BELOW_ITSELF)


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("zscaler", (Extent("goto.com", 6, None),)),
        ("pan-exclusion", (Extent("goto.com", 7, None),)),
        ("squid-dstdomain", ()),
    ],
)
def test_limits_of_depth_are_told(name, left):
    assert find(name).short_of(DomainPattern.parse("*.goto.com")) == left


@everywhere
def test_what_is_written_is_read_back(matcher):
    for pattern in hosts.PATTERNS:
        for entry in matcher.entries_for(pattern):
            read = matcher.read(entry)
            assert read.fate is Fate.READ
            assert not read.reason


@everywhere
def test_entries_within_another_are_left_out(matcher):
    below, within, branch = map(DomainPattern.parse, ("*.goto.com", "a.goto.com", "*.b.goto.com"))
    alone = matcher.entries([below])
    assert matcher.entries([within, below, below]) == alone
    if not matcher.short_of(below):  # a product that counts labels needs the branch too
        assert matcher.entries([branch, below]) == alone


@everywhere
@pytest.mark.parametrize("entry", ["", ".", "*", "*.", "a..b", "bücher.example", "192.0.2.1"])
def test_what_is_no_name_covers_nothing_and_says_why(matcher, entry):
    read = matcher.read(entry)
    assert read.fate is not Fate.READ
    assert read.reason
    assert read.extents == ()
    assert not matcher.matches(entry, "") or matcher.traits.id == "mitmproxy"


def test_traits_have_distinct_ids_and_a_source_each():
    assert len({matcher.traits.title for matcher in MATCHERS.values()}) == len(MATCHERS)
    assert all(matcher.traits.source.startswith("http") for matcher in MATCHERS.values())
    assert all(name == matcher.traits.id for name, matcher in MATCHERS.items())


def test_what_is_unconfirmed_has_a_note():
    for matcher in MATCHERS.values():
        if "unconfirmed" in str(matcher.traits):
            assert matcher.traits.note

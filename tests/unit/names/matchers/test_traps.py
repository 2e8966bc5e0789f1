"""Entries that people write, and what their product makes of them."""

import pytest

from callgate.names import DomainPattern
from callgate.names.extents import Extent
from callgate.names.matchers import Fate, find
from callgate.names.matchers.mitmproxy import MitmproxyIgnoreHosts

BELOW = Extent("goto.com", 1, None)
BOTH = Extent("goto.com", 0, None)
ITSELF = Extent("goto.com")


@pytest.mark.parametrize(
    ("product", "entry", "extent"),
    [
        ("squid-dstdomain", ".GoTo.com", BOTH),
        ("squid-dstdomain", "goto.com", ITSELF),
        ("curl-no-proxy", "goto.com", BOTH),
        ("curl-no-proxy", "goto.com.", BOTH),
        ("requests-no-proxy", "goto.com", BOTH),
        ("chrome-bypass", ".goto.com", BELOW),
        ("chrome-bypass", "goto.com", ITSELF),
        ("dnsmasq", ".goto.com", BOTH),
        ("unbound-local-zone", "goto.com", BOTH),
        ("rpz", "*.goto.com", BELOW),
        ("zscaler", ".goto.com/path", Extent("goto.com", 0, 5)),
        ("zscaler", "goto.com", ITSELF),
        ("pan-url", "*.goto.com/", BELOW),
        ("pan-domain", "^goto.com", ITSELF),
        ("pan-exclusion", "*.*.goto.com", Extent("goto.com", 2, 2)),
        ("fortigate-wildcard", "*.goto.com", BOTH),
        ("umbrella", "goto.com", BOTH),
        ("mitmproxy", r"(^|\.)goto\.com:443$", BOTH),
    ],
)
def test_entry_is_read(product, entry, extent):
    read = find(product).read(entry)
    assert (read.fate, read.extents) == (Fate.READ, (extent,))


@pytest.mark.parametrize(
    ("product", "entry", "fate"),
    [
        ("squid-dstdomain", "*.goto.com", Fate.NOTHING),
        ("squid-dstdomain", ".goto.com.", Fate.NOTHING),
        ("squid-dstdomain", ".goto.com:443", Fate.NOTHING),
        ("squid-dstdomain", "https://goto.com/", Fate.NOTHING),
        ("squid-dstdomain", ".bücher.example", Fate.NOTHING),
        ("squid-server-name", "none", Fate.NOTHING),
        ("curl-no-proxy", "*.goto.com", Fate.NOTHING),
        ("curl-no-proxy", "*", Fate.UNMODELLED),
        ("curl-no-proxy", "192.0.2.0/24", Fate.UNMODELLED),
        ("curl-no-proxy", "goto.com:80", Fate.NOTHING),
        ("requests-no-proxy", ".goto.com.", Fate.NOTHING),
        ("requests-no-proxy", "goto.com:80", Fate.UNMODELLED),
        ("chrome-bypass", "*goto.com", Fate.UNMODELLED),
        ("chrome-bypass", "https://goto.com", Fate.UNMODELLED),
        ("chrome-bypass", "<local>", Fate.UNMODELLED),
        ("chrome-bypass", "192.0.2.0/24", Fate.UNMODELLED),
        ("dnsmasq", "*.goto.com", Fate.NOTHING),
        ("unbound-local-zone", "*.goto.com", Fate.NOTHING),
        ("rpz", "goto.com.", Fate.NOTHING),
        ("rpz", "a.*.goto.com", Fate.NOTHING),
        ("mitmproxy", "goto.com", Fate.UNMODELLED),
        ("mitmproxy", "(", Fate.UNMODELLED),
        ("zscaler", "*.goto.com", Fate.REJECTED),
        ("zscaler", ".GoTo.com", Fate.REJECTED),
        ("zscaler", "https://goto.com", Fate.REJECTED),
        ("zscaler", ".com", Fate.REJECTED),
        ("pan-url", "https://goto.com/", Fate.REJECTED),
        ("pan-url", "goto.com/path", Fate.UNMODELLED),
        ("pan-domain", "goto.com/", Fate.REJECTED),
        ("pan-domain", "*.a" + ".b" * 127, Fate.REJECTED),
        ("pan-exclusion", "mail.*.com", Fate.UNMODELLED),
        ("fortigate-wildcard", "a*.goto.com", Fate.UNMODELLED),
        ("umbrella", "*.goto.com", Fate.REJECTED),
    ],
)
def test_entry_is_not_taken_for_a_name(product, entry, fate):
    read = find(product).read(entry)
    assert read.fate is fate
    assert read.reason


def test_pan_url_without_a_slash_says_what_else_it_takes():
    read = find("pan-url").read("*.goto.com")
    assert read.extents == (BELOW,)
    assert "goto.com.evil.com" in read.reason


def test_covers_is_about_the_whole_pattern():
    read = find("zscaler").read(".goto.com")
    assert read.covers(DomainPattern.parse("goto.com"))
    assert not read.covers(DomainPattern.parse("*.goto.com"))
    assert find("squid-dstdomain").read(".com").covers(DomainPattern.parse("*.goto.com"))


def test_squid_drops_every_trailing_dot_of_a_host():
    assert find("squid-dstdomain").matches(".goto.com", "meet.goto.com..")
    assert not find("dnsmasq").matches("goto.com", "meet.goto.com..")


def test_mitmproxy_entries_hold_for_their_ports_only():
    both = MitmproxyIgnoreHosts((443, 3478))
    (entry,) = both.entries_for(DomainPattern.parse("*.goto.com"))
    assert both.matches(entry, "meet.goto.com")
    assert MitmproxyIgnoreHosts((3478,)).matches(entry, "meet.goto.com")
    assert not MitmproxyIgnoreHosts((8443,)).matches(entry, "meet.goto.com")
    assert both.read(entry).extents == (BELOW,)
    assert not both.matches("(", "meet.goto.com")

"""A running Chromium answers the conformance vectors, and shows what our model says of it."""

import pytest

from callgate.dialects.pac.dialect import SIZE_LIMIT
from callgate.pac.interview import interview
from callgate.pac.readers import READERS
from callgate.pac.sandbox import Client
from callgate.pac.source import decode
from callgate.pac.syntax import Script
from tests.lab.requirements import require
from tests.support import pac_vectors
from tests.support.pac_browser import GREETINGS, LISTENERS, Browser

pytestmark = pytest.mark.lab
CHROME = READERS["chrome"]
PROXY = '"PROXY 127.0.0.1:9001"'
FUNCTION = f"function FindProxyForURL(url, host) {{ return {PROXY}; }}"


@pytest.fixture(autouse=True)
def _lab():
    require("ip", "nft", "chromium")


@pytest.fixture(scope="module")
def seen():
    require("ip", "nft", "chromium")
    return Browser(
        pac_vectors.browser_urls(),
        pac_vectors.browser_script(),
        hosts=pac_vectors.RULES,
        zone="Etc/GMT-2",
    ).visit()


def test_chromium_answers_every_call_as_the_table_says(seen):
    found = pac_vectors.browser_values(seen.alerts)
    assert [
        (each["call"], each["answer"], found.get(number))
        for number, each in enumerate(pac_vectors.VALUES)
        if each["answer"] != found.get(number)
    ] == []


def test_chromium_goes_where_the_table_says(seen):
    assert [
        (each["returns"], each["asked"], seen.asked.get(f"r{number}.test"))
        for number, each in enumerate(pac_vectors.RETURNS)
        if each["asked"] != seen.asked.get(f"r{number}.test", [])
    ] == []


def test_socks_without_a_number_is_version_4(seen):
    spoken = {label: set(seen.asked[str(label)]) for label in LISTENERS}
    assert spoken == {9003: {"SOCKS4"}, 9004: {"SOCKS5"}, 9005: {"SOCKS4"}, 9006: {"TLS"}}
    assert set(GREETINGS.values()) == set().union(*spoken.values())


def test_what_is_shown_of_a_url():
    urls = [
        "http://a.test/p?q#f", "http://B.test:8080/", "https://c.test/path?q", "wss://d.test/x",
        "ws://e.test/x", "http://a.test./", "https://f.test:8443/x",
        "http://b\u00fccher.test/",
    ]  # fmt: skip
    script = (
        'function FindProxyForURL(url, host) { alert("Q " + url + " " + host); return "DIRECT"; }'
    )
    alerts = Browser(urls, script).visit().alerts
    shown = [tuple(each.split(" ")[1:]) for each in alerts if ".test" in each or "2001" in each]
    assert shown == [CHROME.shown(url) for url in urls]


#: Files that decide something by their form, and whether Chromium takes them.
FILES = {
    "const": (f"const FindProxyForURL = () => {PROXY};", False),
    "global property": (f"globalThis.FindProxyForURL = () => {PROXY};", True),
    "only the extended entry": (FUNCTION.replace("URL(", "URLEx("), False),
    "throws when loaded": (FUNCTION + "\nthrow 1;", False),
    "UTF-8 with a mark": (b"\xef\xbb\xbf" + FUNCTION.encode(), True),
    "UTF-16 with a mark": (b"\xff\xfe" + FUNCTION.encode("utf-16-le"), True),
    "read as ISO-8859-1": (
        FUNCTION.replace("return", 'return "\u00fc".length != 2 ? "DIRECT" :').encode(),
        True,
    ),
    "longest": (FUNCTION + " " * (SIZE_LIMIT - len(FUNCTION)), True),
    "too long by one": (FUNCTION + " " * (SIZE_LIMIT + 1 - len(FUNCTION)), False),
}


@pytest.mark.parametrize("name", FILES)
def test_which_files_are_taken(name):
    pac, taken = FILES[name]
    asked = Browser(["http://x.test/"], pac).visit().asked["x.test"]
    assert asked == ["9001" if taken else "direct"]
    data = pac if isinstance(pac, bytes) else pac.encode("latin-1")
    decoded = decode(data, "x.pac", CHROME)
    assert decoded.findings == () or "mark" in name or "long" in name or "8859" in name
    ours = interview(
        Script("x.pac", decoded.text), [CHROME.shown("http://x.test/")], Client(CHROME)
    )
    too_long = any(each.kind == "pac-size" for each in decoded.findings)
    proxied = not ours.failure and str(ours.told[0].ways) == "PROXY 127.0.0.1:9001"
    assert (proxied and not too_long) is taken

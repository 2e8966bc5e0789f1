"""Our library against what Chromium answered; the browser itself is asked in ``tests/lab``."""

import json

import pytest

from callgate.pac.directives import read
from callgate.pac.interview import interview
from callgate.pac.readers import READERS
from callgate.pac.sandbox import Client, World, run
from callgate.pac.syntax import Script
from tests.support.pac_vectors import DNS, RETURNS, VALUES, moment, sandbox_script, times

CHROME = READERS["chrome"]


def test_there_are_enough_vectors_and_every_function_has_some():
    calls = " ".join(each["call"] for each in VALUES)
    assert len(VALUES) >= 300
    assert len(RETURNS) >= 60
    for name in (
        "dnsDomainIs", "dnsDomainLevels", "dnsResolve", "dnsResolveEx", "isInNet", "isInNetEx",
        "isPlainHostName", "isResolvable", "isResolvableEx", "localHostOrDomainIs", "myIpAddress",
        "myIpAddressEx", "shExpMatch", "sortIpAddressList", "weekdayRange", "dateRange",
        "timeRange", "alert",
    ):  # fmt: skip
        assert f"{name}(" in calls


@pytest.mark.parametrize("at", times())
def test_values(at):
    vectors = [each for each in VALUES if each.get("at") == at]
    world = World(DNS, ("127.0.0.1",), moment(at), clock_given=True)
    hosts = [("http://x/", f"v{number}") for number in range(len(vectors))]
    found = run(sandbox_script(vectors), hosts, Client(CHROME, world))
    answers = [json.loads(each.value) for each in found.answers]
    assert [
        (each["call"], each["answer"], got)
        for each, got in zip(vectors, answers, strict=True)
        if each["answer"] != got
    ] == []


#: What listens at the ports of the vectors; the others are closed, and passed over.
OPEN = {9001, 9002}


def contacted(ways):
    """Whom a client asks that falls back from closed ports."""
    for way in ways:
        if way.kind == "DIRECT":
            return ["direct"]
        if way.kind == "PROXY" and way.port in OPEN and not way.host.startswith("["):
            return [str(way.port)]
    return []


def test_returns():
    cases = "".join(
        f'if (host == "r{number}.test") {{ return {each["returns"]}; }}\n'
        for number, each in enumerate(RETURNS)
    )
    script = Script("returns.pac", f"function FindProxyForURL(url, host) {{ {cases} }}")
    questions = [(f"http://r{number}.test/", f"r{number}.test") for number in range(len(RETURNS))]
    told = interview(script, questions, Client(CHROME)).told
    assert [
        (each["returns"], each["asked"], str(got.ways))
        for each, got in zip(RETURNS, told, strict=True)
        if each["asked"] != contacted(got.ways.ways)
    ] == []


@pytest.mark.parametrize(
    ("reader", "value", "ways"),
    [
        ("chrome", "SOCKS a:1", "SOCKS4 a:1"),
        ("firefox", "SOCKS a:1", "SOCKS5 a:1"),
        ("firefox", "HTTP a:1", "PROXY a:1"),
        ("chrome", "HTTP a:1", "DIRECT"),
        ("winhttp", "SOCKS a:1; PROXY b:2", "PROXY b:2"),
        ("chrome", "PROXY a", "PROXY a:80"),
        ("chrome", "HTTPS a", "HTTPS a:443"),
        ("chrome", "SOCKS5 a", "SOCKS5 a:1080"),
        ("chrome", "PROXY [2001:DB8::1]:3128", "PROXY [2001:db8::1]:3128"),
    ],
)
def test_readers_differ(reader, value, ways):
    assert str(read(value, READERS[reader])) == ways

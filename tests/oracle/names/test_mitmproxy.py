"""A running mitmproxy judges its matcher: whose connections it leaves alone."""

import pytest

from callgate.lab.programs import Program, await_ports
from callgate.names.matchers import find
from tests.support import hosts
from tests.support.products import mitmproxy
from tests.support.products.tls import HOSTS, ORIGIN, PORT, issuer, origin

pytestmark = pytest.mark.lab

MATCHER = find("mitmproxy")
LISTS = {
    "ours": MATCHER.entries(hosts.PATTERNS),
    "usual": (r"(^|\.)goto\.com:443$",),
    "bare": ("goto.com",),
}


@pytest.fixture(scope="module")
def place(island):
    namespace, folder = island
    with origin(namespace, folder):
        yield namespace, folder


@pytest.mark.parametrize("name", LISTS)
def test_matcher_says_what_mitmproxy_does(place, name):
    namespace, folder = place
    entries = LISTS[name]
    text = "ignore_hosts:\n" + "".join(f"  - '{entry}'\n" for entry in entries)
    argv = mitmproxy.command(folder / name, text, "127.0.0.1", PORT)
    program = Program(namespace, argv, folder / f"{name}.log")
    try:
        await_ports(program, namespace, ["127.0.0.1"], [PORT])
        signed = {host: issuer(namespace, host) for host in HOSTS}
    finally:
        program.end()
    assert set(signed.values()) == {ORIGIN, "mitmproxy"}
    left_alone = {host for host, by in signed.items() if by == ORIGIN}
    assert left_alone == {
        host for host in HOSTS if any(MATCHER.matches(entry, host) for entry in entries)
    }
    assert ("evil-goto.com" in left_alone) is (name == "bare")

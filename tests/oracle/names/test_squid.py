"""A running Squid judges the matcher of ``dstdomain``, entry by entry and host by host."""

import pytest

from callgate.names.matchers import Fate, find
from tests.lab.requirements import require
from tests.support import hosts
from tests.support.products import squid

pytestmark = pytest.mark.lab

MATCHER = find("squid-dstdomain")
ENTRIES = (
    *MATCHER.entries(hosts.PATTERNS),
    "goto.com",
    ".GoTo.com",
    ".com",
    "*.goto.com",
    ".goto.com.",
    "goto.com.",
    "a*.goto.com",
    ".goto.com:443",
    "evil-goto.com",
)
HOSTS = (*hosts.EVERY, "meet.goto.com..", "goto.com.")


@pytest.fixture(scope="module")
def asked(island):
    """Ask whether an entry matches a host: the header X-Entry chooses the entry."""
    require("squid")
    namespace, folder = island
    lines = [f"http_port 127.0.0.1:{squid.PORT}"]
    for number, entry in enumerate(ENTRIES):
        lines += [
            f"acl entry{number} dstdomain -n {entry}",
            f"acl asks{number} req_header X-Entry ^{number}$",
            f"deny_info 302:http://matched.test/ entry{number}",
            f"http_access deny asks{number} entry{number}",
        ]
    with squid.running(namespace, folder, "\n".join([*lines, "http_access deny all", ""])):

        def ask(entry, host):
            answer = squid.status(
                namespace,
                f"CONNECT {host}:443 HTTP/1.1",
                f"Host: {host}:443",
                f"X-Entry: {ENTRIES.index(entry)}",
            )
            return {"302": True, "403": False}[answer]

        yield ask


@pytest.mark.parametrize("entry", ENTRIES)
def test_matcher_says_what_squid_does(asked, entry):
    said = {host: MATCHER.matches(entry, host) for host in HOSTS}
    assert said == {host: asked(entry, host) for host in HOSTS}


@pytest.mark.parametrize("entry", ENTRIES)
def test_entries_that_match_nothing_match_nothing(asked, entry):
    idle = MATCHER.read(entry).fate is Fate.NOTHING
    assert idle is not any(asked(entry, host) for host in HOSTS)

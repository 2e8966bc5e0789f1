"""A running Squid judges the matcher of ``dstdomain``, entry by entry and host by host."""

import subprocess
from contextlib import ExitStack

import pytest

from callgate.lab.authority import Authority
from callgate.lab.squid import prepare
from callgate.names.matchers import Fate, find
from callgate.netns import End, Link, Topology
from tests.lab.requirements import require
from tests.support import hosts
from tests.support.products import squid, tls

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


SNI = find("squid-server-name")
LISTS = {
    "ours": SNI.entries(hosts.PATTERNS),
    "traps": ("*.goto.com", ".goto.com.", "evil-goto.com", "GoTo.com"),
}


@pytest.mark.parametrize("name", LISTS)
def test_matcher_says_whom_squid_splices_by_the_name_in_tls(name):
    require("ip", "squid")
    # Another namespace: the first Squid of this module still holds the port.
    with Topology([Link(End("here", ()), End("there", ()))]) as built, ExitStack() as stack:
        namespace, folder = built["here"], built.folder()
        stack.enter_context(tls.origin(namespace, folder))
        stack.enter_context(squid.running(namespace, folder, bumping(folder, LISTS[name])))
        signed = {host: tls.issuer(namespace, host) for host in tls.HOSTS}
    spliced = {host for host, by in signed.items() if by == tls.ORIGIN}
    assert spliced == {
        host for host in tls.HOSTS if any(SNI.matches(entry, host) for entry in LISTS[name])
    }
    assert len(set(signed.values())) == 2


def bumping(folder, entries):
    """A Squid that splices these names and opens the rest."""
    inspector = Authority(folder, "Inspector", "inspector").identity
    both = folder / "both.pem"
    both.write_bytes(inspector.certificate.read_bytes() + inspector.key.read_bytes())
    subprocess.run(prepare(folder), check=True, capture_output=True)
    lines = [
        f"http_port 127.0.0.1:{squid.PORT} ssl-bump generate-host-certificates=on tls-cert={both}",
        f"sslcrtd_program {prepare(folder)[0]} -s {folder}/certificates -M 4MB",
        "tls_outgoing_options flags=DONT_VERIFY_PEER",
        "sslproxy_cert_error allow all",
        "http_access allow all",
        "acl step1 at_step SslBump1",
        *(f"acl names ssl::server_name {entry}" for entry in entries),
        "ssl_bump peek step1",
        "ssl_bump splice names",
        "ssl_bump bump all",
    ]
    return "\n".join([*lines, ""])

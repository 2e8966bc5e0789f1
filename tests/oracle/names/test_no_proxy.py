"""curl and requests judge their matchers: which hosts go past the proxy."""

import http.server
import subprocess
import threading

import pytest
from requests.utils import should_bypass_proxies

from callgate.dialects.no_proxy import NoProxy
from callgate.names.matchers import find
from callgate.netns.stepping import inside
from tests.lab.requirements import require
from tests.support import hosts
from tests.support.naming import named_policy

CURL, REQUESTS = find("curl-no-proxy"), find("requests-no-proxy")
ENTRIES = (
    *CURL.entries(hosts.PATTERNS),
    "goto.com",
    ".GoTo.com",
    ".com",
    "*.goto.com",
    "a*.goto.com",
    "evil-goto.com",
)
#: curl and requests differ from each other here.
DOTTED = (".goto.com.", "goto.com.")
HOSTS = (*hosts.EVERY, "goto.com.")


class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Tests are quiet."""


@pytest.fixture(scope="module")
def by_curl(island):
    """The hosts that curl sends past the proxy, with a value of NO_PROXY."""
    require("curl")
    namespace, _ = island
    with inside(namespace.path):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port

    def ask(value):
        # A direct connection fails here: there is no way out, and no resolver.
        done = subprocess.run(
            [
                *("ip", "netns", "exec", namespace.name, "env", "-i", f"NO_PROXY={value}"),
                *("curl", "-s", "-o", "/dev/null", "-w", "%{remote_port}\n", "--max-time", "20"),
                *("--proxy", f"http://127.0.0.1:{port}"),
                *(f"http://{host}/" for host in HOSTS),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        used = [line == str(port) for line in done.stdout.splitlines()]
        assert len(used) == len(HOSTS), done.stderr
        return {host for host, proxied in zip(HOSTS, used, strict=True) if not proxied}

    yield ask
    server.shutdown()
    server.server_close()


def by_requests(value):
    return {host for host in HOSTS if should_bypass_proxies(f"http://{host}/", no_proxy=value)}


def said(matcher, entries):
    return {host for host in HOSTS if any(matcher.matches(each, host) for each in entries)}


@pytest.mark.lab
@pytest.mark.parametrize("entry", [*ENTRIES, *DOTTED])
def test_matcher_says_what_curl_does(by_curl, entry):
    assert said(CURL, [entry]) == by_curl(entry)


@pytest.mark.parametrize("entry", ENTRIES)
def test_matcher_says_what_requests_does(entry):
    assert said(REQUESTS, [entry]) == by_requests(entry)


@pytest.mark.parametrize("entry", DOTTED)
def test_requests_takes_a_dotted_entry_for_dotted_hosts_only(entry):
    assert by_requests(entry) == {host for host in HOSTS if host.endswith("goto.com.")}


@pytest.mark.lab
def test_the_list_that_we_write_means_the_same_to_both(by_curl):
    (artifact,) = NoProxy().generate(named_policy())
    (value,) = {line.partition("=")[2] for line in artifact.text.splitlines() if "=." in line}
    wanted = {host for host in HOSTS if host.rstrip(".").lower().endswith(".goto.com")}
    declared = {"goto.com", "goto.com."}
    assert by_curl(value) == wanted | declared
    assert by_requests(value) == {host for host in wanted | declared if not host.endswith(".")}

"""The proxy that a PAC file names for a host."""

import functools
import http.server
import threading

import pytest

from callgate.errors import InputError, UsageError
from callgate.policy.site import Proxy
from callgate.probe.wire.automatic import Automatic

FILE = """
function FindProxyForURL(url, host) {
    if (dnsDomainIs(host, ".example.com")) return "PROXY proxy.example.net:8080; DIRECT";
    if (host == "socks") return "SOCKS5 192.0.2.1:1080";
    if (host == "name") return isInNet(host, "10.0.0.0", "255.0.0.0") ? "DIRECT" : "PROXY a:1";
    if (host == "loop") { while (true) {} }
    if (host == "null") return null;
    return "DIRECT";
}
"""


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "proxy.pac"
    made.write_text(FILE)
    return made


def test_a_file_is_asked_for_each_host(file):
    found = Automatic(str(file))
    assert found.proxy("turn.example.com") == Proxy("proxy.example.net", 8080)
    assert found.proxy("turn.example.org") is None
    assert found.proxy("2001:db8::1") is None


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("socks", "only PROXY can be probed"),
        ("name", "hangs on"),
        ("loop", "does not tell"),
        ("null", "it returns null"),
    ],
)
def test_what_it_does_not_tell_is_not_guessed(file, host, words):
    with pytest.raises(UsageError, match=words):
        Automatic(str(file)).proxy(host)


def test_a_file_that_is_none():
    with pytest.raises(InputError, match="cannot read"):
        Automatic("/nowhere/proxy.pac")


def test_an_endless_file(tmp_path):
    large = tmp_path / "large.pac"
    large.write_bytes(b"/" * (1 << 20) + b"/")
    with pytest.raises(InputError, match="1 MiB"):
        Automatic(str(large))


def test_an_address(file):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(file.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            found = Automatic(f"http://127.0.0.1:{server.server_port}/proxy.pac")
            with pytest.raises(InputError, match="cannot read"):
                Automatic(f"http://127.0.0.1:{server.server_port}/none.pac")
        finally:
            server.shutdown()
    assert found.proxy("turn.example.com") == Proxy("proxy.example.net", 8080)

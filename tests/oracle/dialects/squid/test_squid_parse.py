"""What ``squid -k parse`` refuses is a mistake for us too, and nothing else is."""

import random
import subprocess

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from callgate.dialects.squid.reading import SquidReader
from callgate.errors import InputError
from tests.lab.requirements import require
from tests.support import squid_configs
from tests.support.proxy_mistakes import SQUID

_NAMES = ("goto.com", ".goto.com", "meet.goto.com", ".meet.goto.com", "x.org", ".com", ".COM")


@pytest.fixture(scope="module", autouse=True)
def _squid():
    require("squid")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Where each configuration is written before Squid reads it."""
    return tmp_path_factory.mktemp("squid") / "squid.conf"


def refused_by_squid(path, text):
    """Whether Squid would start with a configuration."""
    path.write_text(text)
    done = subprocess.run(
        ["squid", "-k", "parse", "-f", str(path)], capture_output=True, check=False, timeout=30
    )
    return done.returncode != 0


def refused_by_us(text):
    """Whether we read it."""
    try:
        SquidReader().parse(text, "f")
    except InputError:
        return True
    return False


#: Text -> whether Squid refuses it; each was tried with Squid 5.7, and is tried again here.
LINES = {
    "http_access allow nosuch": True,
    "acl a src 10.0.0.0/8\nacl a dstdomain x": True,
    "acl a foo bar": True,
    "acl a port http": True,
    "acl a port 99999": True,
    "acl a src foo/8": True,
    "acl a src 10.0.0.0/33": True,
    "acl a any-of nosuch": True,
    "acl a at_step SslBump9": True,
    "ssl_bump frobnicate all": True,
    "ssl_bump peek-and-splice all": True,
    "on_unsupported_protocol maybe all": True,
    "http_access allow !!all": True,
    "acl a dstdomain -i .x.org": True,
    "include /nonexistent/x.conf": True,
    "http_access perhaps all": False,
    "http_access": False,
    "http_access deny": False,
    "acl a dstdomain": False,
    'acl a dstdomain "/nonexistent/list"\nhttp_access allow a': False,
    "http_upgrade_request_protocols websocket all": False,
    "acl a dstdom_regex (": False,
    "acl manager proto cache_object": False,
    "acl all src all": False,
    "acl Foo dstdomain .x.org\nhttp_access allow FOO": False,
    "acl a src 10.0.0.0/8 \\\n # comment\n\n 192.168.0.0/16": False,
    "if true\nhttp_access allow all\nelse\nbogus\nendif": False,
    "acl a src 10.0.0.1-10.0.0.9/32 10.0.0.0/255.0.0.0 ipv6": False,
    "acl c any-of all CONNECT\nacl d all-of all !CONNECT\nacl d all-of all": False,
    "acl a ssl::server_name --client-requested .goto.com": False,
    "ssl_bump none all\nssl_bump client-first all": False,
}


@pytest.mark.parametrize("text", LINES)
def test_what_squid_refuses_is_refused(path, text):
    whole = f"http_port 3128\n{text}\n"
    assert (refused_by_squid(path, whole), refused_by_us(whole)) == (LINES[text],) * 2


@given(names=st.lists(st.sampled_from(_NAMES), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_lists_of_names_stop_squid_exactly_where_we_say(path, names):
    text = f"http_port 3128\nacl a dstdomain -n {' '.join(names)}\nhttp_access allow a\n"
    refused = refused_by_us(text)
    event(f"refused: {refused}")
    assert refused_by_squid(path, text) == refused


@pytest.mark.parametrize("seed", range(30))
def test_made_configurations_are_refused_by_both_or_by_none(path, seed):
    text = "http_port 3128\n" + squid_configs.configuration(random.Random(seed))
    assert refused_by_us(text) == refused_by_squid(path, text)


@pytest.mark.parametrize("mistake", SQUID)
def test_squid_starts_with_every_planted_mistake(path, mistake):
    """They are mistakes because Squid takes them, and does something else than was meant."""
    text = SQUID[mistake][0].replace(
        " tls-cert=/etc/squid/ca.pem generate-host-certificates=on", ""
    )
    assert not refused_by_squid(path, text)
    assert not refused_by_us(text)

"""Chromium with our managed policies, seen only by itself, goes where they say."""

import json

import pytest

from callgate.dialects.chrome_policy import ChromePolicy
from callgate.policy.site import Proxy
from tests.lab.requirements import require
from tests.support.pac import pac_policy, patterns
from tests.support.pac_browser import Browser

pytestmark = pytest.mark.lab

NAMES = patterns("*.goto.test", "apis.other.test")
#: Host -> whether it is the application's.
HOSTS = {
    "meet.goto.test": True,
    "a.b.c.d.e.f.goto.test": True,
    "apis.other.test": True,
    "goto.test": False,
    "x.apis.other.test": False,
    "evil-goto.test": False,
    "evilgoto.test": False,
    "goto.test.evil.test": False,
}


@pytest.fixture(autouse=True)
def _lab():
    require("ip", "nft", "chromium", "unshare", "mount")


def asked(policies):
    urls = [f"http://{host}/" for host in HOSTS]
    seen = Browser(urls, policies=json.dumps(policies)).visit().asked
    return {host: seen[host][0] for host in HOSTS}


def policies(**changes):
    (artifact,) = ChromePolicy().generate(pac_policy(domains=NAMES, **changes))
    return json.loads(artifact.text)


def test_the_application_goes_past_the_proxy():
    found = asked(policies(proxy=None, default_proxy=Proxy("127.0.0.1", 9001)))
    assert found == {host: "direct" if ours else "9001" for host, ours in HOSTS.items()}


def test_the_application_has_a_proxy_of_its_own():
    found = asked(policies(proxy=Proxy("127.0.0.1", 9002), default_proxy=Proxy("127.0.0.1", 9001)))
    assert found == {host: "9002" if ours else "9001" for host, ours in HOSTS.items()}


def test_without_our_policies_everything_goes_direct():
    """What the other two see is the policies' doing, and not the machine's."""
    assert set(asked({}).values()) == {"direct"}

"""Our files in a running mitmproxy and beside a plain CONNECT proxy, in the lab."""

import sys

import pytest

from callgate.dialects.mitmproxy import Mitmproxy
from callgate.dialects.no_proxy import NoProxy
from callgate.lab.arena import Rules
from callgate.lab.atlas import PROXY_PORT
from callgate.lab.stage import Stage
from callgate.policy.build import build
from tests.lab import proxied
from tests.lab.programs import on_client
from tests.lab.proxied import APP, LOOKALIKE, ORIGIN, PROFILE, SITE, Sight, look, upgrade
from tests.lab.requirements import require
from tests.support.products import connect_proxy, mitmproxy

pytestmark = pytest.mark.lab

INSPECTOR = "mitmproxy"
PATHS = {"turn-tcp-443": "tls-relay@proxy", "turn-tcp-3478": "tcp-relay@proxy"}


@pytest.fixture(scope="module")
def stage():
    require(*proxied.TOOLS, "curl")
    with Stage(proxied.PLAN.atlas, browser=True) as built:
        yield built


def text_of(dialect, scenario):
    (artifact,) = dialect.generate(build(PROFILE, SITE, (scenario,), filters=False))
    return artifact.text


def inspecting(stage, scenario, text):
    """The firewall's rules for a scenario, and a mitmproxy with this configuration."""
    proxied.arrange(stage, scenario)
    folder = stage.folder / f"mitmproxy-{scenario}"
    argv = mitmproxy.command(folder, text, stage.atlas.proxy.v4, PROXY_PORT)
    return proxied.proxy(stage, argv, "mitmproxy")


@pytest.fixture(scope="class")
def inspected(stage):
    """A stage with a mitmproxy that reads what we write."""
    with inspecting(stage, "turn-tcp-443", text_of(Mitmproxy(), "turn-tcp-443")):
        yield stage


@pytest.fixture(scope="class")
def tunnelled(stage):
    """A stage with a proxy that knows nothing but CONNECT."""
    argv = [sys.executable, connect_proxy.__file__, stage.atlas.proxy.v4, str(PROXY_PORT)]
    with proxied.proxy(stage, argv, "connect-proxy"):
        yield stage


class TestMitmproxy:
    def test_the_application_gets_the_vendors_certificate_and_its_websocket(self, inspected):
        assert look(inspected, APP) == Sight("200", ORIGIN, "404")
        assert upgrade(inspected, APP) == Sight("200", ORIGIN, "101")

    def test_others_are_inspected(self, inspected):
        address = inspected.atlas.vendor.v4
        for name in (LOOKALIKE, f"{APP}.evil.com", "goto.com"):
            assert look(inspected, address, sni=name).issuer == INSPECTOR, name
        # A client that connects to an address tells the name in TLS only.
        assert look(inspected, address, sni=APP).issuer == ORIGIN

    @pytest.mark.parametrize("client", proxied.CLIENTS)
    def test_calls_go_through(self, inspected, client):
        path, answer = proxied.call(inspected, client)
        assert path == answer.chosen == "tls-relay@proxy", answer.troubles


def test_mitmproxy_passes_media_on_tcp_3478(stage):
    with inspecting(stage, "turn-tcp-3478", text_of(Mitmproxy(), "turn-tcp-3478")):
        path, answer = proxied.call(stage)
    assert path == answer.chosen == "tcp-relay@proxy", answer.troubles


def test_without_our_lines_mitmproxy_opens_the_application(stage):
    with inspecting(stage, "turn-tcp-443", "ignore_hosts: []\n"):
        assert look(stage, APP).issuer == INSPECTOR


class TestPlainProxy:
    @pytest.mark.parametrize(
        ("scenario", "client"),
        [
            ("turn-tcp-443", "light client"),
            ("turn-tcp-3478", "light client"),
            ("turn-tcp-443", "Chromium"),
        ],
    )
    def test_calls_go_through(self, tunnelled, scenario, client):
        proxied.arrange(tunnelled, scenario)
        path, answer = proxied.call(tunnelled, client)
        assert path == answer.chosen == PATHS[scenario], answer.troubles

    def test_the_application_goes_past_it_with_our_list_and_nothing_else_does(self, tunnelled):
        proxied.arrange(tunnelled, "turn-tcp-443", Rules(nft=""))
        variables = [
            line for line in text_of(NoProxy(), "turn-tcp-443").splitlines() if line[0] != "#"
        ]
        seen = {name: through(tunnelled, name, variables) for name in (APP, LOOKALIKE)}
        assert seen == {APP: tunnelled.atlas.vendor.v4, LOOKALIKE: tunnelled.atlas.proxy.v4}
        assert through(tunnelled, APP, []) == tunnelled.atlas.proxy.v4


def through(stage, name, variables):
    """The address that curl connects to for a name, with these variables set."""
    proxy = f"http://{stage.atlas.proxy.v4}:{PROXY_PORT}"
    return on_client(
        stage,
        *("env", "-i", *variables, f"HTTPS_PROXY={proxy}"),
        *("curl", "-4", "-s", "-o", "/dev/null", "-w", "%{remote_ip}", "--max-time", "20"),
        *("--cacert", str(stage.trusted), f"https://{name}/"),
    )

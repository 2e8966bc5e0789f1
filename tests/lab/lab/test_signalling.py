"""The vendor's server signals by WebSocket, and a proxy that takes it away is seen."""

import pytest

from callgate.lab.arena import Rules
from callgate.lab.atlas import PROXY_PORT, Atlas
from callgate.lab.call import Order
from callgate.lab.calls import LightClient
from callgate.lab.cases import Case
from callgate.lab.signalling import LIGHT
from callgate.lab.squid import Mode
from callgate.lab.stage import Stage
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.programs import on_client
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find("goto"), Site())
OPEN = Rules(nft="")
INSPECTED = Case("turn-tcp-443", "", Mode.EXEMPT, "tls-relay@proxy", ("443",))
UPGRADE = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")


@pytest.fixture(scope="module")
def stage():
    require("ip", "nft", "conntrack", "turnserver", "squid", "curl")
    with Stage(ATLAS) as built:
        yield built


def status(stage, path, *headers, proxied=False):
    """The status that curl sees."""
    options = [option for header in headers for option in ("-H", header)]
    if proxied:
        options += ["-x", f"http://{ATLAS.proxy.v4}:{PROXY_PORT}"]
    said = on_client(
        stage,
        *("curl", "-s", "-o", "/dev/null", "-w", "%{response_code}", "--max-time", "3"),
        *("--http1.1", "--cacert", str(stage.trusted), *options),
        f"https://{ATLAS.vendor_name}{path}",
    )
    return int(said[:3])


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        (LIGHT, (*UPGRADE, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="), 101),
        (LIGHT, (), 426),
        ("/elsewhere", (), 404),
    ],
)
def test_curl_is_answered_as_rfc_6455_says(stage, path, headers, expected):
    stage.arrange(OPEN, Case("turn-udp", "", None, "none"))
    assert status(stage, path, *headers) == expected


@pytest.mark.parametrize(("websockets", "expected"), [(True, 101), (False, 426)])
def test_an_inspecting_proxy_lets_the_upgrade_pass_or_takes_it_away(stage, websockets, expected):
    stage.arrange(OPEN, INSPECTED, websockets=websockets)
    headers = (*UPGRADE, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
    assert status(stage, LIGHT, *headers, proxied=True) == expected


def test_a_call_without_websocket_fails_and_says_so(stage):
    stage.arrange(OPEN, INSPECTED, websockets=False)
    answer = LightClient().place(stage, Order(4, proxied=True), pytest.fail)
    assert answer.chosen is None
    assert "HTTP 426" in answer.troubles["tls-relay@proxy"]

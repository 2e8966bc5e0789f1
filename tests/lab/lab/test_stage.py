"""The lab comes and goes without a trace, and its servers do what others expect of them."""

import re
import time
from pathlib import Path

import pytest

from callgate.lab.arena import Rules
from callgate.lab.atlas import PROXY_PORT, Atlas
from callgate.lab.cases import Case
from callgate.lab.squid import Mode
from callgate.lab.stage import Stage
from callgate.lab.turnserver import PASSWORD, USER
from callgate.lab.world import topology
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.programs import on_client
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find("goto"), Site())
OPEN = Rules(nft="")


@pytest.fixture(autouse=True)
def _lab():
    require("ip", "nft", "conntrack", "turnserver", "squid", "dig", "openssl", "curl")


@pytest.fixture(scope="module")
def stage():
    with Stage(ATLAS) as built:
        yield built


def test_the_network_is_up_in_half_a_second():
    start = time.monotonic()
    with topology(ATLAS):
        assert time.monotonic() - start < 0.5


def test_the_seat_hides_the_machines_resolver_from_one_program_only(stage):
    own = Path("/etc/resolv.conf").read_text()
    assert "198.51.100.53" in on_client(stage, "cat", "/etc/resolv.conf")
    assert Path("/etc/resolv.conf").read_text() == own


@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
def test_dig_finds_the_profiles_names_and_no_others(stage, transport):
    stage.arrange(OPEN, Case("turn-udp", "", None, "none"))
    dig = ("dig", transport, "+tries=1", "+time=5")
    assert on_client(stage, *dig, "+short", "turn.goto-rtc.com").split() == [ATLAS.turn.v4]
    assert on_client(stage, *dig, "+short", "a.b.goto.com", "AAAA").split() == [ATLAS.vendor.v6]
    assert "NXDOMAIN" in on_client(stage, *dig, "example.net")
    assert "NXDOMAIN" in on_client(stage, *dig, "goto.com"), "the apex is not below itself"


def test_openssl_trusts_the_turn_servers_certificate(stage):
    stage.arrange(OPEN, Case("turn-udp", "", None, "none"))
    said = on_client(
        stage,
        *("openssl", "s_client", "-connect", f"{ATLAS.turn_name}:443", "-verify_return_error"),
        *("-CAfile", str(stage.trusted)),
        *("-verify_hostname", ATLAS.turn_name),
    )
    assert "Verify return code: 0 (ok)" in said


@pytest.mark.parametrize("options", [(), ("-t",), ("-t", "-S", "-p", "443")], ids=str)
def test_coturns_own_client_gets_data_through(stage, options):
    stage.arrange(OPEN, Case("turn-udp", "", None, "none"))
    said = on_client(
        stage,
        *("turnutils_uclient", *options, "-y", "-n", "5", "-m", "1", "-u", USER, "-w", PASSWORD),
        ATLAS.turn.v4,
    )
    # Over TLS it gives up before its last messages are back, so not all of them count.
    sent, received = map(int, re.findall(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)", said)[-1])
    assert received >= sent / 2 > 0, said


def presented(stage, host):
    """The certificate that a client sees through the proxy, as openssl prints it."""
    said = on_client(
        stage,
        *("openssl", "s_client", "-proxy", f"{ATLAS.proxy.v4}:{PROXY_PORT}"),
        *("-connect", f"{host}:443", "-servername", host, "-verify_return_error"),
        *("-CAfile", str(stage.trusted)),
    )
    assert "Verify return code: 0 (ok)" in said, said
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return said[said.index(begin) : said.index(end) + len(end)]


@pytest.mark.parametrize(
    ("mode", "opened"),
    [
        (Mode.PLAIN, set()),
        (Mode.SPLICE, set()),
        (Mode.EXEMPT, {"vendor"}),
        (Mode.BUMP, {"vendor", "turn"}),
    ],
)
def test_openssl_sees_which_names_the_proxy_opens(stage, mode, opened):
    stage.arrange(OPEN, Case("turn-udp", "", mode, "none", ("443",)))
    for label, host in (("vendor", ATLAS.vendor_name), ("turn", ATLAS.turn_name)):
        real = (stage.folder / f"{label}.pem").read_text().strip()
        assert (presented(stage, host) != real) == (label in opened), label


def test_curl_is_refused_a_port_that_the_proxy_does_not_tunnel(stage):
    stage.arrange(OPEN, Case("turn-udp", "", Mode.PLAIN, "none", ("443",)))
    said = on_client(
        stage,
        *("curl", "-sv", "--max-time", "10", "-x", f"http://{ATLAS.proxy.v4}:{PROXY_PORT}"),
        f"https://{ATLAS.vendor_name}:3478/",
    )
    assert "HTTP/1.1 403" in said

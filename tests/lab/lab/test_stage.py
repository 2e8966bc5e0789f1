"""The lab comes and goes without a trace, and its servers do what others expect of them."""

import os
import random
import re
import signal
import subprocess
import sys
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
from callgate.netns import clean
from callgate.netns.namespaces import NAMED
from callgate.netns.ownership import FILES, LOCKS
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.host import host_state
from tests.lab.programs import on_client
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find("goto"), Site())
OPEN = Rules(nft="")
HOLDER = """
from callgate.lab.stage import Stage
from tests.lab.lab.test_stage import ATLAS
import os, time
stage = Stage(ATLAS)
print(os.getpid(), flush=True)
with stage:
    print(stage["client"].name, flush=True)
    time.sleep(600)
"""


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


def traces():
    """Everything that a lab leaves while it lives; other labs may be running beside us."""
    processes = {
        path.parent.name
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"callgate-files" in _read(path)
    }
    kept = {str(each) for place in (LOCKS, FILES) if place.is_dir() for each in place.iterdir()}
    return kept | processes | {str(each) for each in NAMED.glob("callgate-*")}


def _read(path):
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_nothing_is_left_after_some_cycles():
    host, shared = host_state(), squids_memory()
    for _ in range(3):
        with Stage(ATLAS) as built:
            owner = built["client"].name.split("-")[1]
            built.arrange(OPEN, Case("turn-udp", "", Mode.BUMP, "none", ("443",)))
            assert any(owner in each for each in traces())
        assert not any(owner in each for each in traces())
    assert host_state() == host
    assert squids_memory() <= shared


def squids_memory():
    """Segments in the machine's shared memory; a Squid of the machine's own has some too."""
    return set(Path("/dev/shm").glob("squid*"))


@pytest.mark.parametrize("seed", range(3))
def test_a_lab_killed_at_any_moment_is_cleaned_away(seed):
    host = host_state()
    before = {path.name for path in LOCKS.iterdir()} if LOCKS.is_dir() else set()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path])},
    ) as process:
        process.stdout.readline()
        # Any moment between the first namespace and the last server.
        time.sleep(random.Random(seed).uniform(0, 0.5))
        process.send_signal(signal.SIGKILL)
    owners = {path.name for path in LOCKS.iterdir()} - before
    clean()
    alive = {path.name for path in LOCKS.iterdir()}
    assert not any(owner in each for owner in owners - alive for each in traces())
    assert host_state() == host


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

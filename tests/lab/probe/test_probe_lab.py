"""The probe in a real network: coturn, Squid, a real firewall, and a wire with delay."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from ipaddress import ip_address

import pytest

from callgate.lab.arena import Rules
from callgate.lab.atlas import Atlas
from callgate.lab.cases import Case
from callgate.lab.faults import find as fault
from callgate.lab.squid import Mode
from callgate.lab.stage import Stage
from callgate.netns.stepping import inside
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.probe.bench import Seat, outcomes, through_proxy
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find("goto"), Site())
OPEN = Rules(nft="")
ALL_PORTS = Case("turn-tcp-443", "proxy", Mode.PLAIN, "tls-relay@proxy", ("443", "3478"))
BUMPED = Case("turn-tcp-443", "inspection", Mode.BUMP, "none", ("443", "3478"))
#: Whole command: interpreter, imports, and a run that ends by itself.
WITHIN = 6.0


@pytest.fixture(scope="module")
def stage():
    require("ip", "nft", "conntrack", "turnserver", "squid", "unshare", "setpriv")
    with Stage(ATLAS) as built:
        yield built


@pytest.fixture
def seat(stage):
    stage.arrange(OPEN, ALL_PORTS)
    return Seat(stage)


def works(found):
    return {key for key, (outcome, _) in outcomes(found).items() if outcome == "works"}


def test_a_healthy_network_has_every_path(seat):
    found = seat.probe(*through_proxy(ATLAS))
    assert {outcome for outcome, _ in outcomes(found).values()} == {"works"}
    assert len(outcomes(found)) == 13
    assert found["diagnosis"]["now"] == "udp-direct"
    assert set(found["scenarios"].values()) == {"satisfied"}
    assert found["exit"] == 0
    assert found["seconds"] < 3


def test_without_credentials_a_401_proves_the_relays(seat):
    found = seat.probe(*through_proxy(ATLAS), credentials=False)
    told = outcomes(found)
    assert all(told[path, 4] == ("works", None) for path in ("udp-relay", "tcp-relay"))
    direct = next(each for each in found["paths"] if each["path"] == "udp-direct")
    assert direct["outcome"] == "not checked"
    assert "--turn-credentials" in direct["remedy"]
    codes = {e["fact"]["code"] for e in found["log"] if e["kind"] == "stun"}
    assert codes == {401}


def test_an_inspecting_squid_is_named_with_what_hangs_in_it(stage):
    stage.arrange(OPEN, BUMPED)
    text, _, code = Seat(stage).run(*through_proxy(ATLAS), "-o", "table")
    assert "Callgate inspection CA" in text
    found = Seat(stage).probe(*through_proxy(ATLAS))
    told = outcomes(found)
    assert told["tls-relay@proxy", None] == ("blocked", "tls interception")
    assert told["tcp-relay@proxy", None] == ("blocked", "tls interception")
    assert told["signalling@proxy", None] == ("degraded", "tls interception")
    offenders = {f["offender"] for p in found["paths"] for f in p["findings"] if f["offender"]}
    assert offenders == {"Callgate inspection CA"}
    hanging = next(p["summary"] for p in found["paths"] if p["path"] == "tls-relay@proxy")
    assert "TURN hangs in it" in hanging
    # Signalling works on a condition, so no scenario is simply satisfied.
    assert code == found["exit"] == 3


def test_the_firewall_that_rejects_is_named_by_its_address(stage, seat):
    with stage.broken(fault("udp-3478-reject")):
        found = seat.probe("--client", "10.0.0.0/8", "--network", "turn-networks=all")
    told = outcomes(found)
    assert told["udp-relay", 4] == told["udp-relay", 6] == ("blocked", "reject")
    finding = next(p for p in found["paths"] if p["path"] == "udp-relay")["findings"][0]
    assert ip_address(finding["offender"])
    assert finding["offender"] not in ATLAS.turn.both
    assert "admin-prohibited" in finding["summary"]


def test_the_rule_that_is_proposed_opens_the_path(stage, seat):
    with stage.broken(fault("udp-media-drop")):
        found = seat.probe(*(f"--client={each}" for each in ATLAS.client.hosts))
    assert found["diagnosis"]["now"] == "udp-relay"
    assert found["diagnosis"]["best"] == "udp-direct"
    change = found["diagnosis"]["change"]
    assert change["dialect"] == "nftables"
    rules = "\n".join(f"\t\t{line}" for line in change["lines"])
    # Answers pass first, as everywhere: the client's own port may be among those that are dropped.
    text = (
        "table inet filter {\n\tchain forward {\n"
        "\t\ttype filter hook forward priority filter; policy accept;\n"
        "\t\tct state established accept\n"
        f"{rules}\n\t\tudp dport 45000-49999 drop\n\t}}\n}}\n"
    )
    stage.arrange(Rules(nft=text), ALL_PORTS)
    assert seat.probe()["diagnosis"]["now"] == "udp-direct"
    stage.arrange(Rules(nft=text.replace(rules, "")), ALL_PORTS)
    assert seat.probe()["diagnosis"]["now"] == "udp-relay"


def test_a_black_hole_ends_in_time(stage):
    hole = Rules(
        nft="table inet filter {\n\tchain forward {\n"
        "\t\ttype filter hook forward priority filter; policy drop;\n\t}\n}\n"
    )
    stage.arrange(hole, ALL_PORTS)
    found = Seat(stage).probe(*through_proxy(ATLAS))
    assert found["seconds"] < WITHIN
    assert {outcome for outcome, _ in outcomes(found).values()} <= {"inconclusive", "not checked"}
    assert found["exit"] == 3


def test_nothing_is_blamed_on_a_machine_without_network(stage):
    """In a namespace of its own that has nothing but a loopback, which is down."""
    seat = Seat(stage)
    began = time.monotonic()
    done = subprocess.run(
        ["unshare", "-n", *seat.command("-o", "json", *through_proxy(ATLAS))],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SSL_CERT_FILE": str(stage.trusted)},
    )
    found = json.loads(done.stdout)
    assert found["seconds"] < WITHIN
    assert time.monotonic() - began < 4 * WITHIN
    assert done.returncode == 3
    assert {outcome for outcome, _ in outcomes(found).values()} <= {"inconclusive", "not checked"}
    assert any("no network" in each for each in found["diagnosis"]["sentences"])


class Capture:
    """Every IP packet that leaves the client: destination addresses and ports."""

    def __init__(self, namespace):
        with inside(namespace.path):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.ntohs(3))
        self.socket.setblocking(False)

    def destinations(self):
        found = set()
        while True:
            try:
                data, (_, protocol, kind, *_) = self.socket.recvfrom(65536)
            except BlockingIOError:
                return found
            if kind != socket.PACKET_OUTGOING:
                continue
            if protocol == 0x0800 and data[9] in {6, 17}:
                start = (data[0] & 15) * 4
                port = struct.unpack_from("!H", data, start + 2)[0]
                found.add((str(ip_address(data[16:20])), port))
            if protocol == 0x86DD and data[6] in {6, 17}:
                port = struct.unpack_from("!H", data, 42)[0]
                found.add((str(ip_address(data[24:40])), port))


def test_only_what_was_named_is_contacted(stage, seat):
    capture = Capture(stage["client"])
    found = seat.probe(*through_proxy(ATLAS))
    seen = capture.destinations()
    capture.socket.close()
    assert len(works(found)) == 13
    allowed = {(address, 53) for address in ATLAS.resolver.both}
    allowed |= {(address, port) for address in ATLAS.turn.both for port in (3478, 443)}
    allowed |= {(address, 443) for address in ATLAS.vendor.both}
    allowed.add((ATLAS.proxy.v4, 3128))
    others = seen - allowed
    # Direct UDP goes to our own relays, in the document's range.
    assert all(a in ATLAS.turn.both and 45000 <= p <= 49999 for a, p in others)
    assert seen & allowed == allowed


def test_the_direction_in_which_udp_is_lost_is_told(stage, seat):
    argv = [sys.executable, "-m", "callgate", "probe", "goto", "--family", "4", "--no-proxy"]
    argv += ["--endpoint", f"turn={ATLAS.turn.v4}:3478", "--quality", "-o", "json"]
    argv += ["--turn-credentials", str(seat.credentials)]
    with stage.broken(fault("udp-rate-limit")):
        text, errors, _ = seat.run_command(argv)
    assert text, errors
    found = json.loads(text)
    assert outcomes(found)["udp-relay", 4] == ("degraded", "rate limit")
    assert outcomes(found)["tcp-relay", 4] == ("works", None)
    lost = {each["direction"]: each["lost"] for each in found["directions"]}
    assert lost["up"] > 100
    assert lost["down"] == 0
    qualities = {each["path"]: each for each in found["quality"]}
    assert qualities["udp-relay"]["sent"] == 250
    assert qualities["tcp-relay"]["lost"] == 0


@pytest.mark.parametrize("output", ["table", "json", "html"])
def test_credentials_are_in_no_output_and_no_argument(stage, seat, output):
    secret = "u7-unguessable-pass"
    seat.credentials.write_text(f"somebody\n{secret}\n")
    argv = seat.command(*through_proxy(ATLAS), "-o", output)
    text, errors, _ = seat.run_command(argv)
    assert secret not in " ".join(argv)
    assert secret not in text + errors
    assert "tcp-relay" in text


def test_wrong_credentials_still_prove_the_relays(seat):
    seat.credentials.write_text("somebody\nwrong\n")
    found = seat.probe()
    assert outcomes(found)["udp-relay", 4] == ("works", None)
    assert outcomes(found)["udp-direct", 4][0] == "not checked"


def test_it_runs_without_any_right(stage, seat, readable_source):
    """As a user who owns nothing; also the senders of ICMP errors are then named."""
    script = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv[0] = 'callgate'\n"
        "from callgate.__main__ import main; sys.exit(main())"
    )
    rights = "--reuid=65534 --regid=65534 --clear-groups --inh-caps=-all"
    servers = f"--endpoint turn={ATLAS.turn.v4}:3478 --endpoint signalling={ATLAS.vendor.v4}:443"
    argv = ["setpriv", *rights.split(), sys.executable, "-c", script, str(readable_source)]
    argv += ["probe", "goto", *servers.split(), "--no-proxy", "-o", "json"]
    with stage.broken(fault("udp-3478-reject")):
        text, errors, code = seat.run_command(argv)
    assert text, errors
    found = json.loads(text)
    assert outcomes(found)["udp-relay", 4] == ("blocked", "reject")
    finding = next(p for p in found["paths"] if p["path"] == "udp-relay")["findings"][0]
    assert finding["offender"]
    assert code in {1, 3}


def test_ctrl_c(stage, seat):
    hole = Rules(
        nft="table inet filter {\n\tchain forward {\n"
        "\t\ttype filter hook forward priority filter; policy drop;\n\t}\n}\n"
    )
    stage.arrange(hole, ALL_PORTS)
    with inside(stage["client"].path):
        process = subprocess.Popen(
            seat.command("--resolver", ATLAS.resolver.v4),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    capture = Capture(stage["client"])
    try:
        while not capture.destinations():  # the run has begun
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    finally:
        process.kill()
        capture.socket.close()
    assert process.returncode == 130
    assert b"Traceback" not in errors

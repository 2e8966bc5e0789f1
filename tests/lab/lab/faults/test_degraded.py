"""What degrades a path is measured, by kernel counters and by programs that are not ours."""

import re
import time

import pytest

from callgate.lab.atlas import Atlas
from callgate.lab.faults import Path, Step, find, names
from callgate.lab.programs import Program
from callgate.lab.turnserver import PASSWORD, USER
from callgate.policy.site import Site
from callgate.profiles.loader import find as find_profile
from callgate.verdicts import Outcome
from tests.lab.lab.faults.witness import ANSWERED, job

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find_profile("goto"), Site())
#: Those below; a new fault of this kind needs a measurement of its own.
MEASURED = {
    "udp-rate-limit",
    "udp-short-timeout",
    "mtu-black-hole",
    "link-lossy",
    "link-thin",
    "tcp-443-syn-limit",
    "tcp-3478-syn-limit",
}

#: Three reports after something was sent: answers had two seconds.
SENT = "(?s)(tot_send_msgs=[1-9].*){3}"


def test_every_fault_that_only_media_shows_is_measured_here():
    subtle = {
        name
        for name in names()
        for truth in find(name).truths.values()
        if truth.step is Step.MEDIA
        or (truth.step is Step.REACH and truth.outcome is Outcome.DEGRADED)
    }
    assert subtle == MEASURED


def said(witness, *argv, until=None, within=ANSWERED):
    found, _ = witness.run({"it": job(*argv, until=until, within=within)})
    return found["it"]["text"]


def media(witness, *options, until=None, within=ANSWERED):
    """How many messages coturn's client has sent to itself by the relay, and received."""
    client = ("turnutils_uclient", "-v", "-y", "-c", "-m", "1", "-u", USER, "-w", PASSWORD)
    text = said(witness, *client, *options, ATLAS.turn.v4, until=until, within=within)
    return tuple(map(int, re.findall(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)", text)[-1]))


def dropped(stage, node="firewall"):
    """Packets that rules of faults have counted."""
    text = stage[node].run("nft", "list", "table", "inet", "callgate_fault")
    return sum(map(int, re.findall(r"counter packets (\d+)", text)))


def test_a_rate_limit_loses_most_of_the_media(witness):
    burst = ("-n", "100", "-z", "10")
    assert media(witness, *burst, until="recv_msgs=(9.|100),") >= (90, 90)
    with witness.stage.broken(find("udp-rate-limit")):
        sent, received = media(witness, *burst, until=SENT)
        assert received < sent / 2
        assert dropped(witness.stage) > 30


def test_one_way_means_that_packets_arrive_and_are_answered(witness):
    with witness.stage.broken(find("udp-one-way")):
        found, _ = witness.run({"it": witness.trial(Path.UDP_RELAY, 4, 1.0)})
        assert not found["it"]["matched"]
        # Each is an answer: the request has reached the server.
        assert dropped(witness.stage) > 0


@pytest.mark.slow
def test_a_short_timeout_loses_an_answer_that_comes_after_a_pause(witness):
    stage, port = witness.stage, 46000
    late = f"UDP4-RECVFROM:{port},bind={ATLAS.vendor.v4},fork"
    server = Program(
        stage["vendor"], ["socat", "-t5", late, "SYSTEM:sleep 2; echo late"], stage.log("late")
    )
    try:
        ask = ("socat", "-T", "4", "SYSTEM:echo hello; cat >&2", f"UDP4:{ATLAS.vendor.v4}:{port}")
        assert "late" in said(witness, *ask, until="late", within=4)
        with stage.broken(find("udp-short-timeout")):
            assert "late" not in said(witness, *ask, until="late", within=4)
    finally:
        server.end()


@pytest.mark.parametrize(
    "stream", [(), pytest.param(("-t",), marks=pytest.mark.slow)], ids=["udp", "tcp"]
)
def test_large_packets_vanish_and_small_ones_pass(witness, stream):
    few = ("-n", "5", "-l")
    with witness.stage.broken(find("mtu-black-hole")):
        small = media(witness, *stream, *few, "100", until="recv_msgs=[1-9]")
        assert small[1] > 0
        sent, received = media(witness, *stream, *few, "900", until=SENT)
        assert sent > received == 0
        _, packets = witness.run({"it": job("ping", "-c1", "-W1", "-s1000", ATLAS.turn.v4)})
        assert "need to frag" not in packets
        assert " 0% packet loss" in said(witness, "ping", "-c1", "-s300", ATLAS.turn.v4)


def test_a_lossy_link_loses_a_tenth_either_way(witness):
    ping = ("ping", "-q", "-c400", "-i0.002", ATLAS.turn.v4)
    loss = r"([\d.]+)% packet loss"
    assert float(re.search(loss, said(witness, *ping))[1]) == 0
    with witness.stage.broken(find("link-lossy")):
        # 19 % there and back; five standard deviations are 10 %.
        assert 9 < float(re.search(loss, said(witness, *ping))[1]) < 29


@pytest.mark.slow
def test_a_thin_link_delays_what_is_more_than_it_carries(witness):
    # 1428 bytes every 20 ms are 571 kbit/s.
    ping = ("ping", "-q", "-c40", "-i0.02", "-s1400", ATLAS.turn.v4)
    slowest = r"min/avg/max/mdev = [\d.]+/[\d.]+/([\d.]+)/"
    with witness.stage.broken(find("link-thin")):
        assert float(re.search(slowest, said(witness, *ping))[1]) > 200
    assert float(re.search(slowest, said(witness, *ping))[1]) < 200


@pytest.mark.parametrize(
    ("name", "path"),
    [("tcp-443-syn-limit", Path.TLS_RELAY), ("tcp-3478-syn-limit", Path.TCP_RELAY)],
)
def test_a_limit_of_new_connections_lets_all_through_in_the_end(witness, name, path):
    with witness.stage.broken(find(name)):
        jobs = {str(number): witness.trial(path, 4, ANSWERED) for number in range(3)}
        found, _ = witness.run(jobs)
        assert all(each["matched"] for each in found.values())
        # TCP sends a lost SYN again after a second.
        assert sum(each["seconds"] > 0.9 for each in found.values()) >= 1
        assert dropped(witness.stage) > 0


def ports(stage):
    """Ports of the client's UDP, before and behind the NAT."""
    listing = stage["firewall"].run("conntrack", "-L", "-p", "udp", "-s", ATLAS.client.v4)
    return re.findall(r"sport=(\d+) dport=(?:3478|47000) .*dport=(\d+)", listing)


def test_a_symmetric_nat_takes_another_port(witness):
    trials = {path.value: witness.trial(path, 4, ANSWERED) for path in (Path.UDP_DIRECT,)}
    witness.run(trials)
    assert all(before == behind for before, behind in ports(witness.stage))
    with witness.stage.broken(find("nat-symmetric")):
        witness.run(trials)
        found = ports(witness.stage)
        assert found
        assert all(before != behind for before, behind in found)


def test_ping_is_dropped_and_nothing_else(witness):
    ping = ("ping", "-c2", "-i0.2", "-W1", ATLAS.turn.v4)
    assert " 0% packet loss" in said(witness, *ping)
    begun = time.monotonic()
    with witness.stage.broken(find("ping-drop")):
        assert "100% packet loss" in said(witness, *ping)
    assert time.monotonic() - begun < ANSWERED

import pytest

from callgate.lab import browser_report
from callgate.lab.delays import Delays

TURN = "turn.goto-rtc.com."


def relay(protocol):
    return {"candidateType": "relay", "protocol": "udp", "relayProtocol": protocol}


@pytest.mark.parametrize("kind", ["host", "srflx", "prflx"])
def test_a_direct_path_may_be_told_by_any_of_three_candidates(kind):
    candidate = {"candidateType": kind, "protocol": "udp"}
    assert browser_report.path_of(candidate, proxied=True) == "udp-direct"


@pytest.mark.parametrize(
    ("protocol", "proxied", "path"),
    [
        ("udp", False, "udp-relay"),
        ("udp", True, "udp-relay"),
        ("tcp", False, "tcp-relay"),
        ("tcp", True, "tcp-relay@proxy"),
        ("tls", True, "tls-relay@proxy"),
    ],
)
def test_a_relayed_path_is_told_by_the_way_to_the_relay(protocol, proxied, path):
    assert browser_report.path_of(relay(protocol), proxied=proxied) == path


def test_no_call_has_no_path_and_an_unknown_one_keeps_its_name():
    assert browser_report.path_of(None, proxied=False) is None
    candidate = {"candidateType": "host", "protocol": "tcp"}
    assert browser_report.path_of(candidate, proxied=True) == "tcp-direct"


def error(scheme, port, protocol, code=701, text="timed out"):
    return {"url": f"{scheme}:{TURN}:{port}?transport={protocol}", "code": code, "text": text}


def test_troubles_are_those_of_better_ways_only():
    report = {
        "errors": [
            error("turn", 3478, "udp"),
            error("turn", 3478, "udp"),
            error("turn", 3478, "tcp", text="refused"),
            error("turns", 443, "tcp"),
        ]
    }
    assert browser_report.troubles(report, "tls-relay", proxied=False) == {
        "udp-direct": "no pair of candidates worked",
        "udp-relay": "TURN: 701 timed out",
        "tcp-relay": "TURN: 701 refused",
    }


def test_without_a_call_every_way_has_its_trouble():
    report = {"errors": [error("turn", 3478, "tcp")], "step": "media", "error": "failed"}
    found = browser_report.troubles(report, None, proxied=True)
    assert found == {
        "udp-direct": "media: failed",
        "udp-relay": "media: failed",
        "tcp-relay@proxy": "TURN: 701 timed out",
        "tls-relay@proxy": "media: failed",
    }


def inbound(**values):
    counters = ("packetsLost", "packetsReceived", "concealedSamples", "totalSamplesReceived")
    return dict.fromkeys(counters, 0) | {"jitter": 0.0} | values


def test_counters_count_from_the_start_of_the_measurement():
    found = browser_report.quality(
        {
            "echoes": [
                {"sent": 1000.0, "turned": 1004.0, "received": 1010.0},
                {"sent": 1020.0, "turned": 1025.0, "received": 1040.0},
            ],
            "before": inbound(packetsLost=7, packetsReceived=50, concealedSamples=900),
            "after": inbound(
                packetsLost=12,
                packetsReceived=145,
                concealedSamples=1380,
                totalSamplesReceived=96000,
                jitter=0.003,
            ),
        }
    )
    assert found is not None
    assert (found.rtt_ms, found.jitter_ms, found.loss, found.concealment) == (
        15.0,
        3.0,
        0.05,
        0.005,
    )
    assert found.up == Delays(4.0, 5.0, 5.0)
    assert found.down == Delays(6.0, 15.0, 15.0)


def test_audio_that_never_came_is_all_lost():
    same = inbound(packetsReceived=9)
    echo = {"sent": 0.0, "turned": 1.0, "received": 2.0}
    found = browser_report.quality({"echoes": [echo], "before": same, "after": same})
    assert found is not None
    assert (found.loss, found.concealment) == (1.0, 1.0)


def test_no_probe_back_is_no_measurement():
    same = inbound()
    assert browser_report.quality({"echoes": [], "before": same, "after": same}) is None

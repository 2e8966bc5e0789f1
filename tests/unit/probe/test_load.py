"""A link is thin when neither UDP nor TCP carries a picture, and not when it is lossy."""

import pytest

from callgate.probe.events import Echoes, Event, Load
from callgate.probe.load import IN_TIME
from tests.support.probing import Network, plan_for

COUNT = 250
GOOD = (20.0,) * COUNT
#: What a queue of 400 ms at 200 kbit/s does with 546 kbit/s: all wait, and most are lost.
FULL = tuple(min(20.0 + number * 14, 420.0) if number % 3 == 0 else None for number in range(COUNT))
#: By a stream nothing is lost, and each waits for all before it.
STRETCHED = tuple(20.0 + number * 14 for number in range(COUNT))
#: One in five is lost at random, there and back at 10 % each way.
LOSSY = tuple(None if number % 5 == 0 else 20.0 for number in range(COUNT))
FAR = tuple(700.0 + number % 3 for number in range(COUNT))
NOTHING = (None,) * COUNT
THIN = ("degraded", "link")
WORKS = ("works", "")


def loaded(**streams):
    network = Network(plan_for(proxied=True))
    for name, round_trips in streams.items():
        path = name.replace("_", "-")
        probe = next(each for each in network.plan.probes if each.path == path)
        network.log.append(Event(9.0, probe.id, 0, Load(500, round_trips)))
    return network


@pytest.mark.parametrize(
    ("by_udp", "by_tcp", "expected"),
    [
        (GOOD, GOOD, WORKS),
        (FULL, STRETCHED, THIN),
        (NOTHING, STRETCHED, THIN),
        (FULL, GOOD, WORKS),
        (GOOD, STRETCHED, WORKS),
        (LOSSY, STRETCHED, WORKS),
        (FAR, FAR, WORKS),
    ],
)
def test_both_have_to_be_late(by_udp, by_tcp, expected):
    network = loaded(udp_relay=by_udp, tcp_relay=by_tcp)
    for path in ("udp-relay", "tcp-relay", "tls-relay", "signalling", "tcp-relay@proxy"):
        assert network.outcome(path) == expected, path


@pytest.mark.parametrize("stream", [{"udp_relay": FULL}, {"tcp_relay": STRETCHED}])
def test_one_stream_alone_proves_nothing(stream):
    assert loaded(**stream).outcome("udp-relay") == WORKS


def test_half_of_them_in_time_is_enough():
    late = 20.0 + IN_TIME + 1
    halves = (20.0,) * (COUNT // 2) + (late,) * (COUNT // 2)
    assert loaded(udp_relay=halves, tcp_relay=STRETCHED).outcome("udp-relay") == WORKS
    fewer = (20.0,) * (COUNT // 2 - 1) + (late,) * (COUNT // 2 + 1)
    network = loaded(udp_relay=fewer, tcp_relay=STRETCHED)
    assert network.outcome("udp-relay") == THIN
    evidence = network.results()["udp-relay"].best.evidence
    assert any("of 500 kbit/s only 50% come in time" in each for each in evidence)


def test_what_a_voice_shows_comes_first():
    network = loaded(udp_relay=FULL, tcp_relay=STRETCHED)
    probe = next(each for each in network.plan.probes if each.path == "udp-relay")
    network.log.append(Event(8.0, probe.id, 0, Echoes("back", 50.0, LOSSY)))
    assert "20% of the packets are lost" in network.results()["udp-relay"].summary

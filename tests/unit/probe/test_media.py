"""What a stream of packets is said to have met, and whom that convicts."""

import pytest

from callgate.probe.events import Echoes, Event, Idle, OneWay
from callgate.probe.media import directions, qualities, spoilt
from callgate.verdicts import Cause
from tests.support.probing import Network, plan_for

GOOD = tuple(20.0 + number % 3 for number in range(250))
LOSSY = tuple(None if number % 5 == 0 else 20.0 for number in range(250))
LATE = tuple(20.0 if number % 4 else 400.0 for number in range(250))
FAR = (700.0,) * 250


def measured(**streams):
    """A network with these round trips by path (``udp_relay``)."""
    network = Network(plan_for())
    for name, round_trips in streams.items():
        path = name.replace("_", "-")
        probe = next(each for each in network.plan.probes if each.path == path)
        network.log.append(Event(9.0, probe.id, 0, Echoes("back", 50.0, round_trips)))
    return network


def quality(round_trips):
    network = measured(udp_relay=round_trips)
    (found,) = qualities(network.plan, tuple(network.log))
    return found


def test_a_good_stream():
    found = quality(GOOD)
    assert found.poor == ""
    assert found.stream.p50 == 21.0
    assert found.lost.count == 0
    assert found.ear == pytest.approx(10.5 + 20 + 20, abs=1.0)
    assert all(rating.mos > 4.2 for rating in found.ratings)


@pytest.mark.parametrize(
    ("round_trips", "words"),
    [
        (LOSSY, "20% of the packets are lost"),
        (LATE, "unevenly"),
        (FAR, "takes 700 ms"),
        ((None,) * 250, "nothing came back"),
    ],
)
def test_a_poor_stream_is_told_why(round_trips, words):
    assert words in quality(round_trips).poor


def test_worse_streams_get_no_better_scores():
    scores = [[r.mos for r in quality(s).ratings] for s in (GOOD, LOSSY, FAR)]
    for model in (0, 1):
        assert scores[0][model] > scores[1][model]
        assert scores[0][model] > scores[2][model]


@pytest.mark.parametrize(
    ("streams", "path", "expected"),
    [
        ({"udp_relay": LOSSY, "tcp_relay": GOOD}, "udp-relay", ("degraded", "rate limit")),
        ({"udp_relay": LOSSY, "tcp_relay": LATE}, "udp-relay", ("degraded", "link")),
        ({"udp_relay": LOSSY, "tcp_relay": LATE}, "tcp-relay", ("degraded", "link")),
        ({"udp_relay": LOSSY}, "udp-relay", ("degraded", "link")),
        ({"udp_relay": GOOD, "tcp_relay": LATE}, "udp-relay", ("works", "")),
        ({"udp_relay": LOSSY}, "tls-relay", ("works", "")),
    ],
)
def test_udp_alone_is_rationed_and_everything_is_the_link(streams, path, expected):
    assert measured(**streams).outcome(path) == expected


def test_a_poor_link_is_poor_for_those_that_were_not_measured_too():
    network = measured(udp_relay=LOSSY, tcp_relay=LATE, tls_relay=GOOD)
    assert network.outcome("signalling") == ("degraded", "link")
    assert network.outcome("tls-relay") == ("degraded", "link")
    summary = network.results()["tls-relay"].summary
    assert "poor for all: udp-relay: 20% of the packets are lost" in summary


def test_one_stream_alone_convicts_nobody_but_the_link():
    found = quality(LOSSY)
    assert spoilt(found, (found,))[0] is Cause.LINK


@pytest.mark.parametrize(
    ("alive", "expected"), [(True, ("works", "")), (False, ("degraded", "nat"))]
)
def test_a_nat_that_forgets_spoils_udp(alive, expected):
    network = measured()
    probe = next(each for each in network.plan.probes if each.path == "udp-relay")
    network.log.append(Event(9.0, probe.id, 0, Idle(3.0, alive)))
    assert network.outcome("udp-relay") == expected
    assert network.outcome("tcp-relay") == ("works", "")


def test_paths_are_told_in_the_order_of_the_ladder():
    network = measured(tls_relay=GOOD, udp_relay=GOOD, tcp_relay=GOOD)
    found = qualities(network.plan, tuple(network.log))
    assert [each.path for each in found] == ["udp-relay", "tcp-relay", "tls-relay"]


def test_directions_are_shares():
    log = (Event(1.0, "x", 0, OneWay("up", 250, 200)), Event(2.0, "x", 0, OneWay("down", 250, 250)))
    up, down = directions(log)
    assert (up.direction, up.lost.count) == ("up", 50)
    assert down.lost.share == 0.0
    assert down.lost.interval()[1] == pytest.approx(0.015, abs=0.001)

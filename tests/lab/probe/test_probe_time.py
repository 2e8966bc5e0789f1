"""How long a run takes: in round trips on a healthy network, in seconds on a black hole."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from callgate.lab.arena import Rules
from callgate.lab.atlas import Atlas
from callgate.lab.cases import Case
from callgate.lab.squid import Mode
from callgate.lab.stage import Stage
from callgate.netns.impaired_topology import impaired
from callgate.netns.impairment import Impairment, LinkImpairment
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.probe.bench import Seat, outcomes, through_proxy
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find("goto"), Site())
ALL_PORTS = Case("turn-tcp-443", "proxy", Mode.PLAIN, "tls-relay@proxy", ("443", "3478"))
_MILLI = 1_000_000
#: Tries until the machine is quiet enough to be measured: other work must not fail a test.
TRIES = 6


@contextmanager
def distant(round_trip, loss=0.0, seed=1):
    """A lab whose Internet is so many milliseconds away."""
    require("ip", "nft", "conntrack", "turnserver", "squid")
    if not Path("/dev/net/tun").exists():
        pytest.skip("no TUN device")
    one_way = Impairment(delay=round_trip * _MILLI // 2, loss=loss, seed=seed)
    with Stage(ATLAS) as stage:
        stage.arrange(Rules(nft=""), ALL_PORTS)
        ends = (stage["firewall"], "eth1"), (stage["isp"], "eth0")
        with impaired(*ends, LinkImpairment(one_way, one_way)):
            yield Seat(stage)


@pytest.mark.parametrize("round_trip", [20, 200])
def test_a_healthy_network_takes_few_round_trips(round_trip):
    """5.5 round trips (name, TCP, TLS 1.2, request, and half of one) and 150 ms."""
    allowed = 5.5 * round_trip / 1000 + 0.15
    with distant(round_trip) as seat:
        times = []
        for _ in range(TRIES):
            found = seat.probe(*through_proxy(ATLAS), credentials=False)
            works = [key for key, (outcome, _) in outcomes(found).items() if outcome == "works"]
            assert len(works) >= 9
            times.append(found["seconds"])
            if times[-1] < allowed:
                break
        assert min(times) < allowed, times


@pytest.mark.parametrize("count", [12, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.timeout(7200)
def test_loss_blocks_nothing(count):
    """At 10 % each way no path is called blocked; `make loss` does it a thousand times."""
    with distant(40, loss=10.0) as seat:
        found = seat.repeat(count, *through_proxy(ATLAS), credentials=False, within=7000.0)
    assert len(found) == count
    blocked = [
        (number, key, value)
        for number, each in enumerate(found)
        for key, value in outcomes(each).items()
        if value[0] == "blocked"
    ]
    assert blocked == []
    assert max(each["seconds"] for each in found) < 6

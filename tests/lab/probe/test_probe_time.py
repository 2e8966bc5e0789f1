"""How long a run takes: in round trips on a healthy network, in seconds on a black hole."""

from pathlib import Path

import pytest

from tests.lab.probe.bench import outcomes, through_proxy
from tests.lab.probe.campaign import ATLAS, TOOLS, distant, lossy
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

#: Tries until the machine is quiet enough to be measured: other work must not fail a test.
TRIES = 6


@pytest.fixture(autouse=True)
def machine():
    require(*TOOLS)
    if not Path("/dev/net/tun").exists():
        pytest.skip("no TUN device")


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


@pytest.mark.parametrize("count", [20, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.timeout(7200)
def test_loss_blocks_nothing(count):
    """At 10 % each way no path is called blocked; `make loss` does it a thousand times."""
    with distant(40, loss=10.0) as seat:
        found = lossy(seat, count)
    assert len(found) == count
    said = [(number, *each) for number, run in enumerate(found) for each in run.said.items()]
    assert [each for each in said if each[2][0] == "blocked"] == []
    assert max(run.seconds for run in found) < 6

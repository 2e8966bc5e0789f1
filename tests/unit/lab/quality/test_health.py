import os
from dataclasses import replace

import pytest

from callgate.lab.quality.health import Waiting, waiting
from tests.support.quality import WELL


def test_a_quiet_machine_spoils_nothing():
    assert WELL.faults() == []
    assert replace(WELL, waited=None, link_late=0.02, sender_late=0.02).faults() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"missed": 2}, "the link could not take 2 packets"),
        ({"refused": 1}, "the link could not take 1 packets"),
        ({"link_late": 0.026}, "the link was late with 2.6% of the packets"),
        ({"sender_late": 0.03}, "the client was late with 3.0% of the packets"),
        ({"waited": 1.4}, "the relay waited 1.4 ms for a processor each time"),
    ],
)
def test_a_busy_machine_is_named(changes, said):
    assert replace(WELL, **changes).faults() == [said]


def test_the_kernel_tells_how_long_a_program_waited():
    before = waiting([os.getpid()])
    assert before is not None
    assert before.times > 0
    assert waiting([os.getpid()]).time >= before.time
    assert waiting([2**22 + 1]) is None


def test_waiting_is_the_mean_of_each_time():
    assert Waiting(9_000_000, 5).since(Waiting(3_000_000, 2)) == 2.0
    assert Waiting(3, 2).since(Waiting(3, 2)) == 0.0

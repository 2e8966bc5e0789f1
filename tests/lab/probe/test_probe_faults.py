"""The probe against the lab's faults: culprit and path, fault by fault.

A slice runs by default, one fault for each kind of evidence; ``make faults`` runs them all
three times, and pairs.
"""

import pytest

from callgate.lab.faults import Combination, find, names
from callgate.lab.stage import Stage
from tests.lab.probe.campaign import ATLAS, judge, pairs
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

SLICE = (
    "dns-refused", "tcp-443-host-unreachable", "udp-3478-drop", "dpi-stun-tcp-reset",
    "tls-intercepted", "mtu-black-hole", "proxy-refuses-3478", "proxy-strips-websocket",
    "proxy-upstream-reset", "turn-refuses", "vendor-certificate-chain", "clock-behind",
)  # fmt: skip


@pytest.fixture(scope="module")
def stage():
    require("ip", "nft", "conntrack", "turnserver", "squid")
    with Stage(ATLAS) as built:
        yield built


def mistakes(stage, combinations):
    """What is said wrongly, and how many answers there were."""
    judged = [row for _, _, rows in judge(stage, combinations) for row in rows]
    tried = [each for each in judged if not each.untried]
    return [each for each in tried if not each.right], tried


@pytest.mark.parametrize("name", SLICE)
def test_a_fault_is_told_by_its_culprit(stage, name):
    wrong, tried = mistakes(stage, [Combination((find(name),))])
    assert wrong == []
    assert len(tried) >= 8


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_every_fault_three_times(stage):
    wrong, tried = mistakes(stage, [Combination((find(each),)) for each in names()] * 3)
    soft = [each for each in tried if not each.hard]
    assert [each for each in wrong if each.hard] == []
    assert sum(not each.right for each in soft) <= 0.05 * len(soft)
    assert len(wrong) <= 0.03 * len(tried)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_pairs_three_times(stage):
    wrong, tried = mistakes(stage, pairs(30) * 3)
    assert len(wrong) <= 0.03 * len(tried)

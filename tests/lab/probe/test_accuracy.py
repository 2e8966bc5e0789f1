"""The probe tells what is true under faults of each kind; `make campaign` tries every one."""

import pytest

from tests.lab.probe.campaign import PAIRS, TOOLS, campaigning, pairs, singles, trial
from tests.lab.requirements import require
from tests.support.accuracy import call_right, rows

pytestmark = pytest.mark.lab

#: Two at once: hard evidence, a port dropped before a dead server, a ration beside a dead
#: family, a portal behind a rejected resolver.
PAIRED = [
    ("vendor-certificate-name", "tcp-3478-reset"),
    ("tcp-443-drop", "vendor-refuses"),
    ("tcp-3478-syn-limit", "ipv6-drop"),
    ("dns-reject", "captive-portal"),
]
#: Hard evidence at every step, silence at the firewall and at the server, and two at once.
FEW = [
    (),
    ("dns-refused",),
    ("tcp-443-host-unreachable",),
    ("udp-3478-reject",),
    ("udp-3478-drop",),
    ("dpi-stun-tcp-reset",),
    ("tls-intercepted",),
    ("proxy-authentication",),
    ("proxy-refuses-3478",),
    ("proxy-strips-websocket",),
    ("proxy-upstream-reset",),
    ("turn-refuses",),
    ("turn-silent",),
    ("vendor-certificate-chain",),
    ("clock-behind",),
    *PAIRED,
]


@pytest.fixture(scope="module")
def seat():
    require(*TOOLS)
    with campaigning() as found:
        yield found


@pytest.mark.parametrize("faults", FEW, ids=lambda it: "+".join(it) or "healthy")
def test_what_is_said_is_true(seat, faults):
    (run, account), *_ = trial(seat, faults, 1)
    assert [str(row) for row in rows(run) if not row.right] == [], account["paths"]
    assert call_right(run)


def test_the_full_run_tries_everything_with_enough_pairs():
    assert set(FEW) < {*singles(), *PAIRED}
    assert len(set(pairs())) == PAIRS >= 30
    assert pairs() == pairs()
    for pair in pairs():
        assert pair[0] != pair[1]

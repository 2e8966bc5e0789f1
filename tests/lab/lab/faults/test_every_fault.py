"""Each fault does what its ground truth says, by clients that are not ours."""

import pytest

from callgate.lab.atlas import Atlas
from callgate.lab.faults import Combination, Path, combine, find, names
from callgate.policy.site import Site
from callgate.profiles.loader import find as find_profile
from tests.lab.lab.faults.disagreements import disagreements
from tests.lab.lab.faults.witness import SILENT

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find_profile("goto"), Site())


def test_a_healthy_network_works_as_fast_as_silence_is_told(witness):
    jobs = {path.value: witness.trial(path, 4, SILENT) for path in Path}
    rounds = [witness.run(jobs)[0] for _ in range(3)]
    for path in Path:
        assert any(each[path.value]["matched"] for each in rounds), path


@pytest.mark.parametrize("family", [4, 6])
def test_a_healthy_network_has_no_faults(witness, family):
    assert disagreements(witness, Combination(), family) == []


@pytest.mark.parametrize("name", names())
def test_a_fault_does_what_its_truth_says(witness, name):
    with witness.stage.broken(find(name)) as truth:
        assert disagreements(witness, truth) == []


@pytest.mark.parametrize("name", ["ipv6-drop", "ipv6-no-route", "udp-reject", "tcp-3478-drop"])
def test_a_fault_does_so_over_ipv6(witness, name):
    with witness.stage.broken(find(name)) as truth:
        assert disagreements(witness, truth, 6) == []


@pytest.mark.parametrize("name", ["udp-drop", "proxy-denies-turn", "tls-intercepted"])
def test_a_wrong_truth_would_be_seen(witness, name):
    """The witness is no yes-man: without the fault, it contradicts."""
    assert disagreements(witness, combine(name)) != []
    with witness.stage.broken(find(name)):
        assert disagreements(witness, Combination(), answered=2) != []

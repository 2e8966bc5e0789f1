"""A call under a fault goes the way that the truth leaves it; ``slow`` tries every fault."""

import pytest

from callgate.lab.atlas import Atlas
from callgate.lab.calls import LightClient, place
from callgate.lab.campaign import example_site
from callgate.lab.cases import cases
from callgate.lab.expectation import tried, under
from callgate.lab.faults import find, names
from callgate.lab.judgement import Plan
from callgate.lab.stage import Stage
from callgate.policy.site import Site
from callgate.profiles.loader import find as find_profile
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

PROFILE = find_profile("goto")
PLAN = Plan(PROFILE, example_site(PROFILE, Site()), "nftables")
#: One fault that leaves a worse path, one that leaves none, one that loses every fifth answer.
SLICE = ("udp-3478-drop", "tls-intercepted-untrusted", "link-lossy")


@pytest.fixture(scope="module")
def stage():
    require("ip", "nft", "tc", "conntrack", "turnserver", "squid")
    with Stage(Atlas.of(PROFILE, PLAN.site)) as built:
        yield built


def disagreements(stage, name, scenarios):
    found = []
    with stage.broken(find(name)) as truth:
        for healthy in tried(cases(PROFILE, scenarios)):
            case = under(PROFILE.scenario(healthy.scenario), healthy, truth, 4)
            call = place(stage, case, PLAN.rules(case), 4, LightClient())
            if not call.holds:
                found.append(f"{case.scenario}, {case.title}: {call.path}, {call.answer}")
    return found


@pytest.mark.parametrize("name", SLICE)
def test_a_call_takes_the_best_path_that_is_left(stage, name):
    assert disagreements(stage, name, ["turn-udp"]) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", names())
def test_a_call_takes_the_best_path_that_any_fault_leaves(stage, name):
    assert disagreements(stage, name, ["unrestricted", "turn-udp", "turn-tcp-443"]) == []

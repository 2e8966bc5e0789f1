"""What the light client and the media server do while a call is set up and begins."""

import pytest

from callgate.lab.call import Order
from callgate.lab.calls import LightClient
from callgate.lab.campaign import example_site
from callgate.lab.cases import cases
from callgate.lab.judgement import Plan
from callgate.lab.stage import Stage
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

PROFILE = find("goto")
PLAN = Plan(PROFILE, example_site(PROFILE, Site()), "nftables")


@pytest.fixture(scope="module")
def stage():
    require("ip", "nft", "conntrack", "turnserver", "squid", "ss")
    with Stage(PLAN.atlas) as built:
        yield built


def arranged(stage, scenario):
    """The network of a scenario without a proxy."""
    (case,) = (each for each in cases(PROFILE, [scenario]) if each.proxy is None)
    stage.arrange(PLAN.rules(case), case)


def test_what_was_given_up_is_gone_before_media_starts(stage):
    arranged(stage, "turn-udp")
    seen = []
    order = Order(4, proxied=False, packets=5)
    listing = ("ss", "-Htn", "dst", PLAN.atlas.turn.v4)
    answer = LightClient().place(stage, order, lambda: seen.append(stage["client"].run(*listing)))
    assert answer.chosen == "udp-relay"
    # TLS worked as well, a while before: UDP direct had its time first.
    assert seen == [""]


@pytest.mark.parametrize("family", [4, 6])
def test_the_media_server_answers_from_the_first_packet_on(stage, family):
    """Over IPv6 its first check comes too early for the firewall, and is rejected."""
    arranged(stage, "unrestricted")
    answer = LightClient().place(stage, Order(family, proxied=False), lambda: None)
    assert answer.chosen == "udp-direct"
    assert answer.quality.up.p95 < 250


def test_a_call_that_is_interrupted_fails_at_once_and_so_does_the_next(stage):
    arranged(stage, "turn-udp")
    order = Order(4, proxied=False, packets=3000)
    with pytest.raises(Exception, match="light-client ended too early"):
        LightClient().place(stage, order, stage.interrupt)
    with pytest.raises(Exception, match="light-client ended too early"):
        LightClient().place(stage, order, pytest.fail)

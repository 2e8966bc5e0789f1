"""``p ⊆ parse(generate(p)) ⊆ p ∪ declared excess``, for every dialect that writes and reads.

For sites that Hypothesis makes: what the policy allows passes and its answers come back, and
nothing else is open. The text goes through the real reader, as a user's file would.
``make round-trip`` runs the long form, 500 policies for each dialect.
"""

from dataclasses import replace
from ipaddress import ip_network

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callgate.check import Question, excess, sufficiency
from callgate.dialects import reading, registry
from callgate.flows import Family
from callgate.policy.build import build
from callgate.policy.model import Direction
from callgate.policy.site import Site
from callgate.verdicts import Verdict
from tests.support.devices import BY_NAME
from tests.support.round_trip import GOTO, check_law, scenarios, sites


def test_every_dialect_that_writes_and_reads_packets_takes_part():
    both = set(registry.names()).intersection(reading.names())
    taking_part = {device.dialect for device in BY_NAME.values()}
    assert {name for name in both if registry.find(name).filters} == taking_part


def law(examples):
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(data=st.data())
    def check(device, data):
        check_law(device, data.draw(sites(device)), data.draw(scenarios()))

    return check


@pytest.mark.parametrize("dialect", BY_NAME)
def test_what_is_written_means_the_policy(dialect):
    law(30)(BY_NAME[dialect])


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("dialect", BY_NAME)
def test_what_is_written_means_the_policy_500_times(dialect):
    law(500)(BY_NAME[dialect])


def test_a_policy_that_is_written_wrongly_is_noticed():
    site = Site(
        clients=(ip_network("10.0.0.0/9"),),
        families=(Family.V4,),
        networks={"turn-networks": (ip_network("198.51.100.0/24"),)},
    )
    narrow = replace(site, networks={"turn-networks": (ip_network("198.51.100.0/25"),)})
    nftables = BY_NAME["nftables"]
    written = {
        each: build(GOTO, each_site, ("turn-udp",))
        for each, each_site in (("wide", site), ("narrow", narrow))
    }
    read = {
        each: nftables.read(registry.find("nftables").generate(policy))[0]
        for each, policy in written.items()
    }
    asked = {each: policy.flows(Direction.OUT) for each, policy in written.items()}
    assert excess(read["wide"], Question("forward"), asked["narrow"]).total == 1
    assert sufficiency(read["narrow"], Question("forward"), asked["wide"]).verdict is (
        Verdict.BLOCKED
    )

"""What a proxy is asked to reach, from the document's TCP needs."""

import pytest

from callgate.flows import PortRange
from callgate.policy.build import build
from callgate.policy.model import Tunnel
from callgate.policy.site import Apply, Inspection, Site
from tests.support.policies import CLIENTS, TURN, goto

HTTPS = Tunnel((PortRange(443, 443),))


def by_name(*scenarios, **choices):
    return build(goto("goto/2.1"), Site(**choices), scenarios, filters=False)


@pytest.mark.parametrize("scenario", ["unrestricted", "turn-udp", "turn-tcp-443"])
def test_https_goes_anywhere(scenario):
    assert by_name(scenario).tunnels == (HTTPS,)


def test_a_list_that_the_document_names_is_kept_beside_the_port():
    supplied = by_name("turn-tcp-3478", networks={"turn-networks": TURN})
    relay = Tunnel((PortRange(3478, 3478),), TURN, "turn-networks")
    assert supplied.tunnels == (relay, HTTPS)


def test_a_list_that_nobody_supplied_is_empty_and_no_error():
    relay = Tunnel((PortRange(3478, 3478),), (), "turn-networks")
    assert by_name("turn-tcp-3478").tunnels == (relay, HTTPS)


def test_united_scenarios_name_a_tunnel_once():
    assert by_name("turn-udp", "turn-tcp-443").tunnels == (HTTPS,)


def test_clients_block_and_inspection_reach_targets_that_go_by_name():
    policy = by_name("turn-udp", clients=CLIENTS, inspection=Inspection.ALL)
    assert policy.clients == CLIENTS
    assert policy.inspection is Inspection.ALL
    assert policy.block is not None
    assert by_name("turn-udp", apply=Apply.MERGE).block is None
    assert by_name("turn-udp").clients is None

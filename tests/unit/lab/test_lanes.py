from dataclasses import replace
from ipaddress import ip_address, ip_network

import pytest

from callgate.flows import Family, FlowSet, IntervalSet, PortRange, Protocol, prefixes_of
from callgate.flows.prefixes import address_of
from callgate.lab.lanes import EVERY_PORT, Ground, Ports, plan
from callgate.policy.model import Direction, Kind, Networks, Rule
from callgate.policy.site import On
from tests.support.claims import CLIENTS, TURN, turn_policy


def lanes_of(policy, ports=Ports(random=50)):  # noqa: B008 - immutable
    flows = {direction: policy.flows(direction) for direction in Direction}
    return flows, plan(Ground(flows, policy.clients), tuple(Family), ports)


@pytest.mark.parametrize("on", On)
def test_the_open_ports_of_a_lane_are_those_whose_packets_are_in_the_set(on):
    flows, lanes = lanes_of(turn_policy(on))
    for lane in lanes:
        ports = [port for low, high in lane.ports for port in range(low, high + 1)]
        brute = IntervalSet.points(p for p in ports if lane.packet(p) in flows[lane.direction])
        assert lane.open_in(flows) == brute


@pytest.mark.parametrize("on", On)
def test_there_is_something_open_and_something_closed_in_each_family(on):
    flows, lanes = lanes_of(turn_policy(on))
    for family in Family:
        for protocol in (Protocol.TCP, Protocol.UDP):
            outward = [
                lane
                for lane in lanes
                if (lane.family, lane.protocol, lane.direction) == (family, protocol, Direction.OUT)
            ]
            assert any(lane.open_in(flows) for lane in outward)
            assert all(lane.ports - lane.open_in(flows) for lane in outward)


def test_addresses_inside_and_outside_and_on_the_borders_are_tried():
    _, lanes = lanes_of(turn_policy())
    for family in Family:
        turn = prefixes_of(TURN[family], family)
        inside = {lane.vendor for lane in lanes if lane.family is family and lane.vendor in turn}
        outside = {lane.vendor for lane in lanes if lane.family is family} - inside
        low, high = turn.intervals[0]
        assert {low, high} < inside
        assert {low - 1, high + 1} < outside


def test_the_client_is_one_of_the_clients_and_a_stranger_tries_too():
    _, lanes = lanes_of(turn_policy())
    for family in Family:
        known = prefixes_of(CLIENTS[family], family)
        clients = {lane.client for lane in lanes if lane.family is family}
        assert len(clients & {c for c in clients if c in known}) == 1
        assert len(clients) == 2
    hosts = {(lane.family, lane.client) for lane in lanes_of(turn_policy(On.HOST))[1]}
    assert len(hosts) == 2


def test_edges_are_always_tried_and_random_ports_are_the_same_each_time():
    _, lanes = lanes_of(turn_policy(), Ports(random=0))
    udp = next(lane for lane in lanes if lane.protocol is Protocol.UDP)
    for port in (3477, 3478, 3479, 44999, 45000, 45001, 49998, 49999, 50000):
        assert port in udp.ports
    assert lanes_of(turn_policy())[1] == lanes_of(turn_policy())[1]
    assert lanes_of(turn_policy())[1] != lanes_of(turn_policy(), Ports(50, seed=2))[1]


def test_all_means_every_port():
    _, lanes = lanes_of(turn_policy(), Ports(random=None))
    assert sum(lane.ports == EVERY_PORT for lane in lanes) == 16


def test_unsolicited_packets_come_first_and_look_like_answers():
    _, lanes = lanes_of(turn_policy())
    directions = [lane.direction for lane in lanes]
    assert directions == sorted(directions, key=lambda each: each is Direction.OUT)
    assert {lane.source_port for lane in lanes if lane.direction is Direction.IN} == {443, 3478}
    packet = lanes[0].packet(50000)
    assert packet.source == lanes[0].vendor
    assert str(address_of(packet.destination, packet.family)).startswith("192.0.2.")


def test_a_proxy_among_the_clients_is_tried_and_sends_nothing_unsolicited():
    policy = turn_policy()
    proxy = Rule(
        "proxy",
        Kind.NEED,
        Family.V4,
        Protocol.TCP,
        Networks((ip_network("192.0.2.250"),)),
        (PortRange(3128, 3128),),
        CLIENTS[Family.V4],
    )
    flows, lanes = lanes_of(replace(policy, rules=(*policy.rules, proxy)))
    address = int(ip_address("192.0.2.250"))
    to_proxy = [lane for lane in lanes if lane.vendor == address and lane.family is Family.V4]
    assert {lane.direction for lane in to_proxy} == {Direction.OUT}
    assert any(3128 in lane.open_in(flows) for lane in to_proxy)


def test_networks_to_be_told_apart_are_although_the_flows_do_not():
    everything = {direction: FlowSet.everything() for direction in Direction}
    apart = TURN[Family.V4]
    lanes = plan(Ground(everything, None, apart), (Family.V4,), Ports(random=1))
    inside = prefixes_of(apart, Family.V4)
    assert {lane.vendor in inside for lane in lanes} == {True, False}


def test_every_kind_of_client_is_tried():
    policy = turn_policy()
    proxy = ip_network("192.0.2.250")
    rules = tuple(
        replace(rule, sources=(proxy,))
        if rule.protocol is Protocol.TCP and rule.family is Family.V4
        else rule
        for rule in policy.rules
    )
    flows, lanes = lanes_of(replace(policy, rules=rules))
    tcp = [lane for lane in lanes if (lane.family, lane.protocol) == (Family.V4, Protocol.TCP)]
    proxies = {lane.client == int(ip_address("192.0.2.250")) for lane in tcp}
    assert proxies == {True, False}
    for lane in tcp:
        assert bool(lane.open_in(flows)) == (
            lane.direction is Direction.OUT and lane.client == int(ip_address("192.0.2.250"))
        )

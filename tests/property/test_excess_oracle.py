"""Excess, difference and the way back, against one packet at a time."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.check import Prepared, Question, difference, excess, explain, return_path
from callgate.check.walk import Circumstances, walk
from callgate.flows import Family, FlowSet, Packet
from callgate.rules import Action, ConnectionState
from callgate.verdicts import Verdict
from tests.property.rulespace import (
    ADDRESS_VALUES,
    CONDITIONS,
    PORT_VALUES,
    needs,
    packets_of,
    rulesets,
)
from tests.property.test_sufficiency_oracle import outcomes

QUESTION = Question("forward", in_interface="lan", out_interface="wan0")
EVERYTHING = FlowSet.everything()


def universe():
    for packet in packets_of(EVERYTHING, protocols=(5, 6, 17, 47)):
        if not packet.to_name:
            yield packet


def opens(services, packet):
    return any(
        service.family is packet.family
        and packet.protocol in service.protocols
        and packet.destination_port in service.ports
        for service in services
    )


@settings(max_examples=30, deadline=None)
@given(rulesets(), needs())
def test_excess_lists_a_service_if_and_only_if_something_of_it_is_open(ruleset, allowed):
    prepared = Prepared(ruleset)
    report = excess(prepared, QUESTION, allowed, most=1000)
    assert report.total == len(report.services)
    open_ports = set()
    for packet in universe():
        if packet not in allowed and packet.source_port == 1024:
            key = (packet.family, packet.protocol, packet.destination_port)
            if key not in open_ports and Action.ACCEPT in outcomes(
                prepared, QUESTION, packet, CONDITIONS
            ):
                open_ports.add(key)
                assert opens(report.services, packet)
    for service in report.services:
        assert service.evidence.witness.packet not in allowed
        assert service.evidence.witness.in_interface == "lan"


@settings(max_examples=30, deadline=None)
@given(rulesets(conditions=False))
def test_flows_are_counted_exactly(ruleset):
    prepared = Prepared(ruleset)
    report = excess(prepared, QUESTION, FlowSet(), most=1000)
    cells = {4: 5, 5: 4, 9: 2**31 - 9, 2**31: 2**31}
    expected = 0
    for service in report.services:
        if service.family is Family.V4 and 6 in service.protocols:
            expected += service.flows
    counted = 0
    for source, size in cells.items():
        for destination, other in cells.items():
            for port, ports in {442: 443, 443: 581, 1024: 64512}.items():
                around = Circumstances(in_interface="lan", out_interface="wan0")
                if any(
                    walk(
                        prepared,
                        ruleset.entries[0],
                        Packet(Family.V4, 6, source, destination, sport, port),
                        around,
                    ).action
                    is Action.ACCEPT
                    for sport in PORT_VALUES
                ):
                    counted += size * other * ports
    assert set(cells) == set(ADDRESS_VALUES)
    assert counted == expected


def altered(draw, ruleset):
    """The ruleset with some rules dropped or turned into their opposite."""
    turn = {Action.ACCEPT: Action.DROP, Action.DROP: Action.ACCEPT}
    chains = {}
    for name, chain in ruleset.chains.items():
        rules = []
        for rule in chain.rules:
            fate = draw(st.sampled_from(("keep", "keep", "keep", "turn", "remove")))
            if fate == "remove":
                continue
            if fate == "turn" and rule.action in turn:
                rules.append(replace(rule, action=turn[rule.action]))
            else:
                rules.append(rule)
        if rules and draw(st.integers(0, 3)) == 0:
            # Moved to another place: out of order, if nothing else.
            rules.insert(draw(st.integers(0, len(rules) - 1)), rules.pop())
        default = chain.default
        if default in turn and draw(st.integers(0, 3)) == 0:
            default = turn[default]
        chains[name] = replace(chain, rules=tuple(rules), default=default)
    return replace(ruleset, chains=chains)


@settings(max_examples=30, deadline=None)
@given(st.data(), rulesets(conditions=False))
def test_difference_is_found_where_and_only_where_there_is_one(data, ruleset):
    old, new = Prepared(ruleset), Prepared(altered(data.draw, ruleset))
    found = difference(old, new, QUESTION, most=1000)
    around = Circumstances(in_interface="lan", out_interface="wan0")
    opened, closed = set(), set()
    for packet in universe():
        one, two = (
            walk(each, each.ruleset.entries[0], packet, around).action is Action.ACCEPT
            for each in (old, new)
        )
        if one != two:
            (opened if two else closed).add(packet)
    for some, flag in ((opened, True), (closed, False)):
        changes = [change for change in found.changes if change.opened is flag]
        assert all(opens(changes, packet) for packet in some)
        assert bool(changes) is bool(some)
    assert found.equivalent is not bool(opened | closed)


@settings(max_examples=30, deadline=None)
@given(rulesets())
def test_a_ruleset_is_equivalent_to_itself(ruleset):
    prepared = Prepared(ruleset)
    assert difference(prepared, Prepared(ruleset), Question("forward")).equivalent


@settings(max_examples=30, deadline=None)
@given(rulesets(), needs())
def test_the_way_back_is_the_turned_packet_in_an_established_connection(ruleset, need):
    prepared = Prepared(ruleset)
    answer = return_path(prepared, QUESTION, need)
    turned = Question("forward", ConnectionState.ESTABLISHED, "wan0", "lan")
    denied = {Action.DROP, Action.REJECT}
    found = [
        outcomes(
            prepared,
            turned,
            replace(
                packet,
                source=packet.destination,
                destination=packet.source,
                source_port=packet.destination_port,
                destination_port=packet.source_port,
            ),
            CONDITIONS,
        )
        for packet in packets_of(need)
    ]
    assert (answer.verdict is Verdict.BLOCKED) is any(some <= denied for some in found)
    if answer.verdict is Verdict.SATISFIED:
        assert all(some == {Action.ACCEPT} for some in found)


@settings(max_examples=30, deadline=None)
@given(rulesets(), st.sampled_from([p for p in universe() if p.protocol != 5]))
def test_explain_agrees_with_the_walk(ruleset, packet):
    prepared = Prepared(ruleset)
    answer = explain(prepared, QUESTION, packet)
    actions = outcomes(prepared, QUESTION, packet, CONDITIONS)
    assert (answer.verdict is Verdict.SATISFIED) is (actions == {Action.ACCEPT})
    assert answer.evidence[0].witness.packet.destination == packet.destination
    assert answer.evidence[0].walk or answer.evidence[0].line is None

"""What the properties do not say: the named cases, and the cost."""

import random
import time

from callgate.flows import Box, Family, FlowSet, IntervalSet, Packet, Protocol
from callgate.flows.boxes import ANY_PORT, any_address, any_destination


def tcp(low, high, destination=None):
    return Box(
        Family.V4,
        IntervalSet.points((Protocol.TCP,)),
        any_address(Family.V4),
        any_destination(Family.V4) if destination is None else IntervalSet.of(destination),
        ANY_PORT,
        IntervalSet.of((low, high)),
    )


def test_boxes_that_touch_become_one():
    assert list(FlowSet.of(tcp(1, 5), tcp(6, 9)).boxes()) == [tcp(1, 9)]


def test_a_box_with_an_empty_axis_adds_nothing():
    empty = Box(Family.V4, IntervalSet.EMPTY, any_address(Family.V4), any_destination(Family.V4))
    assert FlowSet.of(empty) == FlowSet.of() == FlowSet()


def test_addresses_hold_no_name():
    named = Packet(Family.V4, 6, 0, any_destination(Family.V4).intervals[1][0], 0, 443)
    assert named in FlowSet.of(tcp(443, 443))
    assert named not in FlowSet.of(tcp(443, 443, (0, (1 << 32) - 1)))


def test_everything_holds_both_families():
    assert {box.family for box in FlowSet.everything().boxes()} == set(Family)


def random_boxes(count):
    chance = random.Random(2)
    for _ in range(count):
        bits = chance.randint(4, 24)
        low = chance.getrandbits(32) >> bits << bits
        port = chance.randint(0, 60000)
        yield tcp(port, port + chance.choice((0, 100, 5000)), (low, low + (1 << bits) - 1))


def test_a_thousand_prefixes_take_no_time_to_speak_of():
    some = list(random_boxes(1000))
    start = time.process_time()
    flows = FlowSet.of(*some)
    assert time.process_time() - start < 2
    assert all(box.witness() in flows for box in some)

from callgate.flows import Family, IntervalSet, Protocol
from callgate.lab.lanes import Lane
from callgate.lab.proof import Outcome, runs
from callgate.lab.sightings import Sightings
from callgate.policy.model import Direction

ALL = IntervalSet.of((1, 65535))
LANE = Lane(Direction.OUT, Protocol.UDP, Family.V4, 0xC0000207, 0xC6336407, ALL)


def test_untried_ports_do_not_break_a_range():
    tried = IntervalSet.points((1, 100, 443, 444, 500, 900))
    assert runs(IntervalSet.points((443, 444, 500)), tried) == "443-500"
    assert runs(IntervalSet.points((1, 443, 900)), tried) == "1,443,900"


def test_on_every_port_a_range_is_just_that():
    assert runs(IntervalSet.of((443, 443), (45000, 49999)), ALL) == "443,45000-49999"


def outcome(expected, arrived, answered):
    return Outcome(LANE, *(IntervalSet.points(each) for each in (expected, arrived, answered)))


def test_an_outcome_holds_only_if_all_three_sets_agree():
    assert outcome([443], [443], [443]).holds
    assert outcome([], [], []).holds
    for expected, arrived, answered in (
        ([443], [], []),
        ([443], [443], []),
        ([], [443], []),
        ([], [443], [443]),
    ):
        assert not outcome(expected, arrived, answered).holds


def test_differences_say_what_is_wrong():
    peer = "to 198.51.100.7 from 192.0.2.7"
    assert outcome([443], [443], [443]).differences() == []
    assert outcome([443], [], []).differences() == [f"closed, should be open: udp 443 {peer}"]
    assert outcome([443], [443], []).differences() == [f"no answer comes back: udp 443 {peer}"]
    assert outcome([], [80], []).differences() == [f"open, should be closed: udp 80 {peer}"]


def test_sightings_tell_first_packets_from_answers_and_from_other_lanes():
    seen = Sightings()
    seen.add(
        Family.V4,
        [
            {"concat": ["udp", "192.0.2.7", 54321, "198.51.100.7", 3478]},
            {"concat": ["udp", "198.51.100.7", 45000, "192.0.2.7", 54321]},
            {"concat": ["tcp", "192.0.2.7", 54321, "198.51.100.7", 80]},
            {"concat": ["udp", "192.0.2.7", 1, "198.51.100.7", 81]},
            {"concat": ["udp", "192.0.2.8", 54321, "198.51.100.7", 82]},
        ],
    )
    assert seen.first(LANE) == IntervalSet.points([3478])
    assert seen.answer(LANE) == IntervalSet.points([45000])

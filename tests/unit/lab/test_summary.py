import pytest

from callgate.dialects.base import Artifact
from callgate.errors import UnsupportedError
from callgate.flows import Family, IntervalSet
from callgate.lab.arena import Rules
from callgate.lab.campaign import Case
from callgate.lab.lanes import Ground, Ports, plan
from callgate.lab.proof import Outcome, Proof
from callgate.lab.summary import expected_lines, holds, observed_lines
from callgate.policy.model import Direction
from tests.support.claims import TURN, turn_policy

POLICY = turn_policy()
CASE = Case("turn-udp", "nftables", POLICY, Rules(), {"turn-networks": TURN[Family.V4]})


def proof_of(observe):
    flows = {direction: POLICY.flows(direction) for direction in Direction}
    lanes = plan(Ground(flows, POLICY.clients), tuple(Family), Ports(random=10))
    outcomes = []
    for lane in lanes:
        expected = lane.open_in(flows)
        seen = observe(lane, expected)
        outcomes.append(Outcome(lane, expected, seen, seen))
    return Proof(tuple(outcomes), 0)


def test_a_right_proof_reads_the_same_on_both_sides():
    proof = proof_of(lambda lane, expected: expected)
    lines = (
        "to turn-networks: udp 3478,45000-49999, tcp 443",
        "to elsewhere: tcp 443",
        "unsolicited in: nothing",
    )
    for family in Family:
        assert expected_lines(CASE, proof, family) == lines
        assert observed_lines(CASE, proof, family) == lines
        assert holds(proof, family)


def test_only_the_family_with_a_difference_fails_and_shows_it():
    def shut_v6(lane, expected):
        return expected if lane.family is Family.V4 else IntervalSet.EMPTY

    proof = proof_of(shut_v6)
    assert holds(proof, Family.V4)
    assert not holds(proof, Family.V6)
    assert observed_lines(CASE, proof, Family.V6) == (
        "to anywhere: nothing",
        "unsolicited in: nothing",
    )


def test_strangers_are_shown_only_when_something_of_theirs_passes():
    proof = proof_of(lambda lane, expected: lane.ports)
    assert any(
        line.startswith("from strangers") or "from strangers" in line
        for line in observed_lines(CASE, proof, Family.V4)
    )
    assert not any("strangers" in line for line in expected_lines(CASE, proof, Family.V4))


def test_files_for_another_target_are_refused():
    with pytest.raises(UnsupportedError, match=r"proxy\.pac"):
        Rules.of([Artifact("proxy.pac", "", "")])

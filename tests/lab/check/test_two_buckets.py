"""Two tests with the same words may come out differently: a kernel shows what check says."""

import pytest

from callgate.check import Prepared, Question, hygiene, sufficiency
from callgate.dialects.reading import find
from callgate.flows import Box, Family, FlowSet, IntervalSet, Packet
from callgate.flows.boxes import any_address
from callgate.verdicts import Verdict
from tests.lab.requirements import require
from tests.support.kernel.judge import Judge
from tests.support.kernel.packets import Sent

pytestmark = pytest.mark.lab

RULES = """\
table inet small {{
	chain forward {{
		type filter hook forward priority filter; policy accept;
		udp dport 3478 {test} accept
		udp dport 3478 {test} drop
	}}
}}
"""
NEED = FlowSet.of(
    Box(
        Family.V4,
        IntervalSet.points((17,)),
        any_address(Family.V4),
        any_address(Family.V4),
        IntervalSet.of((1024, 65535)),
        IntervalSet.points((3478,)),
    )
)


@pytest.fixture(autouse=True)
def lab():
    require("nft", "ip")


def fates(rules, count):
    """Whether each of some packets of the need passes, one after the other."""
    every = [
        Sent(Packet(Family.V4, 17, 0x0A000001, 0xC6336407, 5000 + n, 3478), n, "lan", "wan0")
        for n in range(1, count + 1)
    ]
    with Judge(("lan", "wan0")) as judge:
        judge.namespace.load_nft(rules)
        came = judge.deliver("forward", every)
    return [sent.key in came for sent in every]


@pytest.mark.parametrize("test", ["limit rate 1/day burst 1 packets", "quota until 50 bytes"])
def test_the_second_bucket_drops_what_the_first_has_no_token_for(test):
    rules = RULES.format(test=test)
    passed = fates(rules, 3)
    assert True in passed
    assert False in passed
    prepared = Prepared(find("nftables").parse(rules, "small"))
    answer = sufficiency(prepared, Question("forward"), NEED)
    assert answer.verdict is Verdict.DEPENDS
    assert len(answer.conditions) == 2
    assert not hygiene(prepared).findings


def test_a_fact_about_the_packet_is_one_fact():
    """The second line is never reached by what the first accepts, and takes nothing else."""
    rules = RULES.format(test="meta length < 2000")
    assert fates(rules, 3) == [True, True, True]
    prepared = Prepared(find("nftables").parse(rules, "small"))
    answer = sufficiency(prepared, Question("forward"), NEED)
    assert answer.verdict is Verdict.SATISFIED

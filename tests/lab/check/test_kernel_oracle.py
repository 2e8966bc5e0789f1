"""What check says about single packets against what a kernel does with them.

``CALLGATE_ORACLE`` multiplies the number of packets; files of thousands of rules are tried
only where it is set. ``make oracle`` is the full run, with its figures.
"""

import os
import random

import pytest

from callgate.dialects.reading import find
from callgate.flows import Family, Packet
from tests.lab.requirements import require
from tests.support.kernel.corpus import configurations, require_corpus
from tests.support.kernel.files import try_file, try_witnesses
from tests.support.kernel.generated import INTERFACES, KINDS, campaign, load
from tests.support.kernel.judge import TUNNEL, Judge
from tests.support.kernel.packets import ICMP, ICMPV6, PLAIN, Sent, turned
from tests.support.kernel.trial import Trial

pytestmark = pytest.mark.lab

TIMES = int(os.environ.get("CALLGATE_ORACLE", "1"))
#: Rules beyond which a file takes too long for every run.
_MANY = 2000
FILES = configurations()


@pytest.fixture(autouse=True)
def lab():
    require("nft", "ip", "iptables-restore", "ip6tables-restore", "ipset")
    try:
        os.close(os.open(TUNNEL, os.O_RDWR))
    except OSError as error:
        if os.environ.get("CALLGATE_REQUIRE_LAB") == "1":
            raise
        pytest.skip(f"no tunnels here: {error}")


def bounded(configuration):
    if "CALLGATE_ORACLE" not in os.environ and configuration.text.count("\n-A") > _MANY:
        pytest.skip("thousands of rules: set CALLGATE_ORACLE, or run `make oracle`")


def test_there_is_a_corpus():
    require_corpus()
    assert len(FILES) > 30


@pytest.mark.parametrize("configuration", FILES, ids=lambda each: each.name)
def test_a_kernel_does_with_a_corpus_file_what_we_say(configuration):
    bounded(configuration)
    tally = try_file(configuration, 24 * TIMES)
    assert tally.wrong == []
    assert tally.sent > 0


@pytest.mark.parametrize("configuration", FILES, ids=lambda each: each.name)
def test_a_kernel_confirms_every_packet_that_we_show(configuration):
    bounded(configuration)
    found, wrong, lost = try_witnesses(configuration)
    assert [str(each) for each in wrong] == []
    assert [str(each) for each in lost] == []
    assert found.shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_kernel_does_with_made_rulesets_what_we_say(kind):
    result = campaign(kind, examples=4 * TIMES, packets=30, start=2)
    assert result.refused * 5 < result.rulesets
    assert result.tally.sent > result.rulesets * 15
    assert result.tally.accepted * 3 > result.tally.sent


SMALL = """\
table inet small {
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established accept
		iifname "lan" tcp dport %s accept
		icmp type echo-request accept
	}
}
"""


def test_a_kernel_that_was_told_something_else_is_noticed():
    ruleset = find("nftables").parse(SMALL % "1000-1999", "small")
    with Judge(INTERFACES) as judge:
        told = SMALL % "1000-1998"
        trial = Trial(judge, ruleset, lambda to: load(to, "nftables", None, told), random.Random(1))
        tally = trial.run(200)
    assert tally.wrong
    assert all(":1999 " in line for line in tally.wrong)


ENDS = {
    Family.V4: (0x0A000001, 0xC6336407),
    Family.V6: (0x20010DB8 << 96 | 1, 0x20010DB8 << 96 | 7 << 80),
}


def packets(hook, inside="lan", outside="wan0"):
    for family, (source, destination) in ENDS.items():
        for serial, protocol in enumerate(PLAIN, 1):
            ports = (5000, 443) if protocol in (6, 17) else (0, 0)
            ports = {ICMP: (0, 8 << 8), ICMPV6: (0, 128 << 8)}.get(protocol, ports)
            packet = Packet(family, protocol, source, destination, *ports)
            yield Sent(
                packet,
                family * 100 + serial,
                "" if hook == "output" else inside,
                "" if hook == "input" else outside,
            )


def keys(sent):
    return {each.key for each in sent}


@pytest.mark.parametrize("hook", ["forward", "input", "output"])
def test_an_empty_kernel_passes_every_packet_as_it_is(hook):
    every = list(packets(hook))
    with Judge(("lan", "wan0")) as judge:
        came = judge.deliver(hook, every)
    assert {sent.key: came.get(sent.key) for sent in every} == {
        sent.key: sent.ends for sent in every
    }


def test_an_answer_is_a_part_of_its_connection():
    rules = SMALL.replace("policy drop", "policy accept").replace(
        "ct state established accept", "ct state new accept; ct state established drop; drop"
    )
    stray = {(Family.V4, ICMPV6), (Family.V6, ICMP)}
    firsts = [
        sent
        for sent in packets("forward")
        if turned(sent.packet) and (sent.packet.family, sent.packet.protocol) not in stray
    ]
    answers = [
        Sent(turned(sent.packet), sent.serial + 50, "wan0", "lan", sent.serial) for sent in firsts
    ]
    with Judge(("lan", "wan0")) as judge:
        judge.namespace.load_nft(rules % "443")
        came = judge.deliver("forward", firsts)
        assert not keys(answers) & set(judge.deliver("forward", answers))
        judge.namespace.load_nft("flush ruleset\n" + SMALL % "443")
        back = judge.deliver("forward", answers)
    assert keys(firsts) <= set(came)
    assert keys(answers) <= set(back)


def test_a_rejection_is_not_taken_for_the_packet():
    rules = "table inet t {\n chain f {\n type filter hook forward priority 0;\n reject\n }\n}\n"
    looped = list(packets("forward", outside="lan"))
    with Judge(("lan", "wan0")) as judge:
        judge.namespace.load_nft(rules)
        assert not keys(looped) & set(judge.deliver("forward", looped))

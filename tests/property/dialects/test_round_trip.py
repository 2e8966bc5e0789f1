"""``p ⊆ parse(generate(p)) ⊆ p ∪ declared excess``, decided by the engine.

For both Linux dialects and for sites that Hypothesis makes: what the policy allows passes
and its answers come back, and nothing else is open. The text goes through the real reader,
as a user's file would.
"""

from dataclasses import replace
from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.check import Prepared, Question, excess, return_path, sufficiency
from callgate.dialects import reading, registry
from callgate.flows import Family, FlowSet
from callgate.flows.boxes import Box
from callgate.policy.build import build
from callgate.policy.model import Direction
from callgate.policy.site import Final, On, Proxy, Site
from callgate.profiles.loader import find
from callgate.verdicts import Verdict

GOTO = find("goto/2.1")
SCENARIOS = [scenario.id for scenario in GOTO.scenarios]


def networks(*pool: str) -> st.SearchStrategy[tuple]:
    """Some of these networks, at least one."""
    return st.lists(st.sampled_from(pool), min_size=1, unique=True).map(
        lambda texts: tuple(ip_network(text) for text in sorted(texts))
    )


CLIENTS = networks("10.0.0.0/9", "10.200.0.0/16", "192.168.7.0/24", "2001:db8:1::/48")
TURN = networks(
    "198.51.100.0/25", "198.51.100.200/32", "203.0.113.0/24", "2001:db8:7::/48", "2001:db8:8::1/128"
)
RESOLVERS = networks("10.0.0.53", "192.0.2.53", "2001:db8:1::53")
PROXY = Proxy("proxy.example", 3128, (ip_network("10.0.0.80"), ip_network("2001:db8:1::80")))


@st.composite
def sites(draw: st.DrawFn) -> Site:
    return Site(
        families=draw(st.sampled_from([(Family.V4, Family.V6), (Family.V4,), (Family.V6,)])),
        clients=draw(CLIENTS),
        resolvers=draw(st.just(()) | RESOLVERS),
        networks={"turn-networks": draw(TURN)},
        proxy=draw(st.sampled_from([None, PROXY])),
        on=draw(st.sampled_from(On)),
        final=draw(st.sampled_from(Final)),
    )


WAYS = {
    On.ROUTER: [("forward", None)],
    On.HOST: [("output", Direction.OUT), ("input", Direction.IN)],
}
ENTRIES = {"nftables": str, "iptables": lambda hook: hook.upper()}


def rulesets(dialect: str, policy) -> list[Prepared]:
    """What the reader makes of each file that the dialect writes."""
    reader = reading.find(dialect)
    files = [each for each in registry.find(dialect).generate(policy) if not each.executable]
    return [Prepared(reader.parse(complete(each.text), each.name)) for each in files]


def complete(text: str) -> str:
    """A restore file that leaves the built-in chains alone, as a save of an empty box with it.

    The jumps that ``apply.sh`` inserts stand in it as ``-I``; a save shows them as ``-A``.
    """
    if not text.rstrip().endswith("COMMIT"):
        return text
    policies = "".join(f":{chain} ACCEPT [0:0]\n" for chain in ("INPUT", "FORWARD", "OUTPUT"))
    lines = [
        line.replace("-I FORWARD 1", "-A FORWARD")
        .replace("-I INPUT 1", "-A INPUT")
        .replace("-I OUTPUT 1", "-A OUTPUT")
        for line in text.splitlines()
    ]
    return "\n".join(lines).replace("*filter\n", "*filter\n" + policies) + "\n"


def of_families(flows: FlowSet, families: frozenset[Family]) -> FlowSet:
    return flows & FlowSet.of(*(Box.everything(family) for family in families))


@pytest.mark.parametrize("dialect", ["nftables", "iptables"])
@settings(max_examples=40, deadline=None)
@given(site=sites(), scenarios=st.lists(st.sampled_from(SCENARIOS), min_size=1, unique=True))
def test_what_is_written_means_the_policy(dialect, site, scenarios):
    policy = build(GOTO, site, tuple(scenarios))
    for prepared in rulesets(dialect, policy):
        for hook, direction in WAYS[site.on]:
            entry = next(e.name for e in prepared.ruleset.entries if e.hook == hook)
            question = Question(entry, not_through=("lo",))
            sides = [direction] if direction else list(Direction)
            allowed = FlowSet()
            for side in sides:
                allowed |= policy.flows(side)
            allowed = of_families(allowed, prepared.ruleset.families)
            answer = sufficiency(prepared, question, allowed)
            assert answer.verdict is Verdict.SATISFIED, answer.evidence
            assert return_path(prepared, question, allowed).verdict is Verdict.SATISFIED
            beyond = excess(prepared, question, allowed)
            assert beyond.total == 0, beyond.services[0].evidence


def test_a_policy_that_is_written_wrongly_is_noticed():
    site = Site(
        clients=(ip_network("10.0.0.0/9"),),
        families=(Family.V4,),
        networks={"turn-networks": (ip_network("198.51.100.0/24"),)},
    )
    narrow = replace(site, networks={"turn-networks": (ip_network("198.51.100.0/25"),)})
    (prepared,) = rulesets("nftables", build(GOTO, site, ("turn-udp",)))
    asked = build(GOTO, narrow, ("turn-udp",)).flows(Direction.OUT)
    assert excess(prepared, Question("forward"), asked).total == 1
    (prepared,) = rulesets("nftables", build(GOTO, narrow, ("turn-udp",)))
    asked = build(GOTO, site, ("turn-udp",)).flows(Direction.OUT)
    assert sufficiency(prepared, Question("forward"), asked).verdict is Verdict.BLOCKED

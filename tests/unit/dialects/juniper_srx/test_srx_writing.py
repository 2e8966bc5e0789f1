"""Policies that are written: names, place, what is refused and what is left alone."""

import re
from dataclasses import replace

import pytest

from callgate.dialects.juniper_srx import Srx, SrxReader
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family, PortRange
from callgate.policy.build import build
from callgate.policy.site import Final, On, Target
from tests.support.devices import BY_NAME
from tests.support.policies import policy, site
from tests.support.round_trip import GOTO

TARGET = Target("trust", "untrust")


def written(**changes):
    return Srx().generate(replace(policy(), **{"target": TARGET} | changes))


def commands(artifact):
    return [line for line in artifact.text.splitlines() if not line.startswith("#")]


def test_nothing_is_replaced_and_only_ours_is_taken_back():
    made, back = written()
    assert {line.split()[0] for line in commands(made)} == {"set"}
    assert all(line.startswith("delete ") and "callgate-" in line for line in commands(back))
    assert "replace:" not in made.text


def test_what_is_made_is_taken_back_wholly():
    made, back = written()
    left = commands(made)
    for line in commands(back):
        gone = line.removeprefix("delete ").split()
        left = [each for each in left if each.split()[1 : 1 + len(gone)] != gone]
    assert left == []


def test_the_same_networks_have_the_same_names_and_others_have_others():
    def sets(**changes):
        return set(re.findall(r"callgate-turn-networks-v4-\w+", written(**changes)[0].text))

    assert sets() == sets(site="elsewhere")
    assert sets() - sets(rules=tuple(r for r in policy().rules if r.family is Family.V6))


def test_a_merge_goes_before_the_policy_that_is_named():
    merged = build(GOTO, BY_NAME["juniper-srx"].merging(site()), ("turn-udp",))
    made, _ = Srx().generate(merged)
    mine = (
        "set security policies from-zone trust to-zone untrust policy deny-all match"
        " source-address any destination-address any application any\n"
        "set security policies from-zone trust to-zone untrust policy deny-all then deny\n"
    )
    rules = SrxReader().parse(mine + made.text, "f").chains["security policies"].rules
    assert "deny-all" in rules[-1].text
    assert all("callgate-" in rule.text for rule in rules[:-1])
    assert "then deny" not in made.text


def test_the_final_block_answers_as_the_site_wants():
    assert "then reject" in written()[0].text
    drop = Srx().generate(replace(policy(final=Final.DROP), target=TARGET))[0].text
    assert "then deny" in drop
    assert "then reject" not in drop


def test_several_ranges_of_ports_are_terms():
    rule = policy().rules[-1]
    ports = (PortRange(443, 443), PortRange(8443, 8445))
    text = written(rules=(replace(rule, ports=ports),))[0].text
    assert "term t1 protocol tcp destination-port 443\n" in text
    assert "term t2 protocol tcp destination-port 8443-8445\n" in text


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"on": On.HOST}, UnsupportedError, "filters what it forwards"),
        ({"target": Target(outside="b")}, UsageError, "--inside NAME"),
        ({"target": Target("a b", "b")}, UsageError, "cannot be the name"),
        (
            {"target": Target("a", "b", options={"address-book": "x y"})},
            UsageError,
            "cannot be the name of a book",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(changes, error, said):
    with pytest.raises(error, match=said):
        written(**changes)


def test_domains_are_refused():
    by_name = BY_NAME["juniper-srx"].site(site(by_domain=True))
    with pytest.raises(UnsupportedError, match="cannot allow by domain"):
        Srx().generate(build(GOTO, by_name, ("turn-udp",)))

"""Whatever the text is: a ruleset whose graph holds, or InputError; names stay in their field."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.dialects.fortigate import Fortigate, FortigateReader
from callgate.errors import InputError
from callgate.policy.model import Networks, Notice
from callgate.policy.site import Target
from callgate.rules import verify_graph
from tests.support.hostile import hostile
from tests.support.policies import TURN, policy

WORDS = """
config edit next end set append unset delete move purge rename clone before after to firewall
policy policy6 address address6 addrgrp service custom group system zone vdom settings 0 1 7 a b
type ipmask iprange wildcard fqdn subnet start-ip end-ip member srcintf dstintf srcaddr dstaddr
srcaddr6 action accept deny ipsec schedule always status disable all any none ALL HTTPS exclude
enable tcp-portrange udp-portrange 3478 1-70000 9-3 1:2-3 protocol ICMP icmptype 300 192.0.2.0/24
255.255.255.0 198.51.100.1 2001:db8::/32 dstaddr-negate service-negate internet-service "x y" ' "
\\ # ² ngfw-mode policy-based
""".split()  # noqa: SIM905
line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
texts = st.one_of(
    st.lists(line, max_size=30).map("\n".join),
    st.lists(line | hostile(), max_size=12).map("\n".join),
)
OPEN = "config firewall policy\nedit 1\n"


def parsed(text):
    FortigateReader().detect(text)
    try:
        ruleset = FortigateReader().parse(text, "f")
    except InputError as error:
        sources = {mistake.place.source for mistake in error.mistakes}
    else:
        verify_graph(ruleset)
        sources = {each.place.source for each in ruleset.unmodelled} | {"f"}
    assert sources == {"f"}


@settings(max_examples=400)
@given(texts)
def test_any_text_is_a_ruleset_or_a_mistake(text):
    parsed(text)
    parsed(f"{OPEN}{text}\nnext\nend\n")


GROUPS = "".join(f'edit "g{n}"\nset member "g{n + 1}" "g{n + 1}"\nnext\n' for n in range(60))
HOSTILE = {
    "depth": "config a\nedit b\n" * 50_000,
    "one line": "config firewall policy\nset comment " + "x" * 10_000_000,
    "open quote": 'config firewall policy\nset comment "' + "x\n" * 100_000,
    "doubling groups": f"config firewall addrgrp\n{GROUPS}end\n{OPEN}set srcintf any\n"
    "set dstintf any\nset service ALL\nset srcaddr g0\nset dstaddr g0\nnext\nend\n",
    "many moves": "config firewall policy\n"
    + "".join(f"edit {n}\nnext\n" for n in range(1, 2000))
    + "move 1 after 1999\n" * 500
    + "end\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_shapes_end_soon(text):
    parsed(text)


def named(original, text):
    rules = tuple(
        replace(
            rule,
            id=text,
            why=text,
            destination=Networks(tuple(net for net in TURN if net.version == rule.family), text)
            if isinstance(rule.destination, Networks)
            else rule.destination,
        )
        for rule in original.rules
    )
    return replace(original, rules=rules, site=text, document=text, notices=(Notice("n", text),))


@given(hostile())
def test_names_stay_in_their_field(text):
    target = Target("inside", "outside", options={"highest-id": "0"})
    plain = replace(policy(), target=target)
    shapes = []
    for each in (named(plain, "name"), named(plain, text)):
        made, back = Fortigate().generate(each)
        lines = [line for line in (made.text + back.text).split("\n") if not line.startswith("#")]
        shapes.append([re.sub(r'"[^"\\]*"', '""', line) for line in lines])
        assert all(line.count('"') % 2 == 0 for line in lines)
    assert shapes[0] == shapes[1]

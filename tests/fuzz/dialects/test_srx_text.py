"""Whatever the text is: a ruleset whose graph holds, or InputError; names stay in their field."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.dialects.juniper_srx import Srx, SrxReader
from callgate.errors import InputError
from callgate.policy.model import Networks, Notice
from callgate.policy.site import Target
from callgate.rules import verify_graph
from tests.support.hostile import hostile
from tests.support.policies import TURN, policy

WORDS = """
set delete deactivate insert before after security policies from-zone to-zone trust untrust global
policy p q match source-address destination-address application any any-ipv4 then permit deny reject
address-book address address-set attach zone zones security-zone interfaces ge-0/0/0.0 applications
application-set term protocol tcp udp icmp 300 destination-port source-port 443 1-70000 9-3 ssh
icmp-type dns-name range-address to wildcard-address 192.0.2.0/24 192.0.2.1/255.0.255.0 ::/0 groups
apply-groups G inactive: [ ] { } ; # /* */ "x ² default-policy permit-all source-identity
""".split()  # noqa: SIM905
line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
texts = st.one_of(
    st.lists(line, max_size=30).map("\n".join),
    st.lists(line | hostile(), max_size=12).map("\n".join),
)


def parsed(text):
    SrxReader().detect(text)
    try:
        ruleset = SrxReader().parse(text, "f")
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
    parsed("set security policies from-zone a to-zone b policy p then permit\n" + text)
    parsed("security { policies { " + text + " } }")


START = "set security policies from-zone a to-zone b policy p match source-address s0\n"
BOOK = "set security address-book global address-set"
DOUBLING = "".join(
    f"{BOOK} s{n} address-set s{n + 1}\n{BOOK} s{n} address-set t{n + 1}\n"
    f"{BOOK} t{n} address-set s{n + 1}\n{BOOK} t{n} address-set t{n + 1}\n"
    for n in range(14)
)
HOSTILE = {
    "depth": "security { " * 100_000,
    "one line": "set security policies " + "x" * 10_000_000,
    "words": "set security policies " + "x " * 500_000,
    "comment without end": "security { /* " + "x\n" * 500_000,
    "doubling sets": DOUBLING + START,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_shapes_end_soon(text):
    parsed(text)


OURS = re.compile(r'"[^"\\]*"|callgate-[a-z0-9-]+-v[46]-\w{6}|callgate-\w{6}-')


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
    plain = replace(policy(), target=Target("trust", "untrust"))
    shapes = []
    for each in (named(plain, "name"), named(plain, text)):
        made, back = Srx().generate(each)
        lines = [line for line in (made.text + back.text).split("\n") if not line.startswith("#")]
        assert all(line.count('"') in {0, 2} for line in lines)
        shapes.append([OURS.sub("", line) for line in lines])
    assert shapes[0] == shapes[1]

"""Whatever the text is: a ruleset whose graph holds, or InputError; names stay in their field."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.dialects.pan_os import PanOs, PanOsReader
from callgate.errors import InputError
from callgate.policy.model import Networks, Notice
from callgate.policy.site import Target
from callgate.rules import verify_graph
from tests.support.hostile import hostile
from tests.support.policies import TURN, policy

WORDS = """
set delete move rename copy rulebase pre-rulebase post-rulebase security rules r1 r2 from to any
source destination application service action allow deny trust untrust address address-group
ip-netmask ip-range ip-wildcard fqdn static dynamic 192.0.2.0/24 198.51.100.9-198.51.100.1
0.0.255.0/1.2.3.4 2001:db8::/32 protocol tcp udp port 1-70000 9-3 3478 source-port members [ ] {
} ; vsys vsys1 device-group g parent-dg shared policy panorama default-security-rules
interzone-default negate-source yes rule-type intrazone interzone zone network layer3 before after
top bottom nat "x y" ' " # ² devices config template external-list
""".split()  # noqa: SIM905
line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
texts = st.one_of(
    st.lists(line.map("set {}".format), max_size=20).map("\n".join),
    st.lists(line | hostile(), max_size=12).map("\n".join),
)
tag = st.sampled_from(["config", "rulebase", "security", "rules", "entry", "member", "address"])
elements = st.lists(
    st.one_of(
        tag.map("<{}>".format),
        tag.map("</{}>".format),
        st.just('<entry name="a">'),
        st.sampled_from(["any", "<from/>", "<!DOCTYPE a>", "&amp;", "&b;", "<![CDATA[x]]>"]),
    ),
    max_size=30,
).map("".join)


def parsed(text):
    PanOsReader().detect(text)
    try:
        ruleset = PanOsReader().parse(text, "f")
    except InputError as error:
        sources = {mistake.place.source for mistake in error.mistakes}
    else:
        verify_graph(ruleset)
        sources = {each.place.source for each in ruleset.unmodelled} | {"f"}
    assert sources == {"f"}


@settings(max_examples=300)
@given(texts)
def test_any_text_is_a_ruleset_or_a_mistake(text):
    parsed(text)


@settings(max_examples=200)
@given(elements)
def test_any_elements_are_a_ruleset_or_a_mistake(text):
    parsed(f"<config>{text}")
    parsed(f"<config>{text}</config>")


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_any_blocks_are_a_ruleset_or_a_mistake(text):
    parsed(f"rulebase {{ {text} }}")


GROUPS = "".join(f"set address-group g{n} static [ g{n + 1} h{n + 1} ]\n" for n in range(60))
GROUPS += "".join(f"set address-group h{n} static [ g{n + 1} h{n + 1} ]\n" for n in range(60))
RULE = (
    "set rulebase security rules a from any to any source g0 destination h0 application any"
    " service any action allow\n"
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "depth of blocks": "a { " * 100_000,
    "depth of elements": "<a>" * 100_000,
    "one line": "set rulebase security rules a description " + "x" * 10_000_000,
    "words": "set " + "a " * 60_000,
    "open quote": 'set address a description "' + "x\n" * 100_000,
    "doubling groups": GROUPS + RULE,
    "laughs": f'<!DOCTYPE l [<!ENTITY l0 "ha">{LAUGHS}]><config>&l11;</config>',
    "a file of the system": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "parents in a circle": "set device-group a parent-dg b\nset device-group b parent-dg a\n",
    "devices in devices": "set " + "devices a " * 20 + "rulebase\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_shapes_end_soon(text):
    parsed(text)


def test_an_entity_is_never_followed():
    with pytest.raises(InputError, match="a document type or an entity"):
        PanOsReader().parse(HOSTILE["laughs"], "f")


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
def test_names_stay_in_their_field_of_a_command(text):
    plain = replace(policy(), target=Target("trust", "untrust"))
    shapes = []
    for each in (named(plain, "name"), named(plain, text)):
        made, back = PanOs().generate(each)
        lines = [line for line in (made.text + back.text).split("\n") if not line.startswith("#")]
        assert all(line.count('"') in {0, 2} for line in lines)
        told = [line for line in lines if " description " in line]
        assert all(re.search(r' description ("[^"\\]*"|[\w.:/,-]+)$', line) for line in told)
        words = (re.sub(r"(description) .*", r"\1", line) for line in lines)
        shapes.append([re.sub(r"callgate-[\w.-]+", "name", line) for line in words])
    assert shapes[0] == shapes[1]


@given(hostile())
def test_names_stay_in_their_field_of_a_document(text):
    plain = replace(policy(), target=Target("trust", "untrust", options={"form": "xml"}))
    shapes = []
    for each in (named(plain, "name"), named(plain, text)):
        tree = ET.fromstring(PanOs().generate(each)[0].text)
        shapes.append([element.tag for element in tree.iter()])
    assert shapes[0] == shapes[1]

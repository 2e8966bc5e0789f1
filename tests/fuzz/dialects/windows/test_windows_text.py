"""Whatever the text is: a ruleset whose graph holds, or InputError."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.dialects.windows import WindowsReader
from callgate.errors import InputError
from callgate.rules import verify_graph
from tests.support.hostile import hostile
from tests.support.windows import export, rule

WORDS = st.sampled_from(
    ["Any", "UDP", "TCP", "ICMPv4", "ICMPv6", "17", "300", "Outbound", "Inbound", "Block", "Allow",
     "3478", "1-70000", "9-3", "RPC", "8:0", "3:*", "x:y", "LocalSubnet", "192.0.2.0/24", "::/0",
     "192.0.2.9-192.0.2.1", "192.0.2.1-::1", "Domain, Public", "True", "", "²", None, 7, True]
)  # fmt: skip
FIELDS = st.sampled_from([*rule(), "Strange"])
RULES = st.dictionaries(FIELDS, WORDS | st.lists(WORDS, max_size=3), max_size=12)
SCRIPT = st.lists(
    st.sampled_from(
        ["New-NetFirewallRule", "Set-NetFirewallProfile", "-Direction", "Outbound", "-RemotePort",
         "3478", "'a','b'", "-Action", "Block", "|", "Out-Null", "$x", ";", "\n", "-All", "#"]
    ),
    max_size=20,
).map(" ".join)  # fmt: skip


def parsed(text):
    WindowsReader().detect(text)
    try:
        ruleset = WindowsReader().parse(text, "f")
    except InputError as error:
        sources = {mistake.place.source for mistake in error.mistakes}
    else:
        verify_graph(ruleset)
        sources = {each.place.source for each in ruleset.unmodelled} | {"f"}
    assert sources == {"f"}


@settings(max_examples=300, deadline=None)
@given(st.lists(RULES, max_size=5))
def test_any_rules_are_a_ruleset_or_a_mistake(rules):
    parsed(export(*rules))


@settings(max_examples=300, deadline=None)
@given(SCRIPT | hostile())
def test_any_script_is_a_ruleset_or_a_mistake(text):
    parsed(text)
    parsed("New-NetFirewallRule -Action Allow\n" + text)


@settings(max_examples=50, deadline=None)
@given(st.recursive(WORDS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_data_is_a_ruleset_or_a_mistake(data):
    for key in ("Rules", "Profiles", "Connections"):
        parsed(json.dumps(json.loads(export(rule())) | {key: data}))


HOSTILE = {
    "parameters": "New-NetFirewallRule " + "-a b " * 500_000,
    "quotes": "New-NetFirewallRule '" + "'" * 2_000_000,
    "list": "New-NetFirewallRule -a " + "x," * 500_000,
    "lines": "\n" * 3_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_shapes_end_soon(text):
    parsed(text)

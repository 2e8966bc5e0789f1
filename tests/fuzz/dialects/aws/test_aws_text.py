"""Whatever the text is: a ruleset whose graph holds, or InputError. Names stay in their field."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.dialects.aws import Aws, AwsReader
from callgate.dialects.aws.rules import _CHARACTERS
from callgate.errors import InputError
from callgate.policy.model import Notice
from callgate.policy.site import On
from callgate.rules import verify_graph
from tests.support.hostile import hostile
from tests.support.policies import policy

KEYS = st.sampled_from(
    ["SecurityGroups", "GroupId", "IpPermissions", "IpPermissionsEgress", "IpProtocol", "FromPort",
     "ToPort", "IpRanges", "Ipv6Ranges", "CidrIp", "CidrIpv6", "UserIdGroupPairs", "PrefixListIds",
     "NetworkAcls", "NetworkAclId", "Entries", "Egress", "RuleNumber", "RuleAction", "Protocol",
     "CidrBlock", "PortRange", "From", "To", "IcmpTypeCode", "Type", "Code", "Resources",
     "Properties", "SecurityGroupEgress", "Condition", "Ref", "Fn::If", "Description"]
)  # fmt: skip
SCALARS = st.sampled_from(
    ["-1", "tcp", "udp", "17", "icmp", "allow", "deny", "192.0.2.0/24", "::/0", "192.0.2.1/8", "x",
     "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupEgress", "AWS::EC2::NetworkAclEntry",
     "AWS::EC2::NetworkAcl", "AWS::EC2::Other", True, False, None, -1, 0, 443, 70000, 1.5]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


def parsed(text):
    try:
        ruleset = AwsReader().parse(text, "f")
    except InputError as error:
        sources = {mistake.place.source for mistake in error.mistakes}
    else:
        verify_graph(ruleset)
        sources = {each.place.source for each in ruleset.unmodelled} | {"f"}
    assert sources == {"f"}


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_data_is_a_ruleset_or_a_mistake(data):
    parsed(json.dumps(data, indent=1))


@settings(max_examples=200, deadline=None)
@given(hostile())
def test_any_text_is_a_ruleset_or_a_mistake(text):
    AwsReader().detect(text)
    parsed(text)
    parsed('{"SecurityGroups": ' + text)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '["' + "x" * 10_000_000 + '"]'])
def test_hostile_shapes_end_soon(text):
    parsed(text)


@settings(max_examples=60, deadline=None)
@given(hostile())
def test_whatever_things_are_called_they_stay_in_their_field(text):
    plain = policy(on=On.HOST)
    rules = tuple(replace(rule, id=text, why=text) for rule in plain.rules)
    named = replace(plain, rules=rules, site=text, notices=(Notice("n", text),))
    for one, other in zip(Aws().generate(plain), Aws().generate(named), strict=True):
        if not one.executable:
            assert shape(json.loads(one.text)) == shape(json.loads(other.text))


def shape(value, key=""):
    """The data without free texts, each of which must be of AWS's characters."""
    if isinstance(value, dict):
        return {name: shape(each, name) for name, each in value.items() if name != "Metadata"}
    if isinstance(value, list):
        return [shape(each) for each in value]
    if key.lower().endswith("description") and key != "Description":
        assert set(value) <= _CHARACTERS
    return "" if key.lower().endswith("description") or key == "//" else value

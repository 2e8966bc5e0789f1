"""The group that is written: what is refused, and what the two forms have in common."""

import json
from dataclasses import replace

import pytest

from callgate.dialects.aws import Aws
from callgate.dialects.aws.rules import description
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import PortRange
from callgate.policy.site import Apply, On, Target
from tests.support.policies import policy

GROUP_ID = "sg-0123456789abcdef0"


def both(written):
    """The properties of all rules in the template, and in Terraform's file."""
    artifacts = {each.name: each.text for each in Aws().generate(written)}
    return json.loads(artifacts["callgate.template.json"]), json.loads(
        artifacts["callgate.tf.json"]
    )


def test_both_forms_hold_the_same_rules():
    template, terraform = both(policy(on=On.HOST))
    properties = template["Resources"]["CallgateGroup"]["Properties"]
    for key, kind in (("SecurityGroupEgress", "egress"), ("SecurityGroupIngress", "ingress")):
        cloud = [list(each.values()) for each in properties[key]]
        rules = terraform["resource"][f"aws_vpc_security_group_{kind}_rule"].values()
        assert cloud == [list(each.values())[1:] for each in rules]
        assert cloud


def test_a_merge_adds_rules_to_the_group_that_was_named():
    merged = replace(
        policy(on=On.HOST),
        apply=Apply.MERGE, block=None, target=Target(options={"group-id": GROUP_ID}),
    )  # fmt: skip
    template, terraform = both(merged)
    kinds = {each["Type"] for each in template["Resources"].values()}
    assert kinds == {"AWS::EC2::SecurityGroupEgress"}
    assert {e["Properties"]["GroupId"] for e in template["Resources"].values()} == {GROUP_ID}
    assert "aws_security_group" not in terraform["resource"]


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"on": On.ROUTER}, UnsupportedError, "knows no sources"),
        ({"apply": Apply.MERGE}, UnsupportedError, "cannot deny"),
        ({"apply": Apply.MERGE, "block": None}, UsageError, "to merge, name the group"),
        ({"target": Target(options={"group-id": GROUP_ID})}, UsageError, "goes with --apply merge"),
        ({"target": Target(options={"group": "x"})}, UsageError, "no option 'group'"),
    ],
)
def test_what_it_cannot_do_is_refused(changes, error, said):
    with pytest.raises(error, match=said):
        Aws().generate(replace(policy(on=On.HOST), **changes))


def test_more_rules_than_a_group_can_hold_are_refused_with_the_number():
    rule = policy(on=On.HOST).rules[-1]
    rules = tuple(replace(rule, ports=(PortRange(n, n),)) for n in range(1, 1002))
    with pytest.raises(UnsupportedError, match="1,001 IPv6 rules out"):
        Aws().generate(replace(policy(on=On.HOST), rules=rules))


def test_a_description_holds_only_what_aws_takes():
    assert description('a "b"\n<script> $(x) über') == "a b script $(x) ber"
    assert len(description("x" * 999)) <= 255

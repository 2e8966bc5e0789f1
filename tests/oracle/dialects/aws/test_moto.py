"""Somebody else's EC2 and CloudFormation (moto, cfn-lint) take what we write, and give it back."""

import json

import boto3
import pytest
from cfnlint.api import lint_all
from moto import mock_aws

from callgate.check import Prepared, Question, excess, sufficiency
from callgate.dialects.aws import Aws, AwsReader
from callgate.flows import Family
from callgate.policy.build import build
from callgate.policy.model import Direction
from callgate.policy.site import On
from callgate.verdicts import Verdict
from tests.support.devices import BY_NAME
from tests.support.policies import BOTH, SCENARIOS, policy, site
from tests.support.round_trip import GOTO

# moto and botocore use what Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

FAMILIES = {"v4": (Family.V4,), "v6": (Family.V6,), "both": BOTH}


def template_of(written):
    return next(each.text for each in Aws().generate(written) if "template" in each.name)


@pytest.fixture
def account(monkeypatch):
    """An account that exists in memory only, with one VPC."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield boto3.client("ec2")


def said_of(text):
    """What cfn-lint says against a template; hints (I…) ask for prose that is not ours to write.

    E3688 wants ICMP's code given wherever its type is. CloudFormation does not: -1 is every
    code (Template Reference, AWS::EC2::SecurityGroup Egress, ToPort).
    """
    rules = [match.rule.id for match in lint_all(text)]
    return [each for each in rules if each != "E3688" and not each.startswith("I")]


@pytest.mark.parametrize("families", FAMILIES)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_cfn_lint_finds_nothing_to_say(scenario, families):
    standalone = policy(scenario, on=On.HOST, families=FAMILIES[families])
    merged = BY_NAME["aws"].merging(site(on=On.HOST, families=FAMILIES[families]))
    for written in (standalone, build(GOTO, merged, (scenario,))):
        assert said_of(template_of(written)) == []


def test_cfn_lint_would_say_something():
    assert said_of(template_of(policy(on=On.HOST)).replace('"IpProtocol"', '"IpProtokoll"', 1))


def as_parameter(properties):
    """A rule of the template as the EC2 API takes it."""
    found = {
        key: properties[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in properties
    }
    for key, ranges in (("CidrIp", "IpRanges"), ("CidrIpv6", "Ipv6Ranges")):
        if key in properties:
            found[ranges] = [{key: properties[key], "Description": properties["Description"]}]
    return found


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_ec2_makes_of_it_describes_the_policy(account, scenario):
    vpc = account.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    written = policy(scenario, on=On.HOST)
    properties = json.loads(template_of(written))["Resources"]["CallgateGroup"]["Properties"]
    group = account.create_security_group(
        GroupName="callgate", Description=properties["GroupDescription"], VpcId=vpc
    )["GroupId"]
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    account.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
    for way, authorise in (
        ("SecurityGroupEgress", account.authorize_security_group_egress),
        ("SecurityGroupIngress", account.authorize_security_group_ingress),
    ):
        authorise(GroupId=group, IpPermissions=[as_parameter(each) for each in properties[way]])
    listed = account.describe_security_groups(GroupIds=[group])
    text = json.dumps({"SecurityGroups": listed["SecurityGroups"]}, indent=1)
    prepared = Prepared(AwsReader().parse(text, "listing"))
    for way, direction in (("egress", Direction.OUT), ("ingress", Direction.IN)):
        question = Question(f"{group} {way}")
        wanted = written.flows(direction)
        assert sufficiency(prepared, question, wanted).verdict is Verdict.SATISFIED
        assert excess(prepared, question, wanted).total == 0

"""The two forms of a group: a CloudFormation template, and Terraform's JSON.

Both hold the same permissions. JSON has no comments, so what, why and from where stands in
the description and the metadata. Source: CloudFormation Template Reference; Terraform, "JSON
Configuration Syntax", and the AWS provider's ``aws_security_group``,
``aws_vpc_security_group_egress_rule`` and ``aws_vpc_security_group_ingress_rule``.
"""

import json
from typing import Any, Final

from callgate.dialects.aws.rules import Permission, description
from callgate.flows import Family
from callgate.policy.model import Direction, Policy

GROUP: Final = "CallgateGroup"
#: A template's description has 1,024 bytes at most.
_TEMPLATE_MAX: Final = 1024
_CLOUD: Final = {Direction.OUT: "SecurityGroupEgress", Direction.IN: "SecurityGroupIngress"}
_TERRAFORM: Final = {
    Direction.OUT: "aws_vpc_security_group_egress_rule",
    Direction.IN: "aws_vpc_security_group_ingress_rule",
}
_BLOCK: Final = {Family.V4: ("CidrIp", "cidr_ipv4"), Family.V6: ("CidrIpv6", "cidr_ipv6")}
_VPC: Final = {"Type": "AWS::EC2::VPC::Id", "Description": "The VPC of the instances"}
_VARIABLE: Final = {"type": "string", "description": "The VPC of the instances"}


def template(policy: Policy, permissions: list[Permission], group_id: str) -> str:
    """A stack with a group of its own, or with rules for the group of that id."""
    resources: dict[str, Any] = {}
    if group_id:
        for number, each in enumerate(permissions, 1):
            kind = _CLOUD[each.direction]
            resources[f"Callgate{kind}{number}"] = {
                "Type": f"AWS::EC2::{kind}",
                "Properties": {"GroupId": group_id, **_cloud(each)},
            }
    else:
        properties: dict[str, Any] = {
            "GroupDescription": description(about(policy)),
            "VpcId": {"Ref": "VpcId"},
        }
        for direction, key in _CLOUD.items():
            properties[key] = [_cloud(each) for each in permissions if each.direction is direction]
        resources[GROUP] = {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}
    whole = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": about(policy)[:_TEMPLATE_MAX],
        "Metadata": {"Callgate": facts(policy)},
        **({} if group_id else {"Parameters": {"VpcId": _VPC}}),
        "Resources": resources,
    }
    return json.dumps(whole, indent=2) + "\n"


def terraform(policy: Policy, permissions: list[Permission], group_id: str) -> str:
    """The same for Terraform: ``*.tf.json``."""
    mine = "${aws_security_group.callgate.id}"
    resource: dict[str, Any] = {}
    if not group_id:
        group = {"description": description(about(policy)), "vpc_id": "${var.vpc_id}"}
        resource["aws_security_group"] = {"callgate": group}
    for direction, kind in _TERRAFORM.items():
        rules = {
            f"callgate_{number}": {"security_group_id": group_id or mine, **_hashicorp(each)}
            for number, each in enumerate(permissions, 1)
            if each.direction is direction
        }
        if rules:
            resource[kind] = rules
    comment = " ".join(f"{name}: {text}." for name, text in facts(policy).items())
    variables = {} if group_id else {"variable": {"vpc_id": _VARIABLE}}
    whole = {"//": comment, **variables, "resource": resource}
    return json.dumps(whole, indent=2) + "\n"


def about(policy: Policy) -> str:
    """What the group is for, in one line of ASCII."""
    return f"Callgate: {', '.join(policy.scenarios)} of {policy.profile}"


def facts(policy: Policy) -> dict[str, str]:
    """The header of a file that can hold none."""
    notes = {f"Note {each.id}": each.text for each in policy.notices}
    return {"Document": policy.document, "Site": policy.site, **notes}


def _cloud(each: Permission) -> dict[str, Any]:
    key, _ = _BLOCK[each.family]
    found: dict[str, Any] = {"IpProtocol": each.protocol, key: each.block}
    if each.low is not None:
        found |= {"FromPort": each.low, "ToPort": each.high}
    return found | {"Description": each.description}


def _hashicorp(each: Permission) -> dict[str, Any]:
    _, key = _BLOCK[each.family]
    found: dict[str, Any] = {"ip_protocol": each.protocol, key: each.block}
    if each.low is not None:
        found |= {"from_port": each.low, "to_port": each.high}
    return found | {"description": each.description}

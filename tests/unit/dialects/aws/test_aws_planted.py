"""Groups, lists and templates with a mistake that we planted: the verdict and the line."""

import json

import pytest

from callgate.dialects.aws import AwsReader
from tests.support.verdicts import ask, ask_back

TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
HTTPS = "tcp 192.0.2.7#51000 > 203.0.113.7#443"
SIX = "udp 2001:db8::7#51000 > 2001:db8:1::7#3478"
NETS = ["198.51.100.0/24"]
END = "sg-1 allows nothing else (egress)"
OUT = "sg-1 egress"


def permission(protocol="udp", low=3478, high=None, blocks=NETS, **more):
    """One permission, as describe-security-groups gives it."""
    v6 = [block for block in blocks if ":" in block]
    v4 = [block for block in blocks if ":" not in block]
    return {
        "IpProtocol": protocol,
        **({} if low is None else {"FromPort": low, "ToPort": low if high is None else high}),
        "IpRanges": [{"CidrIp": each} for each in v4],
        "Ipv6Ranges": [{"CidrIpv6": each} for each in v6],
        "PrefixListIds": [],
        "UserIdGroupPairs": [],
        **more,
    }


def group(*egress, ingress=()):
    return json.dumps(
        {
            "SecurityGroups": [
                {
                    "GroupId": "sg-1",
                    "GroupName": "app",
                    "IpPermissions": list(ingress),
                    "IpPermissionsEgress": list(egress),
                }
            ]
        }
    )


def text_of(record):
    return json.dumps(record)


ANY = permission("-1", None, blocks=["0.0.0.0/0"])
TURN_RULE = permission()
PEER = permission(blocks=[], UserIdGroupPairs=[{"GroupId": "sg-2"}])
PREFIXES = permission(blocks=[], PrefixListIds=[{"PrefixListId": "pl-1"}])
STRANGE = permission() | {"Schedule": "night"}
BAD = permission(low=70000)
GROUPS = {
    "right": ([TURN_RULE], TURN, "satisfied", text_of(TURN_RULE)),
    "wrong port": ([permission(low=3479)], TURN, "blocked", END),
    "tcp instead of udp": ([permission("tcp")], TURN, "blocked", END),
    "range one too short": ([permission(low=3400, high=3477)], TURN, "blocked", END),
    "protocol by number": ([permission("17")], TURN, "satisfied", text_of(permission("17"))),
    "network lacks the server": (
        [permission(blocks=["198.51.100.128/25"])], TURN, "blocked", END),
    "v6 forgotten": ([permission(blocks=["0.0.0.0/0"])], SIX, "blocked", END),
    "v6 there": (
        [permission(blocks=["::/0"])], SIX, "satisfied", text_of(permission(blocks=["::/0"]))),
    "everything open": ([ANY], HTTPS, "satisfied", text_of(ANY)),
    "everything, of one family": ([ANY], SIX, "blocked", END),
    "only ingress": ([], TURN, "blocked", END),
    "to members of a group": ([PEER], TURN, "depends", END),
    "to a prefix list": ([PREFIXES], TURN, "depends", END),
    "a key nobody knows": ([STRANGE], TURN, "depends", END),
    "a port that is none": ([BAD], TURN, "depends", END),
    "icmp is no udp": ([permission("icmp", 8, 0, ["0.0.0.0/0"])], TURN, "blocked", END),
}  # fmt: skip


@pytest.mark.parametrize("name", GROUPS)
def test_a_group(name):
    egress, packet, verdict, line = GROUPS[name]
    assert ask(AwsReader(), group(*egress), packet, OUT) == (verdict, line)


def test_a_group_lets_answers_pass_and_first_packets_only_by_ingress():
    assert ask_back(AwsReader(), group(TURN_RULE), TURN, OUT) == "satisfied"
    ssh = permission("tcp", 22, blocks=["192.0.2.0/24"])
    text = group(ANY, ingress=[ssh])
    assert ask(AwsReader(), text, "tcp 192.0.2.7#1 > 10.0.0.1#22", "sg-1 ingress") == (
        "satisfied",
        text_of(ssh),
    )
    assert ask(AwsReader(), text, "tcp 198.51.100.7#1 > 10.0.0.1#22", "sg-1 ingress")[0] == (
        "blocked"
    )


def test_icmp_types_and_codes():
    echo = permission("icmp", 8, 0, ["0.0.0.0/0"])
    assert ask(AwsReader(), group(echo), "icmp 8/0 192.0.2.1 > 198.51.100.1", OUT)[0] == (
        "satisfied"
    )
    assert ask(AwsReader(), group(echo), "icmp 3/4 192.0.2.1 > 198.51.100.1", OUT)[0] == "blocked"


def entry(number, action, protocol="17", ports=(3478, 3478), egress=True, block="0.0.0.0/0"):
    ranged = {"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {}
    return {
        "CidrBlock": block, "Egress": egress, "Protocol": protocol, "RuleAction": action,
        "RuleNumber": number, **ranged,
    }  # fmt: skip


def acl(*entries):
    return json.dumps({"NetworkAcls": [{"NetworkAclId": "acl-1", "Entries": list(entries)}]})


ALL_OUT = entry(100, "allow", "-1", None)
ANSWERS = entry(100, "allow", "17", (1024, 65535), egress=False)
DENY = entry(90, "deny")
STAR = entry(32767, "deny", "-1", None)
ACLS = {
    "open": ([ALL_OUT, STAR], "satisfied", text_of(ALL_OUT)),
    "a deny with a lower number": ([ALL_OUT, DENY, STAR], "blocked", text_of(DENY)),
    "a deny with a higher number": (
        [entry(110, "deny"), ALL_OUT, STAR], "satisfied", text_of(ALL_OUT)),
    "only the star": ([STAR], "blocked", text_of(STAR)),
    "no entry at all": ([], "blocked", "acl-1 denies everything else (egress)"),
    "only the other direction": ([ANSWERS, STAR], "blocked", text_of(STAR)),
    "an action that is none": (
        [entry(10, "maybe"), STAR], "unknown", text_of(entry(10, "maybe"))),
}  # fmt: skip


@pytest.mark.parametrize("name", ACLS)
def test_a_network_acl(name):
    entries, verdict, line = ACLS[name]
    assert ask(AwsReader(), acl(*entries), TURN, "acl-1 egress") == (verdict, line)


def test_a_network_acl_must_let_answers_pass_too():
    assert ask_back(AwsReader(), acl(ALL_OUT, STAR), TURN, "acl-1 egress") == "blocked"
    assert ask_back(AwsReader(), acl(ALL_OUT, ANSWERS), TURN, "acl-1 egress") == "satisfied"


TEMPLATE = """\
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Relays: {Type: String}
Conditions:
  Prod: !Equals [a, b]
Resources:
  App:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: app
%s
"""
INLINE = "      SecurityGroupEgress:\n        - {%s}"
LOOSE = """\
  Rule:
    Type: AWS::EC2::SecurityGroupEgress
%s
    Properties: {GroupId: !GetAtt App.GroupId, IpProtocol: udp, FromPort: 3478, ToPort: 3478,
      CidrIp: %s}
"""
CLOUD_RULE = {"IpProtocol": "udp", "FromPort": 3478, "ToPort": 3478}
OWN = "App: AWS's own egress rule, everything, until another replaces it"
CLOSED = "App allows nothing else (egress)"
TEMPLATES = {
    "no egress rule means all of it": ("", "satisfied", OWN),
    "one rule replaces it": (
        INLINE % "IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0",
        "blocked", CLOSED),
    "a rule of its own": (
        LOOSE % ("", "0.0.0.0/0"), "satisfied",
        text_of({"GroupId": {"!GetAtt": "App.GroupId"}, **CLOUD_RULE, "CidrIp": "0.0.0.0/0"})),
    "a block that a parameter gives": (LOOSE % ("", "!Ref Relays"), "depends", CLOSED),
    "a rule under a condition": (
        LOOSE % ("    Condition: Prod", "192.0.2.0/24"), "depends", CLOSED),
    "ports as text": (
        INLINE % 'IpProtocol: udp, FromPort: "3478", ToPort: "3478", CidrIp: 0.0.0.0/0',
        "satisfied", text_of({
            "IpProtocol": "udp", "FromPort": "3478", "ToPort": "3478", "CidrIp": "0.0.0.0/0"})),
    "rules that a function gives": (
        "      SecurityGroupEgress: !If [Prod, [], []]", "depends", CLOSED),
}  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template(name):
    text, verdict, line = TEMPLATES[name]
    found = ask(AwsReader(), TEMPLATE % text, TURN, "App egress")
    assert (found[0], found[1] if verdict != "depends" else CLOSED) == (verdict, line)


def test_what_is_not_modelled_is_reported_with_its_place():
    text = TEMPLATE % (
        LOOSE % ("", "!Ref Relays") + "  Wall: {Type: 'AWS::NetworkFirewall::Firewall'}\n"
    )
    found = [(each.place.line, each.text) for each in AwsReader().parse(text, "f").unmodelled]
    assert (15, 'the far end is in !Ref "Relays"') in found
    assert (16, "AWS::NetworkFirewall::Firewall") in found


def test_a_rule_of_a_long_list_is_blamed_on_its_own_line():
    blocks = {"IpRanges": [{"CidrIp": "192.0.2.0/24"}, {"CidrIp": "198.51.100.0/24"}]}
    text = json.dumps(json.loads(group(permission() | blocks)), indent=1)
    rules = AwsReader().parse(text, "f").chains["sg-1 egress"].rules
    lines = text.splitlines()
    assert ['"198.51.100.0/24"' in lines[rule.place.line - 1] for rule in rules] == [False, True]


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"Resources": {}}', "a: 1", "{", '{"SecurityGroups": []}']
)
def test_what_holds_no_group_and_no_list_is_an_error(text):
    with pytest.raises(Exception, match="f") as caught:
        AwsReader().parse(text, "f")
    assert type(caught.value).__name__ == "InputError"

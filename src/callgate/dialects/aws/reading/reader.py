"""The reader of AWS's own JSON, and of CloudFormation in JSON or YAML."""

from collections.abc import Iterator, Mapping
from typing import Final

from callgate.dialects.aws.reading import acls, groups
from callgate.dialects.aws.reading.acls import Acl
from callgate.dialects.aws.reading.groups import EGRESS, INGRESS, Group
from callgate.dialects.aws.reading.report import Report
from callgate.dialects.aws.reading.templates import FUNCTIONS, Template
from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.others import is_aws
from callgate.errors import InputError, Mistake
from callgate.profiles.documents import ParsedText, Record, records
from callgate.profiles.json_text import read_json
from callgate.profiles.yaml_text import read_yaml
from callgate.rules import Action, Chain, Entry, Ruleset, Unmodelled

_LISTS: Final = {"IpPermissionsEgress": EGRESS, "IpPermissions": INGRESS}


class AwsReader:
    """Reads ``aws ec2 describe-security-groups``, ``describe-network-acls`` and templates."""

    name = "aws"
    title = "AWS security groups and network ACLs"

    def detect(self, text: str) -> bool:
        """Whether it holds what only AWS writes."""
        return is_aws(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the listing or the template says; InputError when it is neither."""
        del include  # a template names others by address only
        parsed = _read(text, source)
        data = parsed.data
        if not isinstance(data, dict):
            raise InputError(
                [Mistake(parsed.value_place(()), "not a listing: a mapping is expected")]
            )
        report = Report(parsed)
        if "Resources" in data:
            template = Template(data, report)
            template.read()
            return _ruleset(report, template.groups, template.acls)
        return _ruleset(report, _groups(data, report), _acls(data, report))


def _read(text: str, source: str) -> ParsedText:
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return read_json(text, source)
    return read_yaml(text, source, FUNCTIONS)


def _groups(data: Record, report: Report) -> dict[str, Group]:
    found = {}
    for path, record in records(data, "SecurityGroups"):
        name = str(record.get("GroupId", record.get("GroupName")))
        group = found[name] = Group(name, path)
        for key, direction in _LISTS.items():
            for inner, each in records(record, key):
                groups.add_permission(group, direction, each, path + inner, report)
    return found


def _acls(data: Record, report: Report) -> dict[str, Acl]:
    found = {}
    for path, record in records(data, "NetworkAcls"):
        name = str(record.get("NetworkAclId"))
        acl = found[name] = Acl(name, path)
        for inner, each in records(record, "Entries"):
            acls.add_entry(acl, each, path + inner, report)
    return found


def _ruleset(report: Report, found: Mapping[str, Group], lists: Mapping[str, Acl]) -> Ruleset:
    every: list[Group | Acl] = [*found.values(), *lists.values()]
    if not every:
        message = "there is no security group and no network ACL here"
        raise InputError([Mistake(report.parsed.value_place(()), message)])
    chains = {chain.name: chain for each in every for chain in each.chains(report)}
    chains[groups.ANSWERS] = Chain(groups.ANSWERS, (), Action.ACCEPT)
    return Ruleset(
        "aws",
        report.parsed.source,
        chains,
        tuple(_entries(every, report)),
        unmodelled=_sorted(report.unmodelled),
    )


def _entries(every: list[Group | Acl], report: Report) -> Iterator[Entry]:
    for each in every:
        yield from each.entries(report)
    yield Entry(groups.ANSWERS, (groups.ANSWERS,), "reply")


def _sorted(unmodelled: list[Unmodelled]) -> tuple[Unmodelled, ...]:
    return tuple(sorted(dict.fromkeys(unmodelled), key=lambda each: (each.place, each.text)))

"""CloudFormation templates: groups and network ACLs among other resources.

A group's default egress, everything, is there until a template gives the group an egress
rule, inside it or as a resource of its own. A resource with a ``Condition`` is there only
where the condition holds.
"""

from collections.abc import Callable, Iterator
from typing import Final

from callgate.dialects.aws.reading import acls, groups
from callgate.dialects.aws.reading.acls import Acl
from callgate.dialects.aws.reading.groups import EGRESS, INGRESS, Group
from callgate.dialects.aws.reading.report import Report, function_of, words
from callgate.profiles.documents import JsonPath, Record
from callgate.rules import Literal

#: Functions in YAML's short form.
FUNCTIONS: Final = frozenset(
    f"!{name}"
    for name in (
        "Ref", "Sub", "GetAtt", "Join", "Select", "Split", "If", "Equals", "And", "Or", "Not",
        "Condition", "FindInMap", "ImportValue", "Base64", "Cidr", "GetAZs", "Transform",
    )
)  # fmt: skip
_PREFIX: Final = "AWS::EC2::"
_PROPERTIES: Final = "Properties"
#: Resources that filter packets and are read by other rules than ours.
_FOREIGN: Final = ("AWS::NetworkFirewall::", "AWS::WAF", "AWS::EC2::PrefixList")
_HANDLED: Final = frozenset(
    _PREFIX + name
    for name in (
        "SecurityGroup", "SecurityGroupEgress", "SecurityGroupIngress", "NetworkAcl",
        "NetworkAclEntry",
    )
)  # fmt: skip


class Template:
    """A template while it is read."""

    def __init__(self, data: Record, report: Report) -> None:
        self._report = report
        self._resources = data.get("Resources")
        self.groups: dict[str, Group] = {}
        self.acls: dict[str, Acl] = {}
        #: Groups with an egress rule that is there under every condition.
        self._replaced: set[str] = set()

    def read(self) -> None:
        """First what has a name, then the rules that belong to it."""
        for name, path, record in self._of("SecurityGroup"):
            self.groups[name] = Group(name, path)
            self._inline(self.groups[name], record, path)
        for name, path, _ in self._of("NetworkAcl"):
            self.acls[name] = Acl(name, path)
        for direction, kind in ((EGRESS, "SecurityGroupEgress"), (INGRESS, "SecurityGroupIngress")):
            for _, path, record in self._of(kind):
                self._loose(direction, record, path)
        for _, path, record in self._of("NetworkAclEntry"):
            self._loose_entry(record, path)
        for name, path, _ in self._of("SecurityGroup"):
            self._own_egress(self.groups[name], path)
        self._foreign()

    def _own_egress(self, group: Group, path: JsonPath) -> None:
        """AWS's own rule, where no rule of the template is sure to replace it."""
        if group.name in self._replaced:
            return
        why = f"{group.name}: AWS's own egress rule, everything, until another replaces it"
        guards = []
        if group.rules[EGRESS]:
            hint = "every egress rule of the group hangs on a condition of the template"
            guards = [self._report.condition(path, f"{group.name} has no egress rule", hint)]
        group.rules[EGRESS].append(groups.allow_all(path, self._report, why, *guards))

    def _records(self) -> Iterator[tuple[str, JsonPath, Record]]:
        for name, record in (self._resources if isinstance(self._resources, dict) else {}).items():
            if isinstance(record, dict):
                yield name, ("Resources", name), record

    def _of(self, kind: str) -> Iterator[tuple[str, JsonPath, Record]]:
        for name, path, record in self._records():
            if record.get("Type") == _PREFIX + kind:
                yield name, path, record

    def _inline(self, group: Group, record: Record, path: JsonPath) -> None:
        for key, direction in (("SecurityGroupEgress", EGRESS), ("SecurityGroupIngress", INGRESS)):
            listed = _properties(record).get(key, [])
            here = (*path, _PROPERTIES, key)
            if not isinstance(listed, list):
                listed = [listed]
            for index, each in enumerate(listed):
                self._permission(group, direction, each, (*here, index), self._guards(record, path))

    def _permission(
        self, group: Group, direction: str, value: object, path: JsonPath, guards: list[Literal]
    ) -> None:
        if direction == EGRESS and not guards and function_of(value) is None:
            self._replaced.add(group.name)
        if isinstance(value, dict) and "IpProtocol" in value:
            groups.add_permission(group, direction, value, path, self._report, *guards)
            return
        hint = "a rule that a function gives, or one without a protocol"
        record: Record = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0", "CidrIpv6": "::/0"}
        unsure = self._report.condition(path, words(value), hint)
        groups.add_permission(group, direction, record, path, self._report, unsure, *guards)

    def _loose(self, direction: str, record: Record, path: JsonPath) -> None:
        """A rule as a resource of its own, of a group in the template or of another one."""
        properties = _properties(record)
        here = (*path, _PROPERTIES)
        name = _target(properties.get("GroupId", properties.get("GroupName")))
        group = self.groups.setdefault(name, Group(name, path))
        self._permission(group, direction, properties, here, self._guards(record, path))

    def _loose_entry(self, record: Record, path: JsonPath) -> None:
        properties = _properties(record)
        name = _target(properties.get("NetworkAclId"))
        acl = self.acls.setdefault(name, Acl(name, path))
        guards = self._guards(record, path)
        acls.add_entry(acl, properties, (*path, _PROPERTIES), self._report, *guards)

    def _guards(self, record: Record, path: JsonPath) -> list[Literal]:
        if "Condition" not in record:
            return []
        text = f"the template's condition {words(record['Condition'])} holds"
        hint = "it is decided when the stack is made"
        return [self._report.condition((*path, "Condition"), text, hint)]

    def _foreign(self) -> None:
        for _, path, record in self._records():
            kind = str(record.get("Type"))
            if kind.startswith(_FOREIGN) or (
                kind.startswith((_PREFIX + "SecurityGroup", _PREFIX + "NetworkAcl"))
                and kind not in _HANDLED | _BINDINGS
            ):
                self._report.condition(path, kind, "resources of this kind are not modelled")


#: They say where something is attached, and filter nothing themselves.
_BINDINGS: Final = frozenset(
    {_PREFIX + "SecurityGroupVpcAssociation", _PREFIX + "NetworkAclAssociation"}
)


def _properties(record: Record) -> Record:
    found = record.get(_PROPERTIES)
    return found if isinstance(found, dict) else {}


def _target(value: object) -> str:
    """What a rule belongs to: a resource of the template by its name, or an id."""
    names: dict[str, Callable[[object], object]] = {
        "Ref": lambda of: of,
        "!Ref": lambda of: of,
        "Fn::GetAtt": lambda of: of[0] if isinstance(of, list) and of else of,
        "!GetAtt": lambda of: str(of).partition(".")[0] if isinstance(of, str) else _first(of),
    }
    if isinstance(value, dict) and len(value) == 1:
        ((function, argument),) = value.items()
        if function in names:
            return str(names[function](argument))
    return value if isinstance(value, str) else words(value)


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value

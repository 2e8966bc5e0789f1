"""Security groups: permissions as allows, one chain for each direction.

``describe-security-groups`` gives each permission lists of blocks; a template gives it one.
Both become the same rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from callgate.dialects.aws.reading.report import Report, function_of, words
from callgate.dialects.aws.reading.traffic import Traffic, block, families_of, traffic
from callgate.profiles.documents import JsonPath, Record
from callgate.rules import Action, Addresses, Chain, Entry, Literal, Match, Rule

#: The way that answers take past a group: every one of them passes.
ANSWERS: Final = "answers past a group"
EGRESS, INGRESS = "egress", "ingress"
_HOOKS: Final = {EGRESS: "output", INGRESS: "input"}
_RANGES: Final = {"IpRanges": "CidrIp", "Ipv6Ranges": "CidrIpv6"}
_MEMBERS: Final = {
    "UserIdGroupPairs": "GroupId",
    "PrefixListIds": "PrefixListId",
}
_BLOCKS: Final = ("CidrIp", "CidrIpv6")
_NAMED: Final = (
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
)
_KNOWN: Final = frozenset(
    {"IpProtocol", "FromPort", "ToPort", "Description", "GroupId", "GroupName"}
    | {"SourceSecurityGroupOwnerId", *_RANGES, *_MEMBERS, *_BLOCKS, *_NAMED}
)
_HINT: Final = "who is in it is known in the account only"


@dataclass
class Group:
    """One security group while it is read."""

    name: str
    path: JsonPath
    rules: dict[str, list[Rule]] = field(default_factory=lambda: {EGRESS: [], INGRESS: []})

    def chains(self, report: Report) -> Iterator[Chain]:
        """Both directions; what no permission takes is dropped."""
        place = report.parsed.value_place(self.path)
        for direction, rules in self.rules.items():
            text = f"{self.name} allows nothing else ({direction})"
            yield Chain(
                f"{self.name} {direction}", tuple(rules), Action.DROP, place=place,
                default_text=text,
            )  # fmt: skip

    def entries(self, report: Report) -> Iterator[Entry]:
        """One way for each direction; answers pass by themselves."""
        place = report.parsed.value_place(self.path)
        for direction in self.rules:
            name = f"{self.name} {direction}"
            yield Entry(name, (name,), _HOOKS[direction], place, ANSWERS)


@dataclass(frozen=True, slots=True)
class _End:
    """One far end of a permission: a block, or somebody that only the account knows."""

    path: JsonPath
    addresses: Addresses | None = None
    conditions: tuple[Literal, ...] = ()


def add_permission(
    group: Group, direction: str, record: Record, path: JsonPath, report: Report, *guards: Literal
) -> None:
    """The rules of one permission; what is wrong or unknown in it makes it a condition."""
    place, text = report.parsed.value_place(path), words(record)
    strangers = (*guards, *report.strangers(record, path, _KNOWN))
    try:
        what = _traffic(record, path, report)
    except ValueError as error:
        strangers = (*strangers, report.condition(path, text, str(error)))
        what = (Traffic(), ())
    for end in _ends(record, path, report):
        match = _match(what[0], end, direction, (*strangers, *what[1], *end.conditions))
        if match is not None:
            rule = Rule(Action.ACCEPT, match, place, text)
            if _is_apart(end, path):
                rule = replace(rule, place=report.parsed.value_place(end.path))
            group.rules[direction].append(rule)


def _is_apart(end: _End, path: JsonPath) -> bool:
    """Whether an end has a line of its own in a list of the permission's."""
    return len(end.path) > len(path) + 1


def _traffic(record: Record, path: JsonPath, report: Report) -> tuple[Traffic, tuple[Literal, ...]]:
    """The traffic, and a condition for each part of it that a function gives."""
    parts = [record.get(key) for key in ("IpProtocol", "FromPort", "ToPort")]
    functions = [function_of(part) for part in parts]
    if not any(functions):
        return traffic(*parts), ()
    text = f"the traffic is that of {words(record)}"
    return Traffic(), (report.condition(path, text, "the value of a function is not known here"),)


def _ends(record: Record, path: JsonPath, report: Report) -> Iterator[_End]:
    for key in _BLOCKS:
        if key in record:
            yield _block_end(record[key], (*path, key), report)
    for key, inner in _RANGES.items():
        for index, each in enumerate(_list(record.get(key))):
            yield _block_end(each.get(inner), (*path, key, index, inner), report)
    for key, inner in _MEMBERS.items():
        for index, each in enumerate(_list(record.get(key))):
            yield _member(each.get(inner), (*path, key, index, inner), report)
    for key in _NAMED:
        if key in record:
            yield _member(record[key], (*path, key), report)


def _block_end(value: object, path: JsonPath, report: Report) -> _End:
    call = function_of(value)
    if call is not None:
        hint = "the value of a function is not known here"
        return _End(path, None, (report.condition(path, f"the far end is in {call}", hint),))
    try:
        return _End(path, block(value))
    except ValueError as error:
        return _End(path, None, (report.condition(path, words(value), str(error)),))


def _member(value: object, path: JsonPath, report: Report) -> _End:
    name = function_of(value) or str(value)
    return _End(path, None, (report.condition(path, f"the far end is in {name}", _HINT),))


def _match(
    what: Traffic, end: _End, direction: str, conditions: tuple[Literal, ...]
) -> Match | None:
    """The match, or None where protocol and block share no family."""
    families = what.families
    if end.addresses is not None:
        families &= families_of(end.addresses)
    if not families:
        return None
    return Match(
        families,
        what.protocol,
        source=None if direction == EGRESS else end.addresses,
        destination=end.addresses if direction == EGRESS else None,
        destination_port=what.ports,
        conditions=conditions,
    )


def _list(value: object) -> list[Record]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def allow_all(path: JsonPath, report: Report, why: str, *guards: Literal) -> Rule:
    """The rule that AWS itself adds to a group."""
    return Rule(Action.ACCEPT, Match(conditions=guards), report.parsed.value_place(path), why)

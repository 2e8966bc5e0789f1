"""Cisco IOS as a dialect: lists of our own, or entries in the site's."""

import re
from dataclasses import dataclass
from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.cisco import writing as cisco
from callgate.dialects.cisco_ios import writing
from callgate.dialects.options import chosen, named
from callgate.dialects.placement import refuse_domains
from callgate.dialects.wording import header
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family
from callgate.policy.model import Policy, Rule
from callgate.policy.site import Apply, On

_HOW: Final = (
    "`reload in 5`, then paste in configuration mode; if all is well `reload cancel` and"
    " `write memory`; back with rollback.ios"
)
_STATEFUL: Final = (writing.REFLEXIVE, writing.ESTABLISHED, writing.INSPECTED)
_PLACE: Final = re.compile(r"([A-Za-z][A-Za-z0-9_.-]{0,62}):([1-9][0-9]{0,8})")
_HEAD: Final = {Family.V4: "ip access-list extended", Family.V6: "ipv6 access-list"}
_BIND: Final = {Family.V4: "ip access-group", Family.V6: "ipv6 traffic-filter"}


@dataclass(frozen=True, slots=True)
class _List:
    """One list of our own, and the side of the router that it is bound to."""

    family: Family
    name: str
    lines: list[str]
    interface: str

    @property
    def commands(self) -> list[str]:
        return [f"{_HEAD[self.family]} {self.name}", *(f" {line}" for line in self.lines), "exit"]

    @property
    def binding(self) -> str:
        return f"{_BIND[self.family]} {self.name} out"


class Ios:
    """Lists for IOS and IOS-XE."""

    name = "cisco-ios"
    title = "Cisco IOS and IOS-XE"
    filters = True
    sides: frozenset[str] = frozenset({"inside", "outside"})
    options: tuple[Option, ...] = (
        Option(
            "stateful",
            "What lets answers pass: a reflexive list, flags and ports, or something that is"
            " configured already (zones, inspection)",
            _STATEFUL,
        ),
        Option("answers", "For a merge: list and number for the answers, NAME:NUMBER"),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=False,
        domains="no",
        groups=False,
        name_limit=63,
        name_charset="A-Z a-z 0-9 _ . -",
        comments="remarks, 100 characters",
        logging=True,
        default_action="an implicit deny at the end of each list",
        order="first match, by sequence number",
        merge="entries from a sequence number of the site's list on; one family at a time",
        source="Cisco IOS Security Command Reference: permit (IP), permit (IPv6), evaluate",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """``callgate.ios`` and ``rollback.ios``.

        Raises UnsupportedError for domains, for a host and for a merge of two families;
        UsageError without the interfaces, without ``stateful``, or without the list to merge
        into.
        """
        refuse_domains(policy, self.title)
        stateful = chosen(self, policy.target)["stateful"]
        if not stateful:
            raise UsageError(
                "a list of IOS knows no connections: what lets the answers pass?",
                hint="--option stateful=" + ", ".join(_STATEFUL),
            )
        rules = cisco.entries(policy, self.title)
        merging = policy.apply is Apply.MERGE
        made, back = (self._merged if merging else self._standalone)(policy, rules, stateful)
        head = cisco.comments(header(policy, self.title, how=_HOW))
        families = policy.families if merging else tuple(Family)
        opened = writing.excess(rules, policy.clients, families, stateful)
        note = writing.note(stateful, families)
        said = [f"! Excess:    {note}"] if note else []
        return (
            Artifact(
                "callgate.ios",
                _joined([*head, *said, *made]),
                "lists and their binding",
                excess=opened,
                excess_note=note,
            ),
            Artifact("rollback.ios", _joined([*head, *back]), "takes them back", rollback=True),
        )

    def allow_lines(self, rules: tuple[Rule, ...], on: On) -> tuple[str, ...]:
        """Entries as they stand in a list; the answers need lines in another one."""
        del on
        written = tuple(each for each in rules if each.ports)
        families = {each.family for each in written}
        return tuple(
            line
            for family in sorted(families)
            for line in writing.outgoing(written, family, writing.INSPECTED)
            if not line.startswith("remark ")
        )

    def _standalone(
        self, policy: Policy, rules: tuple[Rule, ...], stateful: str
    ) -> tuple[list[str], list[str]]:
        """First the lists, then what goes out is recorded, then answers are judged."""
        lists = [each for family in Family for each in self._lists(policy, rules, family, stateful)]
        lists.sort(key=lambda each: each.name.startswith(f"{cisco.PREFIX}-BACK"))
        made = [command for each in lists for command in each.commands]
        for each in lists:
            made += [f"interface {each.interface}", f" {each.binding}", "exit"]
        back = []
        for each in reversed(lists):
            back += [f"interface {each.interface}", f" no {each.binding}", "exit"]
        return made, [*back, *(f"no {_HEAD[each.family]} {each.name}" for each in lists)]

    def _lists(
        self, policy: Policy, rules: tuple[Rule, ...], family: Family, stateful: str
    ) -> list[_List]:
        """What goes out and what comes back of one family; nothing for one left alone."""
        outside = named(self, policy.target, "outside", "interface", cisco.INTERFACE)
        inside = named(self, policy.target, "inside", "interface", cisco.INTERFACE)
        out = writing.outgoing(rules, family, stateful)
        back = writing.answers(rules, policy.clients, family, stateful)
        if policy.block is not None:
            ending = writing.block(policy.block, family)
            out, back = [*out, *ending], [*back, *ending] if back else []
        found = []
        for word, lines, interface in (("OUT", out, outside), ("BACK", back, inside)):
            if lines:
                name = f"{cisco.PREFIX}-{word}-V{family.value}-{cisco.digest(lines)}"
                found.append(_List(family, name, lines, interface))
        return found

    def _merged(
        self, policy: Policy, rules: tuple[Rule, ...], stateful: str
    ) -> tuple[list[str], list[str]]:
        """Numbered entries in the site's own lists."""
        if len(policy.families) != 1:
            raise UnsupportedError(
                "a list of IOS has one family, and a merge goes into one list",
                hint="--family 4, and --family 6 for the other list",
            )
        (family,) = policy.families
        point = cisco.list_to_merge_into(policy)
        lines = writing.outgoing(rules, family, stateful)
        if policy.block is not None:
            lines += writing.block(policy.block, family)
        made, back = _numbered(family, point.chain, point.position, lines)
        answering = writing.answers(rules, policy.clients, family, stateful)
        if answering:
            name, number = _answers_place(chosen(self, policy.target)["answers"])
            more, less = _numbered(family, name, number, answering)
            made, back = [*made, *more], [*less, *back]
        return made, back


def _numbered(
    family: Family, name: str, first: int, lines: list[str]
) -> tuple[list[str], list[str]]:
    """Entries from a number on, without remarks: those have no number of their own."""
    entries = [line for line in lines if not line.startswith("remark ")]
    head = f"{_HEAD[family]} {name}"
    made = [head]
    for number, line in enumerate(entries, first):
        made.append(f" {number} {line}" if family is Family.V4 else f" sequence {number} {line}")
    word = "no " if family is Family.V4 else "no sequence "
    removal = [f" {word}{number}" for number in range(first, first + len(entries))]
    return [*made, "exit"], [head, *removal, "exit"]


def _answers_place(text: str) -> tuple[str, int]:
    found = _PLACE.fullmatch(text)
    if found is None:
        raise UsageError(
            "to merge, name the list that the answers meet and a free number in it",
            hint="--option answers=NAME:NUMBER, or --option stateful=inspected",
        )
    return found[1], int(found[2])


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"

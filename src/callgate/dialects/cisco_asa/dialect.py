"""Cisco ASA as a dialect: a list of our own, or lines in the site's."""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.cisco import writing
from callgate.dialects.cisco_asa.writing import Groups, block_entries, entries_of, spelt_out
from callgate.dialects.options import chosen, named
from callgate.dialects.placement import refuse_domains
from callgate.dialects.wording import header
from callgate.errors import UsageError
from callgate.policy.model import Policy, Rule
from callgate.policy.site import Apply, On

_HOW: Final = "paste in configuration mode; try it, then write memory; back with rollback.asa"


class Asa:
    """Commands for an ASA, version 9.0 or newer."""

    name = "cisco-asa"
    title = "Cisco Secure Firewall ASA"
    filters = True
    sides: frozenset[str] = frozenset({"inside"})
    options: tuple[Option, ...] = (
        Option("previous-list", "The list that the interface has today, for the roll-back"),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=True,
        domains="no: an FQDN object holds one exact name, never a wildcard",
        groups=True,
        name_limit=63,
        name_charset="A-Z a-z 0-9 _ . -",
        comments="remarks, 100 characters",
        logging=True,
        default_action="an implicit deny at the end of each list; it does not answer",
        order="first match",
        merge="lines at a number of the site's list",
        source="Cisco ASA Series Command Reference: access-list extended, access-group",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """``callgate.asa`` and ``rollback.asa``.

        Raises UnsupportedError for domains and for a host; UsageError without the name of
        the interface, or of the list and line to merge into.
        """
        refuse_domains(policy, self.title)
        groups = Groups()
        wanted = [
            line
            for rule in writing.entries(policy, self.title)
            for line in entries_of(rule, groups)
        ]
        if policy.block is not None:
            wanted += block_entries(policy.block, groups)
        wanted = list(dict.fromkeys(wanted))
        made, back = (
            self._merged(policy, wanted)
            if policy.apply is Apply.MERGE
            else self._standalone(policy, wanted)
        )
        head = writing.comments(header(policy, self.title, how=_HOW))
        text = [*head, *groups.commands(), *made]
        removal = [*head, *back, *groups.removal()]
        return (
            Artifact("callgate.asa", _joined(text), "groups, entries and binding"),
            Artifact("rollback.asa", _joined(removal), "takes them back", rollback=True),
        )

    def allow_lines(self, rules: tuple[Rule, ...], on: On) -> tuple[str, ...]:
        """Entries as they stand behind ``access-list NAME line NUMBER``."""
        del on
        return tuple(line for rule in rules for line in spelt_out(rule))

    def _standalone(self, policy: Policy, wanted: list[str]) -> tuple[list[str], list[str]]:
        """A list of our own, bound in one step when it is complete."""
        inside = named(self, policy.target, "inside", "nameif", writing.NAME)
        previous = chosen(self, policy.target)["previous-list"]
        if previous and not writing.NAME.fullmatch(previous):
            raise UsageError(f"option previous-list: {previous!r} cannot be the name of a list")
        name = f"{writing.PREFIX}-{writing.digest(wanted)}"
        bind = f"access-group {name} in interface {inside}"
        unbind = f"access-group {previous} in interface {inside}" if previous else f"no {bind}"
        made = [f"access-list {name} {line}" for line in wanted]
        return [*made, bind], [unbind, f"clear configure access-list {name}"]

    def _merged(self, policy: Policy, wanted: list[str]) -> tuple[list[str], list[str]]:
        """Lines of the site's list, one behind the other from the line that it names."""
        point = writing.list_to_merge_into(policy)
        made = [
            f"access-list {point.chain} line {number} {line}"
            for number, line in enumerate(wanted, point.position)
        ]
        return made, [f"no access-list {point.chain} {line}" for line in wanted]


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"

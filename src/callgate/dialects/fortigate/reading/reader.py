"""Reading a whole configuration of a FortiGate."""

from typing import Final

from callgate.dialects.fortigate.reading.addresses import AddressReader, End, all_of
from callgate.dialects.fortigate.reading.findings import Findings
from callgate.dialects.fortigate.reading.objects import groups_of, objects_of
from callgate.dialects.fortigate.reading.policies import PolicyReader
from callgate.dialects.fortigate.reading.services import Service, ServiceReader, predefined
from callgate.dialects.fortigate.reading.tables import Edit, Path, Reader, Table
from callgate.dialects.members import Members
from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.others import is_fortigate
from callgate.errors import InputError, Mistake
from callgate.flows import Family
from callgate.places import Place
from callgate.rules import BOTH_FAMILIES, Action, Chain, Entry, Rule, Ruleset

_POLICY: Final = ("firewall", "policy")
_POLICY6: Final = ("firewall", "policy6")
#: Tables that filter or rewrite forwarded packets beside the policies, and are not modelled.
_BESIDE: Final = {
    ("firewall", "security-policy"): "policies of the policy-based mode",
    ("firewall", "interface-policy"): "filters of an interface",
    ("firewall", "interface-policy6"): "filters of an interface",
    ("firewall", "DoS-policy"): "limits against floods",
    ("firewall", "DoS-policy6"): "limits against floods",
    ("firewall", "acl"): "filters in hardware, before the policies",
    ("firewall", "acl6"): "filters in hardware, before the policies",
    ("firewall", "vip"): "translation of destinations",
    ("firewall", "vip6"): "translation of destinations",
    ("firewall", "proxy-policy"): "policies of the explicit proxy",
    ("firewall", "ttl-policy"): "filters by time to live",
    ("firewall", "multicast-policy"): "policies for multicast",
}
_IMPLICIT: Final = "implicit deny: policy 0"


class FortigateReader:
    """Reads ``show`` or ``show full-configuration``, or a part of it."""

    name = "fortigate"
    title = "FortiGate (FortiOS)"

    def detect(self, text: str) -> bool:
        """Whether it opens one of the tables that only FortiOS has."""
        return is_fortigate(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the configuration says; InputError when the text is none."""
        del include  # nothing in this language names another text
        read = Reader(text, source)
        if not read.root.tables:
            message = "there is no `config` here: this is no configuration of a FortiGate"
            raise InputError([Mistake(Place(source, 1), message)])
        findings = Findings(read.unmodelled)
        chains: dict[str, Chain] = {}
        entries: list[Entry] = []
        for name, domain in _domains(read.root):
            _Domain(name, domain, findings, source).build(chains, entries)
        return Ruleset(
            self.name,
            source,
            chains,
            tuple(entries),
            unmodelled=findings.unmodelled,
            notes=tuple(findings.notes),
            stateful=True,
        )


def _domains(root: Edit) -> list[tuple[str, Edit]]:
    """The virtual domains; a device without them is one."""
    table = root.tables.get(("vdom",))
    if table is None:
        return [("", root)]
    return [(name, edit) for name, edit in table.edits.items() if edit.tables]


class _Domain:
    """One virtual domain while it is read."""

    def __init__(self, name: str, edit: Edit, findings: Findings, source: str) -> None:
        self._name, self._edit = name, edit
        self._findings = findings
        self._source = source

    def build(self, chains: dict[str, Chain], entries: list[Entry]) -> None:
        """The list of policies, the one of the older IPv6 table, and the ways through both."""
        reader = self._policy_reader()
        old = _POLICY6 in self._edit.tables
        families = (Family.V4,) if old else (Family.V4, Family.V6)
        names = [self._chain(chains, _POLICY, reader, families, old6=False)]
        if old:
            names.append(self._chain(chains, _POLICY6, reader, (Family.V6,), old6=True))
        way = f"{self._name} forward".strip()
        entries.append(Entry(way, tuple(names), "forward", self._edit.place))
        self._beside()

    def _policy_reader(self) -> PolicyReader:
        findings = self._findings
        addresses = {family: self._members(family) for family in Family}
        services = Members(
            objects=objects_of(
                self._table("firewall", "service", "custom"),
                ServiceReader(findings).read,
                predefined,
            ),
            groups=groups_of(self._table("firewall", "service", "group")),
            unknown=lambda *what: Service(None, condition=findings.member(*what)),
        )
        zones = {
            name: edit.words("interface")
            for name, edit in self._table("system", "zone").edits.items()
        }
        return PolicyReader(findings, addresses, services, zones)

    def _members(self, family: Family) -> Members[End]:
        suffix = "" if family is Family.V4 else "6"
        return Members(
            objects=objects_of(
                self._table("firewall", f"address{suffix}"),
                AddressReader(family, self._findings).read,
                lambda name: all_of(family, name),
            ),
            groups=groups_of(self._table("firewall", f"addrgrp{suffix}")),
            unknown=lambda *what: End(None, self._findings.member(*what)),
        )

    def _table(self, *path: str) -> Table:
        return self._edit.tables.get(path, Table())

    def _chain(
        self,
        chains: dict[str, Chain],
        path: Path,
        reader: PolicyReader,
        families: tuple[Family, ...],
        *,
        old6: bool,
    ) -> str:
        name = f"{self._name} {' '.join(path)}".strip()
        table = self._table(*path)
        rules: list[Rule] = []
        for edit in table.edits.values():
            rules += reader.rules(edit, families, old6=old6)
        last = list(table.edits.values())[-1:]
        place = last[0].place if last else Place(self._source, 1)
        chains[name] = Chain(
            name,
            tuple(rules),
            Action.DROP,
            BOTH_FAMILIES if len(families) == len(Family) else frozenset(families),
            place,
            place,
            _IMPLICIT,
        )
        return name

    def _beside(self) -> None:
        for path, hint in _BESIDE.items():
            for edit in self._table(*path).edits.values():
                text = f"config {' '.join(path)}: edit {edit.name}"
                self._findings.report(text, edit.place, hint)
        settings = self._table("system", "settings").block
        if settings is not None and settings.word("ngfw-mode") == "policy-based":
            value = settings.settings["ngfw-mode"]
            hint = "in this mode security policies decide by application"
            self._findings.report(value.text, value.place, hint)

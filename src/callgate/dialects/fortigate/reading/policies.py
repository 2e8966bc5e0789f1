"""Policies as rules of one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callgate.dialects.fortigate.reading import keys
from callgate.dialects.fortigate.reading.addresses import End
from callgate.dialects.fortigate.reading.findings import Findings
from callgate.dialects.fortigate.reading.services import Service, complement
from callgate.dialects.fortigate.reading.tables import Edit
from callgate.dialects.members import Members
from callgate.flows import Family
from callgate.places import Place
from callgate.rules import (
    Action,
    Addresses,
    Condition,
    Interfaces,
    Literal,
    Match,
    Note,
    Rule,
)

_ACTIONS: Final = {"accept": Action.ACCEPT, "deny": Action.DROP}
_SUFFIX: Final = {Family.V4: "", Family.V6: "6"}
#: One policy never becomes more rules than this; what is beyond is one condition.
_RULES: Final = 20_000
_TEXT: Final = 160


@dataclass
class PolicyReader:
    """Reads the entries of ``config firewall policy`` (and of the older ``policy6``)."""

    findings: Findings
    addresses: dict[Family, Members[End]]
    services: Members[Service]
    zones: dict[str, tuple[str, ...]]

    def rules(self, edit: Edit, families: tuple[Family, ...], *, old6: bool = False) -> list[Rule]:
        """The rules of one policy, all with its place; ``old6`` for a table of IPv6 alone."""
        text = shown(edit)
        enabled = edit.word("status", "enable") != "disable"
        action = _ACTIONS.get(edit.word("action", "deny"))
        missing = self._missing(edit, old6=old6)
        if action is None or missing:
            hint = f"the policy has no {missing}" if missing else "not accept and not deny"
            unsure = self.findings.condition(text, edit.place, hint)
            match = Match(conditions=(unsure,))
            return [Rule(Action.UNMODELLED, match, edit.place, text, "", enabled)]
        conditions = tuple(self._conditions(edit))
        found = [
            Rule(action, match, edit.place, text, "", enabled)
            for family in families
            for match in self._matches(edit, family, conditions, old6=old6)
        ]
        self._note(edit, found, action)
        if len(found) > _RULES:
            unsure = self.findings.condition(text, edit.place, "too many objects to follow")
            return [Rule(action, Match(conditions=(unsure,)), edit.place, text, "", enabled)]
        return found

    def _missing(self, edit: Edit, *, old6: bool) -> str:
        """The first thing that no policy can do without."""
        by_service = edit.word("internet-service") == "enable"
        for key in ("srcintf", "dstintf", "service"):
            if key not in edit.settings and not (key == "service" and by_service):
                return key
        suffixes = ("",) if old6 else ("", "6")
        for side in ("srcaddr", "dstaddr"):
            service = {"srcaddr": "internet-service-src", "dstaddr": "internet-service"}[side]
            there = any(f"{side}{suffix}" in edit.settings for suffix in suffixes)
            if not there and edit.word(service) != "enable":
                return side
        return ""

    def _conditions(self, edit: Edit) -> Iterator[Literal]:
        for key, value in edit.settings.items():
            if key in keys.CONDITIONS and value.words not in {("disable",), ("0",), ()}:
                yield self.findings.setting(edit, key, keys.CONDITIONS[key])
            elif key == "schedule" and value.words != ("always",):
                yield self.findings.setting(edit, key, "what time it is, is not known here")
            elif key.startswith("internet-service") and value.words not in {("disable",), ()}:
                hint = "internet services are lists that the vendor of the device keeps"
                yield self.findings.setting(edit, key, hint)
            elif not self._known(key):
                yield self.findings.setting(edit, key, f"unknown key {key!r}")
        for path, table in edit.tables.items():
            place = next((each.place for each in table.edits.values()), edit.place)
            yield self.findings.condition(" ".join(path), place, "rules within a policy")

    @staticmethod
    def _known(key: str) -> bool:
        known = keys.READ | keys.INSPECTION | keys.CONDITIONS.keys()
        return key in known or keys.silent(key) or key.startswith("internet-service")

    def _matches(
        self, edit: Edit, family: Family, conditions: tuple[Literal, ...], *, old6: bool
    ) -> Iterator[Match]:
        suffix = "" if old6 else _SUFFIX[family]
        sources = self._ends(edit, "srcaddr", suffix, family)
        targets = self._ends(edit, "dstaddr", suffix, family)
        if not sources or not targets:
            return
        services = self._services(edit)
        incoming, outgoing = (self._interfaces(edit, key) for key in ("srcintf", "dstintf"))
        for source in self._without_names(edit, sources):
            for target in targets:
                for service in services:
                    if family not in service.families:
                        continue
                    hung = (source.condition, target.condition, service.condition)
                    yield Match(
                        frozenset({family}),
                        service.protocol,
                        source.addresses,
                        target.addresses,
                        service.source_port,
                        service.port,
                        incoming,
                        outgoing,
                        conditions=(*conditions, *(each for each in hung if each is not None)),
                    )

    def _ends(self, edit: Edit, side: str, suffix: str, family: Family) -> list[End]:
        """The addresses of one side; none where the policy does not speak of the family."""
        key = f"{side}{suffix}"
        service = "internet-service-src" if side == "srcaddr" else "internet-service"
        if key not in edit.settings:
            other = "" if suffix else "6"
            speaks = edit.word(service) == "enable" and f"{side}{other}" not in edit.settings
            return [End(None)] if speaks else []
        value = edit.settings[key]
        found = self.addresses[family].resolve(value.words, value.place)
        if edit.word(f"{key}-negate") == "enable":
            return self._negated(edit, key, found)
        return found

    def _negated(self, edit: Edit, key: str, found: list[End]) -> list[End]:
        if any(end.condition or (end.addresses and end.addresses.names) for end in found):
            value = edit.settings[key]
            text = f"it is none of {' '.join(value.words)}"
            return [End(None, self.findings.condition(text, value.place, "negated objects"))]
        if any(end.addresses is None for end in found):
            return []
        whole = Addresses()
        for end in found:
            whole = whole | (end.addresses or Addresses())
        return [End(whole.complement())]

    def _services(self, edit: Edit) -> list[Service]:
        if "service" not in edit.settings:
            return [Service(None)]
        value = edit.settings["service"]
        found = self.services.resolve(value.words, value.place)
        if edit.word("service-negate") != "enable":
            return found
        turned = complement(found)
        if turned is not None:
            return turned
        text = f"the service is none of {' '.join(value.words)}"
        literal = self.findings.condition(text, value.place, "negated services")
        return [Service(None, condition=literal)]

    def _without_names(self, edit: Edit, sources: list[End]) -> Iterator[End]:
        """Sources by name as conditions: which addresses they have is not known."""
        for end in sources:
            if end.addresses is None or not end.addresses.names:
                yield end
                continue
            names = ", ".join(map(str, end.addresses.names.patterns))
            hint = "which addresses a name leads to is known on the device only"
            yield End(None, self.findings.condition(f"the source is {names}", edit.place, hint))

    def _interfaces(self, edit: Edit, key: str) -> Interfaces | None:
        names = edit.words(key)
        if "any" in names:
            return None
        found = [each for name in names for each in (name, *self.zones.get(name, ()))]
        return Interfaces(tuple(dict.fromkeys(found)))

    def _note(self, edit: Edit, found: list[Rule], action: Action) -> None:
        """Inspection of what a policy accepts: first packets pass, and later ones may not."""
        if action is not Action.ACCEPT:
            return
        for key in sorted(keys.INSPECTION & edit.settings.keys()):
            value = edit.settings[key]
            self.findings.notes += [
                Note("inspection", value.text, value.place, rule.match) for rule in found[:1]
            ]


def shown(edit: Edit) -> str:
    """A policy on one line: its number, its name, and what it says."""
    name = edit.word("name")
    facts = " ".join(
        f"{key} {' '.join(edit.words(key))}"
        for key in ("srcintf", "dstintf", "srcaddr", "srcaddr6", "dstaddr", "dstaddr6", "service")
        if key in edit.settings
    )
    action = edit.word("action", "deny")
    text = f"policy {edit.name}{f' {name!r}' if name else ''}: {action} {facts}"
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"


def condition(text: str, place: Place) -> Literal:
    """A free yes or no."""
    return Literal(Condition(text, place))

"""Reading a whole configuration of a PAN-OS firewall or of Panorama."""

import re
from typing import Final

from callgate.dialects.pan_os.reading import addresses, braces, elements, keys, lines, services
from callgate.dialects.pan_os.reading.findings import Findings
from callgate.dialects.pan_os.reading.rules import ACTIONS, RuleReader, shown
from callgate.dialects.pan_os.reading.scopes import Scope, scopes
from callgate.dialects.pan_os.reading.tree import Node
from callgate.dialects.pan_os.reading.zones import of_scope
from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.others import is_pan_os
from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules import Action, Chain, Entry, Match, Note, Rule, Ruleset, Unmodelled

_COMMAND: Final = re.compile(r"^[ \t]*(?:set|delete|move|rename)[ \t]", re.MULTILINE)
_WITHIN: Final = "intrazone-default"
_BETWEEN: Final = "interzone-default"


class PanOsReader:
    """Reads ``set`` commands, an export in XML, and ``show`` with braces."""

    name = "pan-os"
    title = "Palo Alto Networks PAN-OS"

    def detect(self, text: str) -> bool:
        """Whether it has statements that only PAN-OS has."""
        return is_pan_os(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the configuration says; InputError when the text is none."""
        del include  # nothing in this language names another text
        root, unmodelled = _tree(text.removeprefix("\ufeff"), source)
        findings = Findings(unmodelled)
        chains: dict[str, Chain] = {}
        entries: list[Entry] = []
        for scope in scopes(root, findings):
            chain = _chain(scope, findings, source)
            if chain.name in chains:
                findings.report(scope.name, chain.place, "two virtual systems of one name")
                continue
            chains[chain.name] = chain
            way = f"{scope.name} forward".strip()
            entries.append(Entry(way, (chain.name,), "forward", chain.place))
        return Ruleset(
            self.name,
            source,
            chains,
            tuple(entries),
            unmodelled=findings.unmodelled,
            notes=tuple(findings.notes),
            stateful=True,
        )


def _tree(text: str, source: str) -> tuple[Node, list[Unmodelled]]:
    """The tree of a text in any of the three forms, and what could not be put into it."""
    if "\0" in text:
        at = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Mistake(Place(source, at), "a NUL character: this is not a text")])
    root = Node("", Place(source, 1))
    unmodelled: list[Unmodelled] = []
    if text.lstrip().startswith("<"):
        count = elements.read(text, source, root, unmodelled)
    elif _COMMAND.search(text):
        count = lines.read(text, source, root, unmodelled)
    else:
        count = braces.read(text, source, root)
    if not count:
        raise InputError([Mistake(Place(source, 1), "there is no statement of PAN-OS here")])
    return root, unmodelled


def _chain(scope: Scope, findings: Findings, source: str) -> Chain:
    """The rules of one scope, in order, down to the two default rules."""
    reader = RuleReader(
        findings,
        addresses.members(scope.nodes, findings),
        services.members(scope.nodes, findings),
        of_scope(scope),
    )
    rules: list[Rule] = []
    for base in scope.bases:
        for entry in base.below("security", "rules"):
            rules += reader.rules(entry)
        _beside(base, reader)
    default = [_default(scope, name, findings, source) for name in (_WITHIN, _BETWEEN)]
    within, place, text = default[0]
    rules += [
        Rule(within, Match(in_interface=incoming, out_interface=outgoing), place, text)
        for incoming, outgoing in reader.zones.within()
    ]
    between, place, text = default[1]
    start = next((base.place for base in scope.bases), Place(source, 1))
    name = f"{scope.name} security rules".strip()
    return Chain(name, tuple(rules), between, place=start, default_place=place, default_text=text)


def _default(scope: Scope, name: str, findings: Findings, source: str) -> tuple[Action, Place, str]:
    """What one of the two default rules does; the first override that is met counts."""
    usual = "allow" if name == _WITHIN else "deny"
    for base in scope.bases:
        rule = base.at("default-security-rules", "rules", name)
        action = rule.word("action") if rule is not None else ""
        if rule is None or not action:
            continue
        if action not in ACTIONS:
            findings.report(f"{name}: action {action}", rule.place, "not an action; taken as deny")
        return ACTIONS.get(action, Action.DROP), rule.place, f"{name}: {action}"
    return ACTIONS[usual], Place(source, 1), f"{name}: {usual}, by default"


def _beside(base: Node, reader: RuleReader) -> None:
    """The other rulebases: those that change packets are notes, others are reported."""
    for table in base.children.values():
        if table.name in {"security", "default-security-rules"} | keys.APART:
            continue
        for rule in table.below("rules"):
            if rule.word("disabled") == "yes":
                continue
            text = f"{table.name} {shown(rule)}"
            if table.name in keys.NOTED:
                kind = _kind(rule, keys.NOTED[table.name])
                reader.findings.notes += [
                    Note(kind, text, rule.place, match) for match in list(reader.matches(rule))[:1]
                ]
            else:
                hint = keys.REPORTED.get(table.name, "this rulebase is not known here")
                reader.findings.report(text, rule.place, hint)


def _kind(rule: Node, word: str) -> str:
    """What an address translation rewrites."""
    if word != "nat":
        return word
    if rule.children.keys() & {"destination-translation", "dynamic-destination-translation"}:
        return "dnat"
    return "snat"

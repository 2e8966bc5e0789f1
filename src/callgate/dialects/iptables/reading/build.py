"""From the lines of a table to chains of rules, notes and what was not modelled."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from callgate.dialects.iptables.reading.ipset import Sets
from callgate.dialects.iptables.reading.options import OPTIONS
from callgate.dialects.iptables.reading.recall import Meaning, Recall
from callgate.dialects.iptables.reading.rule import RuleReader
from callgate.dialects.iptables.reading.sections import BUILT_IN, Declared, Section
from callgate.dialects.iptables.reading.tokens import column, words
from callgate.dialects.iptables.reading.values import Values
from callgate.errors import Mistake
from callgate.flows import Family
from callgate.places import Place
from callgate.rules import Action, Chain, Note, Rule, Unmodelled

_COUNTERS: Final = re.compile(r"\s*(\[\d+:\d+\])?\s*")
_APPEND: Final = frozenset({"-A", "--append"})
_INSERT: Final = frozenset({"-I", "--insert"})
_EDITS: Final = "give the result of such changes: the output of iptables-save"
_POLICIES: Final = {"ACCEPT": Action.ACCEPT, "DROP": Action.DROP}
_POLICY_HINT: Final = "no line ':{name} ACCEPT' or ':{name} DROP' says what happens at its end"


@dataclass
class Table:
    """One table in the making. ``prefix`` stands before the names of its chains."""

    section: Section
    family: Family
    prefix: str
    values: Values
    sets: Sets
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    unmodelled: list[Unmodelled] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source = self.section.place.source
        self.families = frozenset({self.family})
        self.built_in = BUILT_IN[self.section.table]
        self._several = False  # whether some line became several rules
        self._prepare()

    def read(self) -> None:
        """Read every rule; what is wrong is added to ``mistakes``."""
        names = self.section.chains.keys() - set(self.built_in)
        reader = RuleReader(self.section.table, self.values, names, self.sets)
        self.recall = Recall(self.values)
        for number, line in self.section.rules:
            try:
                self._line(reader, number, line.strip())
            except ValueError as error:
                self.mistakes.append(Mistake(Place(self.source, number, 1), str(error)))

    def chains(self) -> dict[str, Chain]:
        """The chains by their full names, in the order of the text."""
        return {self.prefix + each.name: self._chain(each) for each in self.section.chains.values()}

    def _prepare(self) -> None:
        """Declare what ``-N`` and the table itself declare, then all have a list of rules."""
        declared = self.section.chains
        for number, line in self.section.rules:
            if line.startswith(("-N", "--new")):
                for name in line.split()[1:2]:
                    declared.setdefault(name, Declared(name, Place(self.source, number, 1), "-"))
        if self.section.table == "filter":
            for name in self.built_in:
                declared.setdefault(name, Declared(name, self.section.place))
        self.rules = {name: [] for name in declared}

    def _line(self, reader: RuleReader, number: int, line: str) -> None:
        start = 0
        if line[0] == "[":
            counters = _COUNTERS.match(line)
            start = counters.end() if counters else 0
        place = Place(self.source, number, start + 1)
        text = line[start:] if start else line
        known = self.recall.find(text)
        if known is not None:
            chain, meaning = known
            self._rules_of(chain).extend(self._made(meaning, place, text))
            return
        found = words(text)
        if not found:
            raise ValueError("counters, and no rule after them")
        if found[0] in _APPEND:
            self._rule(reader, place, text, found, None)
        elif found[0] in _INSERT:
            self._rule(reader, place, text, found, _position(found))
        elif found[0] in {"-P", "--policy"}:
            self._policy(place, text, found)
        elif found[0] not in {"-N", "--new-chain"}:
            self.mistakes.append(Mistake(place, f"{found[0]!r} is no rule", _EDITS))

    def _rule(
        self, reader: RuleReader, place: Place, text: str, found: list[str], at: int | None
    ) -> None:
        if len(found) < 2:
            raise ValueError(f"{found[0]!r} wants a chain")
        reader.place = place
        reader.read(found, 3 if at is not None and found[2:3] == [str(at)] else 2, OPTIONS)
        rules = self._rules_of(found[1])
        meaning = Meaning(reader.draft, reader.action, reader.target, reader.note, reader.family)
        made = self._made(meaning, place, text)
        if at is None:
            rules += made
        else:
            index = _index(rules, at) if self._several else at - 1
            if not 0 <= index <= len(rules):
                raise ValueError(f"position {at} is beyond the end of the chain")
            rules[index:index] = made
        self._several = self._several or len(made) > 1
        if reader.problems:
            self._report(reader, place, text)
        else:
            self.recall.keep(meaning)

    def _rules_of(self, chain: str) -> list[Rule]:
        rules = self.rules.get(chain)
        if rules is None:
            if chain not in self.built_in:
                raise ValueError(f"chain {chain!r} is not declared in its table")
            self.section.chains[chain] = Declared(chain, self.section.place)
            rules = self.rules[chain] = []
        return rules

    def _made(self, meaning: Meaning, place: Place, text: str) -> list[Rule]:
        action = meaning.action
        leads_on = action is Action.JUMP or action is Action.GOTO
        target = self.prefix + meaning.target if leads_on else ""
        try:
            matches = meaning.draft.matches(self.families)
        except ValueError as error:
            raise ValueError(f"{error}; say which with '-p'") from error
        if meaning.note:
            self.notes += [Note(meaning.note, text, place, match) for match in matches]
        enabled = meaning.family is None or meaning.family is self.family
        if len(matches) == 1:
            return [Rule(action, matches[0], place, text, target, enabled)]
        return [Rule(action, match, place, text, target, enabled) for match in matches]

    def _report(self, reader: RuleReader, place: Place, text: str) -> None:
        for problem in reader.problems:
            if problem.harmless and reader.action is Action.CONTINUE and not reader.note:
                continue
            offset = column(text, problem.word)
            where = replace(place, column=place.column + offset - 1) if offset else place
            self.unmodelled.append(Unmodelled(problem.text, where, problem.hint))

    def _policy(self, place: Place, text: str, found: list[str]) -> None:
        if len(found) < 3 or found[1] not in self.built_in or found[2] not in _POLICIES:
            raise ValueError(f"not a policy of a built-in chain: {text!r}")
        self.section.chains[found[1]] = Declared(found[1], place, found[2], text)

    def _chain(self, declared: Declared) -> Chain:
        name = declared.name
        default = Action.RETURN
        if name in self.built_in:
            default = _POLICIES.get(declared.policy, Action.UNMODELLED)
        if default is Action.UNMODELLED:
            hint = _POLICY_HINT.format(name=name)
            self.unmodelled.append(Unmodelled(f"policy of {name}", declared.place, hint))
        return Chain(
            self.prefix + name,
            tuple(self.rules[name]),
            default,
            self.families,
            declared.place,
            declared.place if declared.text and name in self.built_in else None,
            declared.text if name in self.built_in else "",
        )


def _position(found: list[str]) -> int:
    """The position of ``-I CHAIN 3``; 1 without one."""
    text = "".join(found[2:3])
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return 1
    if text.startswith("0"):
        raise ValueError(f"{text!r} is no position; they count from 1")
    return int(text)


def _index(rules: list[Rule], position: int) -> int:
    """Where the rule at a position begins, -1 beyond the end; rules of one line count as one."""
    starts = [
        index
        for index, rule in enumerate(rules)
        if not index or rule.place != rules[index - 1].place
    ]
    return [*starts, len(rules)][position - 1] if position <= len(starts) + 1 else -1

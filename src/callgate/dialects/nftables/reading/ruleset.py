"""A whole script as a ruleset: chains, and the series of base chains that packets pass.

A packet that is forwarded meets the base chains of prerouting, forward and postrouting, a
packet to the box itself those of prerouting and input, one that it sends those of output
and postrouting; within a hook they run in order of priority, whatever their tables. Each
must let it pass. Chains of type ``nat`` see new connections only; they stand in the series
where they can drop, and what they rewrite is noted.
"""

from dataclasses import replace
from typing import Final

from callgate.dialects.nftables.reading.lookups import Lookups
from callgate.dialects.nftables.reading.matches import Matches
from callgate.dialects.nftables.reading.reach import may_deny, reached
from callgate.dialects.nftables.reading.rules import Findings, RuleReader, Sight
from callgate.dialects.nftables.reading.script import Script
from callgate.dialects.nftables.reading.tree import Action, Base, Chain, Table
from callgate.dialects.nftables.reading.untracked import after_notrack
from callgate.errors import InputError, Mistake
from callgate.flows import Family
from callgate.places import Place
from callgate.rules import (
    ANY_STATE,
    BOTH_FAMILIES,
    ConnectionState,
    Entry,
    Match,
    Note,
    Rule,
    Ruleset,
    Unmodelled,
    verify_graph,
)
from callgate.rules import Action as Does
from callgate.rules import Chain as Made

_FAMILIES: Final = {
    "ip": frozenset({Family.V4}),
    "ip6": frozenset({Family.V6}),
    "inet": BOTH_FAMILIES,
}
#: ``NF_IP_PRI_CONNTRACK``.
_TRACKING: Final = -200
_PATHS: Final = {
    "forward": ("prerouting", "forward", "postrouting"),
    "input": ("prerouting", "input"),
    "output": ("output", "postrouting"),
}
_REPLY: Final = {"input": "output", "output": "input"}
_HOOKS: Final = frozenset(hook for path in _PATHS.values() for hook in path)
#: Nat chains are asked about the first packet of a connection only.
_NOT_FIRST: Final = ANY_STATE & ~(ConnectionState.NEW | ConnectionState.RELATED)


def ruleset(script: Script, source: str) -> Ruleset:
    """What a script says; InputError holds every mistake of meaning."""
    return _Assembly(script, source).ruleset()


class _Assembly:
    def __init__(self, script: Script, source: str) -> None:
        self._source = source
        self._findings = Findings()
        self._chains: dict[str, Made] = {}
        self._bases: list[tuple[Base, str]] = []
        self._tables = [each for each in script.tables.values() if self._decides(each)]

    def _decides(self, table: Table) -> bool:
        """Whether packets meet a table at all; what does not is named."""
        text = f"table {table.family} {table.name}"
        if table.family not in _FAMILIES:
            hint = "callgate decides about IP packets: tables of family ip, ip6 and inet"
        elif table.dormant:
            hint = "the table is dormant: its chains do not run"
        else:
            return True
        self._findings.unmodelled[Unmodelled(text, table.place, hint)] = None
        return False

    def ruleset(self) -> Ruleset:
        for table in self._tables:
            _TableReader(table, self._findings, self._chains, self._bases).read()
        if self._findings.mistakes:
            raise InputError(self._findings.mistakes)
        notes = tuple(note for each in self._findings.notes.values() for note in each)
        untracking = [note for note in notes if note.kind == "notrack"]
        made = Ruleset(
            "nftables",
            self._source,
            {name: _in_light_of(untracking, each) for name, each in self._chains.items()},
            tuple(self._entries()),
            unmodelled=tuple(self._findings.unmodelled),
            notes=notes,
        )
        verify_graph(made)
        return made

    def _entries(self) -> list[Entry]:
        series = {name: self._series(path) for name, path in _PATHS.items()}
        if series["input"] or series["output"]:
            # What answers a packet comes the other way, even if no chain looks at it there.
            wanted = [name for name in _PATHS if series[name] or name in _REPLY]
        else:
            wanted = [name for name in _PATHS if series[name]]
        return [self._entry(name, series[name]) for name in wanted]

    def _series(self, path: tuple[str, ...]) -> list[tuple[Base, str]]:
        ordered = sorted(self._bases, key=lambda each: each[0].priority)
        return [each for hook in path for each in ordered if each[0].hook == hook]

    def _entry(self, name: str, series: list[tuple[Base, str]]) -> Entry:
        places = [base.place for base, _ in series if base.hook == name]
        places += [base.place for base, _ in series] or [Place(self._source)]
        chains = tuple(chain for _, chain in series)
        return Entry(name, chains, name, places[0], _REPLY.get(name, ""))


def _in_light_of(untracking: list[Note], chain: Made) -> Made:
    if not untracking:
        return chain
    rules = [each for rule in chain.rules for each in after_notrack(rule, untracking)]
    return replace(chain, rules=tuple(rules))


class _TableReader:
    """Makes the chains of one table, one for each sight that a chain is reached in."""

    def __init__(
        self,
        table: Table,
        findings: Findings,
        chains: dict[str, Made],
        bases: list[tuple[Base, str]],
    ) -> None:
        self._table = table
        self._findings = findings
        self._chains = chains
        self._bases = bases
        self._rules = RuleReader(Matches(Lookups(table, _updated(table))), findings)
        self._sights: dict[str, dict[Sight, None]] = {name: {} for name in table.chains}

    def read(self) -> None:
        for chain in self._table.chains.values():
            if chain.base is not None:
                self._place_base(chain, chain.base)
        for name in [each for each, sights in self._sights.items() if not sights]:
            self._place_unused(name)
        for name, sights in self._sights.items():
            for sight in sights:
                made = self._made(self._table.chains[name], sight)
                self._chains[made.name] = made

    def _place_base(self, chain: Chain, base: Base) -> None:
        if base.hook not in _HOOKS or base.devices:
            text = f"chain {chain.name} at hook {base.hook}"
            hint = "callgate decides from prerouting on"
            self._findings.unmodelled[Unmodelled(text, base.place, hint)] = None
            return
        early = base.hook in ("prerouting", "output") and base.priority < _TRACKING
        sight = Sight(base.hook == "prerouting", early)
        for name in reached(chain.name, self._table):
            self._sights[name][sight] = None
        if base.type != "nat" or may_deny(chain.name, self._table):
            self._bases.append((base, self._name(chain.name, sight)))

    def _place_unused(self, start: str) -> None:
        """A chain that no packet comes to is read too, and what it leads to as it sees it."""
        for name in reached(start, self._table):
            self._sights[name][Sight()] = None

    def _name(self, chain: str, sight: Sight) -> str:
        """A chain's name; one that is reached in several sights is a chain for each."""
        plain = f"{self._table.family} {self._table.name} {chain}"
        ordered = sorted(
            self._sights[chain], key=lambda each: (each.before_routing, each.before_tracking)
        )
        return plain if sight in ordered[:1] or not ordered else f"{plain} ({sight})"

    def _made(self, chain: Chain, sight: Sight) -> Made:
        rules = [
            self._with_target(made, sight)
            for rule in chain.rules
            for made in self._rules.made_of(rule, sight)
        ]
        base = chain.base
        default = Does.RETURN
        if base is not None:
            default = Does.DROP if chain.policy == "drop" else Does.ACCEPT
            if base.type == "nat":
                rules.insert(0, _only_first(base))
        return Made(
            self._name(chain.name, sight),
            tuple(rules),
            default,
            _FAMILIES[self._table.family],
            chain.place,
            chain.policy_place,
            f"policy {chain.policy}" if chain.policy_place else "",
        )

    def _with_target(self, rule: Rule, sight: Sight) -> Rule:
        if not rule.target:
            return rule
        if rule.target not in self._table.chains:
            message = f"there is no chain {rule.target!r} in table {self._table.name}"
            self._findings.mistakes[Mistake(rule.place, message)] = None
            return rule
        return replace(rule, target=self._name(rule.target, sight))


def _only_first(base: Base) -> Rule:
    return Rule(
        Does.ACCEPT, Match(state=_NOT_FIRST), base.place, "type nat: first packets of connections"
    )


def _updated(table: Table) -> frozenset[str]:
    """The sets that rules of a table fill while it runs."""
    return frozenset(
        statement.updates
        for chain in table.chains.values()
        for rule in chain.rules
        for statement in rule.statements
        if isinstance(statement, Action) and statement.updates
    )

"""Which chains lead to which, and from which base chains: read off the tree of the text."""

from collections.abc import Iterator

from callgate.dialects.nftables.reading.tree import (
    Action,
    Chain,
    Elements,
    Manner,
    Outcome,
    SetName,
    Statement,
    Table,
    Verdict,
    VerdictMap,
)

_DENIALS = frozenset({Outcome.DROP, Outcome.REJECT})


def verdicts(chain: Chain, table: Table) -> Iterator[Verdict]:
    """Every verdict that the rules of a chain may give, those of maps included."""
    for rule in chain.rules:
        for statement in rule.statements:
            yield from _of(statement, table)


def _of(statement: Statement, table: Table) -> Iterator[Verdict]:
    if isinstance(statement, Verdict):
        yield statement
    if not isinstance(statement, VerdictMap):
        return
    mapping = statement.mapping
    entries = mapping.entries if isinstance(mapping, Elements) else ()
    if isinstance(mapping, SetName) and mapping.name in table.sets:
        entries = tuple(table.sets[mapping.name].entries)
    yield from (each.data for each in entries if isinstance(each.data, Verdict))


def reached(start: str, table: Table) -> list[str]:
    """The chain itself and every one that it leads to; names that are no chain left out."""
    found: dict[str, None] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in found or name not in table.chains:
            continue
        found[name] = None
        waiting += [each.chain for each in verdicts(table.chains[name], table) if each.chain]
    return list(found)


def may_deny(start: str, table: Table) -> bool:
    """Whether a packet can die in a chain or in one that it leads to."""
    return any(_denies(table.chains[name], table) for name in reached(start, table))


def _denies(chain: Chain, table: Table) -> bool:
    foreign = any(
        isinstance(statement, Action) and statement.manner in (Manner.FOREIGN, Manner.UNKNOWN)
        for rule in chain.rules
        for statement in rule.statements
    )
    return (
        foreign
        or chain.policy == "drop"
        or any(each.outcome in _DENIALS for each in verdicts(chain, table))
    )

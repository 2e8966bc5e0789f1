"""Dead rules: lines that never decide a packet, whatever comes.

* ``redundant``: the rules before it take all its packets, and do with them what it would;
* ``shadowed``: the same, but some of them do something else: perhaps a mistake;
* ``empty``: its own constraints exclude each other;
* ``unreachable``: it stands in a chain that nothing enters with such packets.

If asked for, lines that live and could go all the same are *redundant* too: what they decide
would meet the same fate at the lines behind them (:mod:`callgate.check.removals`).

Coverage is by the union of the rules before, not pairwise. A line that became several
rules is dead if all of them are. Flat lists are judged on boxes (:mod:`callgate.check.flat`)
and chain graphs by leading everything through them; what neither can decide within its
limits is counted as undecided and never guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from callgate.check.arrivals import arrivals
from callgate.check.fates import Fate
from callgate.check.flat import FlatList, is_flat
from callgate.check.limits import DEFAULT_LIMITS, Limits
from callgate.check.prepared import Prepared
from callgate.check.removals import GraphSpare, spare_in_lists
from callgate.places import Place
from callgate.rules import Action
from callgate.verdicts import Finding, Line, Severity

#: How many of the lines that take a dead rule's packets are named.
_NAMED = 5
_SPARE: Final = (
    "later lines do the same with all that comes to it: but for what it counts, it alone could go"
)
_NOWHERE: Final = Line(Place(""), "")
_DENIES = frozenset({Action.DROP, Action.REJECT})


@dataclass(frozen=True, slots=True)
class HygieneReport:
    """The findings in order, and how many of the ``total`` enabled rules were decided.

    ``unweighed`` are those living rules of which it was not found out whether they could go.
    """

    findings: tuple[Finding, ...]
    decided: int
    total: int
    unweighed: int = 0


def hygiene(
    prepared: Prepared, limits: Limits = DEFAULT_LIMITS, *, removals: bool = False
) -> HygieneReport:
    """Every dead line of a ruleset; with ``removals`` also each that could go."""
    entries = prepared.ruleset.entries
    flat = all(is_flat(prepared, entry) for entry in entries)
    graph = GraphSpare(prepared)
    if flat:
        every = _flat_fates(prepared, limits)
    else:
        every = arrivals(prepared, limits, graph.look if removals else None)
    fates = {number: every[number] for number in _asked(prepared) if number in every}
    decided = sum(fate.dead is not None for fate in fates.values())
    findings = list(_findings(prepared, fates))
    unweighed = 0
    if removals:
        living = {number for number, fate in fates.items() if fate.dead is False}
        if flat:
            dead = {number for number, fate in fates.items() if fate.dead}
            spare, unweighed = spare_in_lists(prepared, dead, living, limits)
        else:
            spare, unweighed = graph.spare(living)
        findings += _spare_lines(prepared, spare, fates)
    findings.sort(key=lambda finding: finding.line or _NOWHERE)
    return HygieneReport(tuple(findings), decided, len(fates), unweighed)


def _spare_lines(prepared: Prepared, spare: set[int], fates: dict[int, Fate]) -> Iterable[Finding]:
    """One finding for each line of which every rule is spare or dead, and not all are dead."""
    for line, numbers in _lines(prepared, fates).items():
        if spare.intersection(numbers) and all(
            number in spare or fates[number].dead for number in numbers
        ):
            yield Finding("redundant", Severity.NOTE, _SPARE, line)


def _asked(prepared: Prepared) -> Iterable[int]:
    """The rules of chains that some entry leads to.

    Other chains (address translation, a chain that nothing jumps to yet) decide nothing,
    so that to call each of their lines dead would say nothing either.
    """
    ruleset = prepared.ruleset
    led_to: dict[str, None] = {}
    ahead = [name for entry in ruleset.entries for name in entry.chains]
    while ahead:
        name = ahead.pop()
        if name not in led_to:
            led_to[name] = None
            ahead += [rule.target for rule in ruleset.chains[name].rules if rule.target]
    return (number for name in ruleset.chains if name in led_to for number in prepared.spans[name])


def _flat_fates(prepared: Prepared, limits: Limits) -> dict[int, Fate]:
    """Judge each list once, in each family; a rule is dead if it is so in all of them."""
    fates = {
        number: Fate(dead=True, entered=False)
        for span in prepared.spans.values()
        for number in span
        if prepared.rules[number].enabled
    }
    for entry in {entry.chains: entry for entry in prepared.ruleset.entries}.values():
        start = prepared.spans[entry.chains[0]].start
        lists = [
            list(FlatList(prepared, entry, family, limits).judged())
            for family in sorted(prepared.ruleset.families)
        ]
        for offset, judged in enumerate(zip(*lists, strict=True)):
            if start + offset not in fates:
                continue
            dead = [each.dead for each in judged]
            by = [start + number for each in judged for number in each.by]
            verdict = False if False in dead else None if None in dead else True
            fates[start + offset] = Fate(verdict, tuple(dict.fromkeys(by)), empty=not by)
    return fates


def _lines(prepared: Prepared, fates: dict[int, Fate]) -> dict[Line, list[int]]:
    lines: dict[Line, list[int]] = {}
    for number in fates:
        lines.setdefault(prepared.line(number), []).append(number)
    return lines


def _findings(prepared: Prepared, fates: dict[int, Fate]) -> Iterable[Finding]:
    """One finding per dead line."""
    for line, numbers in _lines(prepared, fates).items():
        if all(fates[number].dead for number in numbers):
            yield _finding(prepared, line, numbers, fates)


def _finding(prepared: Prepared, line: Line, numbers: list[int], fates: dict[int, Fate]) -> Finding:
    by = list(dict.fromkeys(other for number in numbers for other in fates[number].by))
    related = tuple(dict.fromkeys(prepared.line(other) for other in by))[:_NAMED]
    if all(fates[number].empty for number in numbers):
        return Finding("empty", Severity.WARNING, "matches no packet at all", line)
    if not any(fates[number].entered for number in numbers):
        message = "nothing that this line matches comes to its chain"
        return Finding("unreachable", Severity.NOTE, message, line)
    actions = {prepared.rules[number].action for number in (*numbers, *by)}
    if by and (len(actions) == 1 or actions <= _DENIES):
        message = "earlier lines do the same with all its packets"
        return Finding("redundant", Severity.NOTE, message, line, related=related)
    message = "earlier lines take all its packets"
    return Finding("shadowed", Severity.WARNING, message, line, related=related)

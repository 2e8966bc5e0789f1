"""The whole way: text of iptables-save in, :class:`~callgate.rules.Ruleset` out."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from callgate.dialects.iptables.reading.build import Table
from callgate.dialects.iptables.reading.ipset import Sets, read_sets
from callgate.dialects.iptables.reading.refusals import lines_of, refuse_other_dialects
from callgate.dialects.iptables.reading.sections import BUILT_IN, Section, Sections
from callgate.dialects.iptables.reading.series import entries
from callgate.dialects.iptables.reading.untracking import Untracked
from callgate.dialects.iptables.reading.values import Values
from callgate.errors import InputError, Mistake
from callgate.flows import Family
from callgate.places import Place
from callgate.rules import Chain, Note, Ruleset, Unmodelled, verify_graph

_TABLE_HINT = "not a table that Callgate knows; its rules are not part of any answer"


def parse(text: str, source: str, sets: Sets | None = None) -> Ruleset:
    """Read iptables-save or ip6tables-save, or both one after the other.

    ``sets`` are the contents of named sets (:func:`parse_sets`); sets that stand in the
    text itself are added. InputError holds every mistake of the text.
    """
    with _without_collection():
        return _parse(text, source, sets)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Do not look for garbage in cycles: there is none, and looking is half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():
                # What was made counts as old at once, or all of it is looked at right now.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _parse(text: str, source: str, sets: Sets | None) -> Ruleset:
    lines = lines_of(text, source)
    refuse_other_dialects(text, source)
    cut = Sections(source)
    cut.read(lines)
    known = Sets({**(sets or Sets()).contents, **read_sets(cut.sets).contents})
    tables = _tables(cut, known)
    mistakes = [*cut.mistakes, *(each for table in tables for each in table.mistakes)]
    if not any(table.section.table == "filter" for table in tables):
        mistakes.append(_no_filter(cut))
    if mistakes:
        raise InputError(mistakes)
    return _ruleset(cut, tables)


def parse_sets(text: str, source: str) -> Sets:
    """Read the output of ``ipset save``; InputError holds every mistake."""
    lines = lines_of(text, source)
    numbered = ((Place(source, number, 1), line.strip()) for number, line in enumerate(lines, 1))
    return read_sets((place, line) for place, line in numbered if line and line[0] != "#")


def _tables(cut: Sections, sets: Sets) -> list[Table]:
    values = {family: Values(family) for family in Family}
    families = {section.family for section in cut.tables}
    found: list[Table] = []
    seen: dict[tuple[str, Family | None], Section] = {}
    for section in cut.tables:
        first = seen.setdefault((section.table, section.family), section)
        if first is not section:
            cut.mistakes.append(_twice(section, first))
        elif section.table not in BUILT_IN:
            cut.unmodelled += _unknown(section)
        elif section.family is not None:
            prefix = f"{_prefix(section.family) if len(families) > 1 else ''}{section.table}/"
            table = Table(section, section.family, prefix, values[section.family], sets)
            table.read()
            found.append(table)
    return found


def _prefix(family: Family) -> str:
    return "ip/" if family is Family.V4 else "ip6/"


def _ruleset(cut: Sections, tables: list[Table]) -> Ruleset:
    chains: dict[str, Chain] = {}
    notes: list[Note] = []
    unmodelled = list(cut.unmodelled)
    for table in tables:
        chains |= table.chains()
        notes += table.notes
        unmodelled += table.unmodelled
    light = Untracked(chains, notes)
    chains = light.chains
    unmodelled += light.unmodelled
    filters = [table for table in tables if table.section.table == "filter"]
    prefixes = [table.prefix.removesuffix("filter/") for table in filters]
    ruleset = Ruleset(
        "iptables",
        cut.source,
        chains,
        tuple(entries(chains, prefixes, filters[0].section.place)),
        frozenset(table.family for table in filters),
        tuple(sorted(unmodelled, key=lambda each: each.place)),
        tuple(sorted(notes, key=lambda each: each.place)),
    )
    verify_graph(ruleset)
    return ruleset


def _unknown(section: Section) -> list[Unmodelled]:
    source = section.place.source
    return [
        Unmodelled(f"*{section.table}", section.place, _TABLE_HINT),
        *(Unmodelled(line, Place(source, row, 1), _TABLE_HINT) for row, line in section.rules),
    ]


def _twice(section: Section, first: Section) -> Mistake:
    message = f"table {section.table!r} stands here twice, first in line {first.place.line}"
    return Mistake(section.place, message, "give one dump of each family")


def _no_filter(cut: Sections) -> Mistake:
    message = "there is no table 'filter', so nothing here decides"
    return Mistake(cut.tables[0].place, message, "run iptables-save without '-t'")

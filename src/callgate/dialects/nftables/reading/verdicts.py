"""Verdict maps: which packets get which verdict."""

from callgate.dialects.nftables.reading.cursor import SyntaxMistakeError
from callgate.dialects.nftables.reading.matches import Alternatives, Matches
from callgate.dialects.nftables.reading.tree import (
    Element,
    Elements,
    Outcome,
    Verdict,
    VerdictMap,
    render,
)

Branch = tuple[Verdict, Alternatives]


def branches(statement: VerdictMap, matches: Matches) -> list[Branch] | None:
    """Verdicts and what meets them; None when the text does not say what the map holds.

    Keys of a map are disjoint (the kernel sees to it), so keys with one verdict go
    together. ``*`` is what no key holds; a jump comes back behind the whole map, never to
    its ``*``, which is why that is a complement and not simply the last branch.
    """
    mapping = matches.lookups.contents(statement.mapping)
    if not isinstance(mapping, Elements):
        return None
    groups: dict[tuple[Outcome, str], tuple[Verdict, list[Element]]] = {}
    for entry in mapping.entries:
        verdict = _verdict(entry, statement)
        if entry.key is not None:
            group = groups.setdefault((verdict.outcome, verdict.chain), (verdict, []))
            group[1].append(Element(entry.key))
    found = [
        (verdict, matches.test(statement.key, "", Elements(tuple(keys), statement.place)))
        for verdict, keys in groups.values()
    ]
    for entry in mapping.entries:
        if entry.key is None:
            others = [Element(each.key) for each in mapping.entries if each.key is not None]
            rest = Elements(tuple(others), statement.place)
            found.append((_verdict(entry, statement), matches.test(statement.key, "!=", rest)))
    return [each for each in found if each[0].outcome is not Outcome.CONTINUE]


def _verdict(entry: Element, statement: VerdictMap) -> Verdict:
    if isinstance(entry.data, Verdict):
        return entry.data
    raise SyntaxMistakeError(
        statement.place, f"the key {render(entry.key)} has no verdict in a verdict map"
    )

"""Both of two matches at once, dimension by dimension; None where nothing is left."""

from dataclasses import replace

from callgate.flows import Family, IntervalSet
from callgate.rules import ANYTHING, Addresses, Condition, Interfaces, Literal, Match

#: What no packet matches.
NOTHING = Match(protocol=IntervalSet.EMPTY)


def both(one: Match, two: Match) -> Match | None:
    """The packets that two matches hold; None when there are none."""
    if one is ANYTHING:
        return two
    if two is ANYTHING:
        return one
    families = one.families & two.families
    state = one.state & two.state
    protocol = _numbers(one.protocol, two.protocol)
    ports = [
        _numbers(one.source_port, two.source_port),
        _numbers(one.destination_port, two.destination_port),
    ]
    ends = [_addresses(one.source, two.source), _addresses(one.destination, two.destination)]
    empty = (
        not families
        or not state
        or any(each is not None and not each for each in (protocol, *ports))
        or any(each is not None and _none_of(each, families) for each in ends)
    )
    if empty:
        return None
    joined = Match(
        families,
        protocol,
        ends[0],
        ends[1],
        ports[0],
        ports[1],
        one.in_interface or two.in_interface,
        one.out_interface or two.out_interface,
        state,
        one.conditions,
    )
    literals = (
        *two.conditions,
        *_clash("iifname", one.in_interface, two.in_interface),
        *_clash("oifname", one.out_interface, two.out_interface),
    )
    return with_literals(joined, literals)


def with_literals(match: Match, literals: tuple[Literal, ...]) -> Match | None:
    """A match under further conditions; None when they contradict each other."""
    found = dict.fromkeys((*match.conditions, *literals))
    if any(Literal(each.condition, not each.negated) in found for each in found):
        return None
    return replace(match, conditions=tuple(found)) if literals else match


def _numbers(one: IntervalSet | None, two: IntervalSet | None) -> IntervalSet | None:
    if one is None or two is None:
        return one if two is None else two
    return one if one is two else one & two


def _addresses(one: Addresses | None, two: Addresses | None) -> Addresses | None:
    if one is None or two is None:
        return one if two is None else two
    return Addresses(one.v4 & two.v4, one.v6 & two.v6)


def _none_of(addresses: Addresses, families: frozenset[Family]) -> bool:
    return not any(addresses.family(family) for family in families)


def _clash(word: str, one: Interfaces | None, two: Interfaces | None) -> tuple[Literal, ...]:
    """Two tests of one interface: the second is kept as a condition, for a match holds one."""
    if one is None or two is None or one == two:
        return ()
    return (Literal(Condition(f"meta {word} {', '.join(two.names)}"), two.negated),)

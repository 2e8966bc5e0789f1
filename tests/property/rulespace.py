"""Small random rulesets, and the packets that decide every question about them."""

from itertools import pairwise, product

from hypothesis import strategies as st

from callgate.flows import Box, Family, FlowSet, IntervalSet, NameAtoms, Packet
from callgate.flows.axes import NAME_BASE, PORT_MAX
from callgate.names import DomainPattern
from callgate.places import Place
from callgate.rules import (
    Action,
    Addresses,
    Chain,
    Condition,
    ConnectionState,
    Entry,
    Interfaces,
    Literal,
    Match,
    Names,
    Rule,
    Ruleset,
)

#: Bounds that rules are made of, and one packet value for each cell between them.
ADDRESSES = (5, 9, 2**31)
ADDRESS_VALUES = (4, 5, 9, 2**31)
PORTS = (443, 1024)
PORT_VALUES = (442, 443, 1024)
PROTOCOLS = (6, 17, 47)
INTERFACES = ("lan", "wan0", "wan1", "")
INTERFACE_VALUES = ("lan", "wan0", "wan1", "wanother", "other", "")
CONDITIONS = ("limit 5/s", "at night")
PATTERNS = tuple(map(DomainPattern.parse, ("*.goto.com", "app.goto.com", "example.org")))
ATOMS = NameAtoms.of(PATTERNS[:2])
NAME_VALUES = tuple(NAME_BASE + slot for slot in range(len(ATOMS.patterns) + 1))


def pieces(bounds, top):
    edges = (0, *bounds, top + 1)
    cells = [(low, high - 1) for low, high in pairwise(edges)]
    return st.sets(st.sampled_from(cells), min_size=1).map(lambda some: IntervalSet.of(*some))


def v4_sets():
    return pieces(ADDRESSES, 2**32 - 1)


def addresses(*, names):
    named = st.builds(
        Names, st.lists(st.sampled_from(PATTERNS), max_size=2).map(tuple), st.booleans()
    )
    empty = st.just(IntervalSet.EMPTY)
    return st.builds(
        Addresses,
        st.one_of(v4_sets(), empty) if names else v4_sets(),
        pieces((7,), 2**128 - 1),
        st.one_of(st.just(Names()), named) if names else st.just(Names()),
    )


def interfaces():
    written = st.sampled_from(("lan", "wan0", "wan*", "*"))
    return st.builds(
        Interfaces, st.lists(written, min_size=1, max_size=2).map(tuple), st.booleans()
    )


@st.composite
def matches(draw, *, names=False, conditions=True, wired=True):
    """A match with few constraints: with many of them nearly nothing would ever match."""
    axes = ["families", "protocol", "source", "destination", "source_port", "destination_port"]
    axes += ["state", *(("in_interface", "out_interface") if wired else ())]
    chosen = draw(st.sets(st.sampled_from(axes), max_size=2))
    kept = {}
    if "families" in chosen:
        kept["families"] = frozenset({draw(st.sampled_from(Family))})
    if chosen & {"source_port", "destination_port"}:
        kept["protocol"] = IntervalSet.points(draw(st.sets(st.sampled_from((6, 17)), min_size=1)))
    elif "protocol" in chosen:
        some = draw(st.sets(st.sampled_from(PROTOCOLS), min_size=1))
        kept["protocol"] = IntervalSet.points(some)
    for axis in sorted(chosen & {"source_port", "destination_port"}):
        kept[axis] = draw(pieces(PORTS, PORT_MAX))
    for axis in sorted(chosen & {"in_interface", "out_interface"}):
        kept[axis] = draw(interfaces())
    if "source" in chosen:
        kept["source"] = draw(addresses(names=False))
    if "destination" in chosen:
        kept["destination"] = draw(addresses(names=names))
    if "state" in chosen:
        kept["state"] = draw(st.sampled_from((ConnectionState.NEW, ConnectionState(6))))
    if conditions and draw(st.integers(0, 3)) == 0:
        literal = st.builds(Literal, st.sampled_from(CONDITIONS).map(Condition), st.booleans())
        kept["conditions"] = (draw(literal),)
    return Match(**kept)


DECISIONS = (Action.ACCEPT, Action.DROP, Action.REJECT, Action.RETURN, Action.CONTINUE)


@st.composite
def chains_of(draw, order, index, **options):
    """A chain that only goes to chains behind it, so that there is no loop."""
    rules = []
    for line in range(draw(st.integers(0, 4))):
        behind = order[index + 1 :]
        actions = (*DECISIONS, Action.UNMODELLED) if draw(st.integers(0, 9)) == 0 else DECISIONS
        if behind:
            actions = (*actions, *(Action.JUMP, Action.GOTO) * 3)
        action = draw(st.sampled_from(actions))
        goes = action in {Action.JUMP, Action.GOTO}
        rules.append(
            Rule(
                action,
                draw(matches(**options)),
                Place(order[index], line + 1),
                f"{order[index]} rule {line + 1}",
                draw(st.sampled_from(behind)) if goes else "",
                draw(st.integers(0, 9)) > 0,
            )
        )
    base = index < 2
    return Chain(
        order[index],
        tuple(rules),
        draw(st.sampled_from((Action.ACCEPT, Action.DROP))) if base else Action.RETURN,
        draw(st.sampled_from((frozenset(Family), frozenset(Family), frozenset({Family.V4})))),
    )


@st.composite
def rulesets(draw, **options):
    order = ("base", "second", "a", "b", "c")
    chains = {name: draw(chains_of(order, index, **options)) for index, name in enumerate(order)}
    series = draw(st.sampled_from((("base",), ("base", "second"))))
    return Ruleset("test", "test.rules", chains, (Entry("forward", series),))


@st.composite
def flat_rulesets(draw, **options):
    """One chain that accepts, drops and logs."""
    rules = tuple(
        Rule(action, match, Place("flat", line + 1), f"rule {line + 1}", "", enabled)
        for line, (action, match, enabled) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.sampled_from((Action.ACCEPT, Action.DROP, Action.CONTINUE)),
                        matches(**options),
                        st.integers(0, 9).map(bool),
                    ),
                    max_size=8,
                )
            )
        )
    )
    chain = Chain("base", rules, draw(st.sampled_from((Action.ACCEPT, Action.DROP))))
    return Ruleset("test", "flat.rules", {"base": chain}, (Entry("forward", ("base",)),))


@st.composite
def needs(draw, *, named=False):
    """A need that is a union of cells."""
    some = []
    for _ in range(draw(st.integers(1, 2))):
        family = draw(st.sampled_from(Family))
        destination = draw(v4_sets()) if family is Family.V4 else draw(pieces((7,), 2**128 - 1))
        if named and draw(st.booleans()):
            slots = draw(st.sets(st.sampled_from(NAME_VALUES[:-1]), min_size=1))
            destination = IntervalSet.points(slots)
        some.append(
            Box(
                family,
                IntervalSet.points(draw(st.sets(st.sampled_from((6, 17)), min_size=1))),
                draw(v4_sets()) if family is Family.V4 else draw(pieces((7,), 2**128 - 1)),
                destination,
                draw(pieces(PORTS, PORT_MAX)),
                draw(pieces(PORTS, PORT_MAX)),
            )
        )
    return FlowSet.of(*some)


def packets_of(need, *, protocols=(6, 17)):
    """One packet for each cell that a need has."""
    for family in Family:
        values = ADDRESS_VALUES if family is Family.V4 else (6, 7)
        for protocol, source, destination, sport, dport in product(
            protocols, values, (*values, *NAME_VALUES), PORT_VALUES, PORT_VALUES
        ):
            packet = Packet(family, protocol, source, destination, sport, dport)
            if packet in need:
                yield packet

"""A small universe of flows, and a second, naive implementation of sets over it.

Every axis is cut into a few cells, and every box of the strategies is a union of cells.
A set of flows is then decided completely by one representative of each cell, so that the
oracle can hold sets of representatives and use Python's own ``set`` algebra.
"""

from itertools import product

from hypothesis import strategies as st

from callgate.flows import Box, Family, FlowSet, IntervalSet, Packet
from callgate.flows.axes import NAME_BASE, NAME_LAST, PORT_MAX, PORTED, TYPED
from callgate.flows.boxes import ANY_PORT

ADDRESS_CUTS = (0, 10, 20)
PROTOCOL_CELLS = ((1, 1), (2, 5), (6, 6), (17, 17))
PORT_CELLS = ((0, 442), (443, 443), (444, PORT_MAX))
SOURCE_PORT_CELLS = ((0, 1023), (1024, PORT_MAX))
NAME_CELLS = ((NAME_BASE, NAME_BASE), (NAME_BASE + 1, NAME_LAST))

Oracle = frozenset[Packet]


def address_cells(family):
    tops = (*ADDRESS_CUTS[1:], 1 << family.bits)
    return tuple((low, high - 1) for low, high in zip(ADDRESS_CUTS, tops, strict=True))


def representatives():
    for family in Family:
        addresses = address_cells(family)
        for cells in product(
            PROTOCOL_CELLS,
            addresses[:2],
            (*addresses, *NAME_CELLS),
            SOURCE_PORT_CELLS,
            PORT_CELLS,
        ):
            # The top of each cell, because mistakes are made at bounds.
            yield Packet(family, *(high for _, high in cells))


UNIVERSE: Oracle = frozenset(representatives())


def cells_of(cells):
    """Any union of cells, drawn as one number because that is ten times faster."""
    return st.integers(0, (1 << len(cells)) - 1).map(
        lambda mask: IntervalSet.of(*(cell for bit, cell in enumerate(cells) if mask >> bit & 1))
    )


@st.composite
def boxes(draw):
    family = draw(st.sampled_from(Family))
    protocol = draw(cells_of(PROTOCOL_CELLS))
    numbers = {value for low, high in protocol for value in range(low, high + 1)}
    addresses = address_cells(family)
    return Box(
        family,
        protocol,
        draw(cells_of(addresses[:2])),
        draw(cells_of((*addresses, *NAME_CELLS))),
        draw(cells_of(SOURCE_PORT_CELLS)) if numbers <= PORTED else ANY_PORT,
        draw(cells_of(PORT_CELLS)) if numbers <= PORTED | TYPED else ANY_PORT,
    )


def in_box(packet, box):
    return packet.family is box.family and all(
        value in axis
        for value, axis in (
            (packet.protocol, box.protocol),
            (packet.source, box.source),
            (packet.destination, box.destination),
            (packet.source_port, box.source_port),
            (packet.destination_port, box.destination_port),
        )
    )


def oracle_of(some_boxes) -> Oracle:
    return frozenset(p for p in UNIVERSE if any(in_box(p, box) for box in some_boxes))


box_lists = st.lists(boxes(), max_size=4)
flow_sets = box_lists.map(lambda some: FlowSet.of(*some))
#: A FlowSet together with what the oracle says it holds.
judged_sets = box_lists.map(lambda some: (FlowSet.of(*some), oracle_of(some)))

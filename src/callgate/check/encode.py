"""A rule's match as a region of a space.

What the question cannot meet anyway is left out: a big set of addresses is cut to those
that the question is about before it is encoded.
"""

from typing import TYPE_CHECKING

from callgate.check.names import covered, is_any, is_pattern, leads_to
from callgate.check.space import Space
from callgate.flows import Family, FlowSet, IntervalSet, NameAtoms
from callgate.flows.axes import NAME_BASE, NAME_LAST
from callgate.flows.names import ANY_NAME
from callgate.names import DomainPattern
from callgate.rules import ANY_STATE, Addresses, Match, Names

if TYPE_CHECKING:
    from oxidd.bcdd import BCDDFunction as Region

#: Matches of which the regions are kept, for a chain may be walked again. More would fill the
#: memory of long lists, which are walked once.
_REMEMBERED = 8_000
#: Sets with more intervals than this are cut to the question first.
_CUT_FROM = 64


class Encoder:
    """Encodes matches, and sets of flows, for one space and one list of name atoms.

    ``about`` is what the question is about: nothing outside is encoded exactly. With
    ``lists_hold_names`` false a list of addresses holds no name at all.
    """

    def __init__(
        self, space: Space, atoms: NameAtoms, about: FlowSet, *, lists_hold_names: bool = True
    ) -> None:
        self.space = space
        self.atoms = atoms
        self.lists_hold_names = lists_hold_names
        self._hulls = _hulls(about, space.family)
        self._cuts: dict[tuple[str, int], tuple[IntervalSet, IntervalSet]] = {}
        self._matches: dict[int, tuple[Match, Region]] = {}

    def flows(self, flows: FlowSet) -> "Region":
        """The flows of this space's family that are in a set."""
        space = self.space
        region = space.false
        for box in flows.boxes():
            if box.family is space.family:
                region = region | (
                    space.region("protocol", box.protocol)
                    & space.region("destination_port", box.destination_port)
                    & space.destination(box.destination)
                    & space.region("source", box.source)
                    & space.region("source_port", box.source_port)
                )
        return region

    def match(self, match: Match) -> "Region":
        """The packets of this family that a match holds; the first some are remembered."""
        known = self._matches.get(id(match))
        if known is not None:
            return known[1]
        region = self._match(match)
        if len(self._matches) < _REMEMBERED:
            self._matches[id(match)] = (match, region)
        return region

    def _match(self, match: Match) -> "Region":
        space = self.space
        if space.family not in match.families:
            return space.false
        region = space.true
        for literal in match.conditions:
            holds = space.condition(literal.condition.text)
            region = region & (~holds if literal.negated else holds)
        for axis in ("source_port", "destination_port", "protocol"):
            values: IntervalSet | None = getattr(match, axis)
            if values is not None:
                region = space.region(axis, self._cut(axis, values)) & region
        if match.source is not None:
            addresses = match.source.family(space.family)
            region = space.region("source", self._cut("source", addresses)) & region
        if not is_any(match.destination, space.family):
            assert match.destination is not None  # noqa: S101 - not any, so not None
            region = self._destination(match.destination) & region
        for axis in ("out_interface", "in_interface"):
            interfaces = getattr(match, axis)
            if interfaces is not None:
                region = space.region(axis, space.cells.set_of(interfaces)) & region
        if match.state != ANY_STATE:
            region = space.state(match.state) & region
        return region

    def _cut(self, axis: str, values: IntervalSet) -> IntervalSet:
        if len(values) <= _CUT_FROM:
            return values
        key = (axis, id(values))
        if key not in self._cuts:
            self._cuts[key] = (values, values & self._hulls[axis])
        return self._cuts[key][1]

    def _destination(self, wanted: Addresses) -> "Region":
        space = self.space
        values = wanted.family(space.family)
        region = space.destination(self._cut("destination", values))
        if not self._meets_names:
            return region
        names = space.destination(ANY_NAME)
        if values and self.lists_hold_names:
            region = region | (names & space.condition(leads_to(values, space.family)))
        if wanted.names:
            region = region | (names & self._names(wanted.names))
        return region

    @property
    def _meets_names(self) -> bool:
        hull = self._hulls["destination"]
        return bool(hull) and hull.intervals[-1][1] >= NAME_BASE

    def _names(self, names: Names) -> "Region":
        """The atoms that patterns hold, in part under the condition that says so."""
        space = self.space
        region = space.false
        for pattern in names.patterns:
            whole, part = self._atoms_in(pattern)
            region = region | space.destination(whole)
            if part:
                region = region | (space.destination(part) & space.condition(is_pattern(pattern)))
        return ~region if names.negated else region

    def _atoms_in(self, pattern: DomainPattern) -> tuple[IntervalSet, IntervalSet]:
        """The slots that a pattern holds whole, and those that it holds in part."""
        found: dict[bool | None, list[int]] = {True: [], None: [], False: []}
        for slot, atom in enumerate(self.atoms.patterns):
            found[covered(pattern, atom)].append(NAME_BASE + slot)
        others = IntervalSet.of((NAME_BASE + len(self.atoms.patterns), NAME_LAST))
        return IntervalSet.points(found[True]), IntervalSet.points(found[None]) | others


def _hulls(about: FlowSet, family: Family) -> dict[str, IntervalSet]:
    """On each axis, every number that some flow of the question has."""
    boxes = [box for box in about.boxes() if box.family is family]
    return {
        axis: IntervalSet.of(*(piece for box in boxes for piece in getattr(box, axis)))
        for axis in ("protocol", "source", "destination", "source_port", "destination_port")
    }

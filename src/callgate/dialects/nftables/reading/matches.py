"""One match statement as matches of the rules' model, any of which may hold."""

from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.nftables.reading.concatenations import Box, complement, united
from callgate.dialects.nftables.reading.conjunction import both
from callgate.dialects.nftables.reading.cursor import SyntaxMistakeError
from callgate.dialects.nftables.reading.fields import (
    DEPENDENCIES,
    FIELDS,
    INTERFACES,
    Field,
    Words,
    condition,
)
from callgate.dialects.nftables.reading.lookups import Lookups
from callgate.dialects.nftables.reading.relations import held
from callgate.dialects.nftables.reading.tokens import Kind, Token
from callgate.dialects.nftables.reading.tree import (
    Binary,
    Concatenation,
    Element,
    Elements,
    Expression,
    Match,
    Selector,
    place_of,
    render,
)
from callgate.dialects.nftables.reading.values import Decoded, decode
from callgate.rules import ANYTHING, Interfaces
from callgate.rules import Match as Held

#: Fields of bits, where ``==`` says something else than no operator.
_BITS: Final = (("tcp", "flags"), ("ct", "status"), ("ct", "label"), ("ct", "event"))
Alternatives = list[Held]


@dataclass(slots=True)
class Matches:
    """Turns matches into alternatives; equal tests of one set are worked out once."""

    lookups: Lookups
    _cache: dict[tuple[str, str, int], tuple[Expression, Alternatives]] = field(
        default_factory=dict
    )

    def of(self, match: Match) -> Alternatives:
        """Any of these holds if and only if the statement does; none: it never does."""
        return self.test(match.left, match.operator, match.right)

    def test(self, left: Expression, operator: str, right: Expression) -> Alternatives:
        """The same for ``left operator right``; sets are worked out once."""
        value = self.lookups.contents(right)
        if value is None:
            return _conditions(left, operator, render(right))
        if not isinstance(value, Elements):
            return _test(left, operator, value, render(right))
        key = (render(left), operator, id(value))
        if key not in self._cache:
            text = render(right)
            self._cache[key] = (value, _test(left, operator, value, text))
        return self._cache[key][1]


def _test(left: Expression, operator: str, value: Expression, text: str) -> Alternatives:
    if isinstance(left, Concatenation):
        return _concatenated(left, operator, value, text)
    selector, masks = unmasked(left)
    if selector.words in INTERFACES and not masks:
        names = _names(value)
        if names is None or operator not in ("", "==", "!="):
            return _conditions(left, operator, text)
        return _interface(selector.words, names, negated=operator == "!=")
    known = FIELDS.get(selector.words)
    if known is None:
        return _conditions(left, operator, text)
    found = held(known, masks, operator, value)
    if found is None:
        return _conditions(left, operator, text)
    return _alternatives(known, found, _text(left, operator, text))


def _alternatives(known: Field, found: Decoded, text: str) -> Alternatives:
    exact = known.build(found.values, text) if found.values else []
    unknown = [
        joined
        for name in found.unknown
        if (joined := both(known.dependency, condition(f"{known.name} {name}"))) is not None
    ]
    return exact + unknown


def unmasked(left: Expression) -> tuple[Selector, tuple[Binary, ...]]:
    """The field on the left side, and what is done to it first, innermost first."""
    masks: list[Binary] = []
    while isinstance(left, Binary):
        masks.insert(0, left)
        left = left.left
    if not isinstance(left, Selector):
        raise SyntaxMistakeError(place_of(left), f"not a field: {render(left)}")
    return left, tuple(masks)


def dependency(left: Expression) -> Held | None:
    """What a test of these fields implies, whatever the values; None: never holds."""
    parts = left.parts if isinstance(left, Concatenation) else (left,)
    total: Held | None = ANYTHING
    for part in parts:
        needed = DEPENDENCIES.get(unmasked(part)[0].words[0], ANYTHING)
        total = None if total is None else both(total, needed)
    return total


def _text(left: Expression, operator: str, value: str) -> str:
    """How a condition is called: without ``==``, which is what no operator means.

    Fields of bits are the exception, and fields under a mask read better with it.
    """
    if isinstance(left, Binary):
        bare = f"{render(left.left)} {left.operator} {render(left.right)}"
        return f"{bare} {'==' if operator in ('', '!=') else operator} {value}"
    kept = operator not in ("", "==", "!=") or (
        operator == "==" and isinstance(left, Selector) and left.words in _BITS
    )
    return f"{render(left)} {operator} {value}" if kept else f"{render(left)} {value}"


def _conditions(left: Expression, operator: str, value: str) -> Alternatives:
    needed = dependency(left)
    test = condition(_text(left, operator, value), negated=operator == "!=")
    found = None if needed is None else both(needed, test)
    return [] if found is None else [found]


def _names(value: Expression) -> tuple[str, ...] | None:
    items = [each.key for each in value.entries] if isinstance(value, Elements) else [value]
    names = [_interface_name(each) for each in items]
    known = sorted({name for name in names if name is not None})
    return None if None in names else tuple(known)


def _interface_name(item: Expression | None) -> str | None:
    if isinstance(item, Token) and item.kind in (Kind.WORD, Kind.STRING):
        # An escaped star is a star in the name; the model's star is always a wildcard.
        return None if "\\" in item.value else item.value
    return None


def _interface(words: Words, names: tuple[str, ...], *, negated: bool) -> Alternatives:
    if not names:
        return [ANYTHING] if negated else []
    held_ones = Interfaces(names, negated)
    if INTERFACES[words]:
        return [Held(in_interface=held_ones)]
    return [Held(out_interface=held_ones)]


def _concatenated(left: Concatenation, operator: str, value: Expression, text: str) -> Alternatives:
    entries = value.entries if isinstance(value, Elements) else (Element(value),)
    exact = _exact(left, entries)
    if operator not in ("", "==", "!=") or any(each.key is None for each in entries):
        return _conditions(left, operator, text)
    if exact is not None:
        boxes: list[Box] | None = united(exact[1])
        if operator == "!=":
            boxes = complement(boxes or [], exact[0])
        if boxes is not None:
            return _of_boxes(exact[0], boxes, text)
    if operator == "!=":
        return _conditions(left, operator, text)
    return [each for entry in entries for each in _entry(left, entry)]


def _exact(
    left: Concatenation, entries: tuple[Element, ...]
) -> tuple[list[Field], list[Box]] | None:
    """Fields and boxes, where every part of every key is a set of numbers."""
    fields = [FIELDS.get(part.words) if isinstance(part, Selector) else None for part in left.parts]
    known = [each for each in fields if each is not None]
    if len(known) < len(fields):
        return None
    boxes: list[Box] = []
    for entry in entries:
        decoded = [
            decode([part], each.numbers)
            for part, each in zip(_key(left, entry), known, strict=True)
        ]
        if any(each.unknown for each in decoded):
            return None
        boxes.append(tuple(each.values for each in decoded))
    return known, boxes


def _key(left: Concatenation, entry: Element) -> tuple[Expression, ...]:
    parts = entry.key.parts if isinstance(entry.key, Concatenation) else (entry.key,)
    if len(parts) != len(left.parts):
        raise SyntaxMistakeError(
            place_of(entry.key) if entry.key is not None else place_of(left),
            f"the key {render(entry.key)} has not the {len(left.parts)} parts of {render(left)}",
        )
    return tuple(part for part in parts if part is not None)


def _of_boxes(fields: list[Field], boxes: list[Box], text: str) -> Alternatives:
    found: Alternatives = []
    for box in boxes:
        found += product(
            [
                each.build(values, f"{each.name} in {text}")
                for each, values in zip(fields, box, strict=True)
            ]
        )
    return found


def _entry(left: Concatenation, entry: Element) -> Alternatives:
    return product(
        [
            _test(part, "", Elements((Element(value),), place_of(value)), render(value))
            for part, value in zip(left.parts, _key(left, entry), strict=True)
        ]
    )


def product(factors: list[Alternatives]) -> Alternatives:
    """One alternative of each factor at once, for every choice that is possible."""
    total: Alternatives = [ANYTHING]
    for factor in factors:
        total = [
            joined for one in total for two in factor if (joined := both(one, two)) is not None
        ]
    return total

"""What ``field operator value`` holds: the set of the field's values, or a condition.

Semantics measured with ``nft --debug=netlink``: for fields of bits a value without an
operator asks for *any* of its bits, ``!`` for none of them, ``value / mask`` for these
bits among those; ``==`` and ``!=`` compare the whole value (so ``ct state != new,related``
holds always, for a packet is in one state); a value inside of a set is compared whole.
"""

from callgate.dialects.nftables.reading.cursor import SyntaxMistakeError
from callgate.dialects.nftables.reading.fields import Field
from callgate.dialects.nftables.reading.tree import (
    Binary,
    Elements,
    Expression,
    Listing,
    Prefix,
    place_of,
    render,
)
from callgate.dialects.nftables.reading.values import Decoded, constant, decode
from callgate.flows import IntervalSet

_ENUMERABLE = 1 << 16


def held(
    field: Field, masks: tuple[Binary, ...], operator: str, value: Expression
) -> Decoded | None:
    """The values of the field that pass; None when only a condition can say it.

    ``masks`` are what is done to the field first, innermost first: ``& 0xff``.
    """
    if operator in ("<", ">", "<=", ">="):
        found = _compared(field, operator, value)
    elif field.bitmask and not masks and not isinstance(value, Elements):
        found = _bits(field, operator, value)
    else:
        found = _equal(field, operator, value)
    if found is None or not masks:
        return found
    return _through(field, masks, found)


def _equal(field: Field, operator: str, value: Expression) -> Decoded | None:
    if isinstance(value, Listing) and not field.bitmask:
        raise SyntaxMistakeError(
            place_of(value), "a list of values goes in braces", f"{{ {render(value)} }}"
        )
    items = [each.key for each in value.entries] if isinstance(value, Elements) else [value]
    found = decode([each for each in items if each is not None], field.numbers)
    if None in items:
        found = Decoded(field.universe)
    if operator == "!":
        return None
    return found if operator in ("", "==") else _negated(field, found)


def _negated(field: Field, found: Decoded) -> Decoded | None:
    return None if found.unknown else Decoded(field.universe - found.values)


def _compared(field: Field, operator: str, value: Expression) -> Decoded | None:
    bound = constant(value, field.numbers)
    if bound is None:
        return None
    low, high = {
        "<": (0, bound - 1),
        "<=": (0, bound),
        ">": (bound + 1, field.numbers.top),
        ">=": (bound, field.numbers.top),
    }[operator]
    within = IntervalSet.of((low, high)) if low <= high else IntervalSet.EMPTY
    return Decoded(within & field.universe)


def _bits(field: Field, operator: str, value: Expression) -> Decoded | None:
    mask = None
    if isinstance(value, Prefix):
        mask = constant(value.length, field.numbers)
        value = value.base
        if mask is None:
            return None
    bits = constant(value, field.numbers)
    if bits is None:
        return None
    return Decoded(
        IntervalSet.points(each for each in _points(field) if _passes(each, operator, bits, mask))
    )


def _points(field: Field) -> range | tuple[int, ...]:
    return field.points or range(field.numbers.top + 1)


def _passes(value: int, operator: str, bits: int, mask: int | None) -> bool:
    if mask is not None:
        return (value & mask == bits) == (operator in ("", "=="))
    match operator:
        case "":
            return value & bits != 0
        case "!":
            return value & bits == 0
        case "!=":
            return value != bits
        case _:
            return value == bits


def _through(field: Field, masks: tuple[Binary, ...], found: Decoded) -> Decoded | None:
    """The values that land in a set once the masks are applied."""
    if found.unknown:
        return None
    right = [constant(each.right, field.numbers) for each in masks]
    if any(each is None for each in right):
        return None
    steps = [
        (each.operator, bits) for each, bits in zip(masks, right, strict=True) if bits is not None
    ]
    if field.points or field.numbers.top < _ENUMERABLE:
        return Decoded(
            IntervalSet.points(
                each
                for each in _points(field)
                if (after := _apply(each, steps)) is not None and after in found.values
            )
        )
    return _prefix_mask(field, steps, found)


def _apply(value: int, steps: list[tuple[str, int]]) -> int | None:
    for operator, bits in steps:
        match operator:
            case "&":
                value &= bits
            case "|":
                value |= bits
            case "^":
                value ^= bits
            case _:
                return None
    return value


def _prefix_mask(field: Field, steps: list[tuple[str, int]], found: Decoded) -> Decoded | None:
    """``ip saddr & 255.255.255.0 == 192.0.2.0`` is a prefix; other masks are none."""
    if len(steps) != 1 or steps[0][0] != "&":
        return None
    mask = steps[0][1]
    rest = field.numbers.top ^ mask
    if rest & (rest + 1):
        return None
    intervals = []
    for low, high in found.values:
        first = low + (-low & rest)  # the lowest multiple of the block that is not below
        if first <= high:
            last = high & ~rest
            intervals.append((first, last | rest))
    return Decoded(IntervalSet.of(*intervals))

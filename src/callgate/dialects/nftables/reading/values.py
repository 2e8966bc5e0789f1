"""What a value means as a set of numbers.

A set is a union of numbers, ranges and prefixes of one width; a name that we cannot
resolve (a host, a service of the box's own) is kept beside it as text. Numbers that do
not fit are mistakes, as they are for nft.
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from callgate.dialects.nftables.reading.cursor import SyntaxMistakeError, number_of
from callgate.dialects.nftables.reading.tokens import Kind, Token
from callgate.dialects.nftables.reading.tree import (
    Binary,
    Expression,
    Listing,
    Prefix,
    Range,
    place_of,
    render,
)
from callgate.flows import IntervalSet
from callgate.flows.intervals import Interval


@dataclass(frozen=True, slots=True)
class Numbers:
    """How to read the values of one field: their width and their names."""

    bits: int
    names: Mapping[str, int]
    address: Kind | None = None  # the kind of token that an address of this field is

    @property
    def top(self) -> int:
        """The largest value."""
        return (1 << self.bits) - 1

    def leaf(self, token: Token) -> int | None:
        """The number that a token means; None for a name that we do not know."""
        if token.kind in (Kind.V4, Kind.V6):
            return self._address(token)
        if token.kind is Kind.NUMBER:
            number = number_of(token)
        elif token.kind in (Kind.WORD, Kind.STRING, Kind.TIME):
            named = self.names.get(token.value)
            if named is None and token.value.isdecimal() and len(token.value) < 20:
                named = int(token.value)
            if named is None:
                return None
            number = named
        else:
            raise SyntaxMistakeError(token.place, f"not a value of this field: {token.text!r}")
        if not 0 <= number <= self.top:
            raise SyntaxMistakeError(token.place, f"{token.text} does not fit in {self.bits} bits")
        return number

    def _address(self, token: Token) -> int:
        if token.kind is not self.address:
            raise SyntaxMistakeError(token.place, f"not a value of this field: {token.text!r}")
        try:
            return int(ipaddress.ip_address(token.text))
        except ValueError:
            raise SyntaxMistakeError(token.place, f"not an address: {token.text!r}") from None


@dataclass(frozen=True, slots=True)
class Decoded:
    """The numbers that values mean, and the names among them that we cannot resolve."""

    values: IntervalSet = IntervalSet.EMPTY
    unknown: tuple[str, ...] = ()

    def __or__(self, other: "Decoded") -> "Decoded":
        return Decoded(self.values | other.values, (*self.unknown, *other.unknown))


def decode(items: list[Expression], numbers: Numbers) -> Decoded:
    """The union of the values; their order does not matter."""
    intervals: list[Interval] = []
    unknown: list[str] = []
    for item in items:
        found = interval(item, numbers)
        if found is None:
            unknown.append(render(item))
        else:
            intervals.append(found)
    return Decoded(IntervalSet.of(*intervals), tuple(dict.fromkeys(unknown)))


def interval(item: Expression, numbers: Numbers) -> Interval | None:
    """The interval that one value means; None when it holds a name that we do not know."""
    match item:
        case Range():
            return _range(item, numbers)
        case Prefix():
            return _prefix(item, numbers)
        case Token():
            number = numbers.leaf(item)
        case _:
            number = constant(item, numbers)
    return None if number is None else (number, number)


def _range(item: Range, numbers: Numbers) -> Interval | None:
    low, high = constant(item.low, numbers), constant(item.high, numbers)
    if low is None or high is None:
        return None
    if low > high:
        raise SyntaxMistakeError(place_of(item), f"the range {render(item)} is upside down")
    return low, high


def _prefix(item: Prefix, numbers: Numbers) -> Interval | None:
    base = constant(item.base, numbers)
    if base is None or not isinstance(item.length, Token) or item.length.kind is not Kind.NUMBER:
        return None
    length = number_of(item.length)
    if length > numbers.bits:
        raise SyntaxMistakeError(item.length.place, f"a prefix has at most {numbers.bits} bits")
    rest = numbers.top >> length
    return base & ~rest, base | rest


_FOLD: dict[str, Callable[[int, int], int]] = {
    "|": lambda one, two: one | two,
    "&": lambda one, two: one & two,
    "^": lambda one, two: one ^ two,
}


def constant(item: Expression, numbers: Numbers) -> int | None:
    """One number, names and operators resolved; None when we cannot."""
    match item:
        case Token():
            return numbers.leaf(item)
        case Listing():
            return _united([constant(part, numbers) for part in item.parts])
        case Binary(operator=operator) if operator in _FOLD:
            left, right = constant(item.left, numbers), constant(item.right, numbers)
            return None if left is None or right is None else _FOLD[operator](left, right)
        case _:
            return None


def _united(bits: list[int | None]) -> int | None:
    total = 0
    for each in bits:
        if each is None:
            return None
        total |= each
    return total

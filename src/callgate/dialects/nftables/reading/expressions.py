"""The grammar of expressions: values, ranges, prefixes, sets, masks, concatenations.

A value to the right of a field is always one token, or a few tied by operators, so the
grammar knows where a match ends without knowing what the field means.
"""

from typing import Final

from callgate.dialects.nftables.reading.cursor import Cursor, SyntaxMistakeError, described
from callgate.dialects.nftables.reading.selectors import begins_selector, selector
from callgate.dialects.nftables.reading.tokens import Kind, Token
from callgate.dialects.nftables.reading.tree import (
    Binary,
    Concatenation,
    Element,
    Elements,
    Expression,
    Listing,
    Lookup,
    Outcome,
    Prefix,
    Range,
    Selector,
    SetName,
    Verdict,
)

#: Entries of one set, counted after definitions inside it are opened up.
ENTRIES_MAX: Final = 1_000_000
#: Operators of one value. Definitions that use definitions could grow without limit.
_OPERATORS_MAX: Final = 200
_PARTS_MAX: Final = 1000
_VALUES: Final = frozenset(
    {Kind.WORD, Kind.NUMBER, Kind.V4, Kind.V6, Kind.MAC, Kind.STRING, Kind.TIME}
)
_VERDICTS: Final = {each.value: each for each in Outcome if each is not Outcome.REJECT}
#: Words that end a value that was forgotten.
_RESERVED: Final = frozenset({*_VERDICTS, "reject", "queue", "counter", "log", "limit"})
_LEADING: Final = frozenset({Outcome.JUMP, Outcome.GOTO})
#: Words that stand behind an element, and how many tokens belong to each.
_ELEMENT_WORDS: Final = {"timeout": 1, "expires": 1, "comment": 1}


def field(cursor: Cursor) -> Expression:
    """The left side of a match: fields joined by dots, perhaps under a mask."""
    parts: list[Expression] = [_masked(cursor, selector(cursor))]
    while cursor.at("."):
        cursor.take()
        cursor.skip_newlines()
        if not begins_selector(cursor):
            cursor.fail(f"expected a field after '.', found {described(cursor.peek())}")
        parts.append(_masked(cursor, selector(cursor)))
    return parts[0] if len(parts) == 1 else Concatenation(tuple(parts))


def _masked(cursor: Cursor, left: Selector) -> Expression:
    value: Expression = left
    while cursor.at("&", "|", "^", "<<", ">>", "and", "or", "xor"):
        operator = _SPELT_OUT.get(cursor.peek().text, cursor.peek().text)
        cursor.take()
        value = _binary(cursor, operator, value, _primary(cursor))
    return value


_SPELT_OUT: Final = {"and": "&", "or": "|", "xor": "^"}


def _binary(cursor: Cursor, operator: str, left: Expression, right: Expression) -> Binary:
    weight = 1 + _weight(left) + _weight(right)
    if weight > _OPERATORS_MAX:
        cursor.fail(f"more than {_OPERATORS_MAX} operators in one value")
    return Binary(operator, left, right, weight)


def _weight(value: Expression) -> int:
    return value.weight if isinstance(value, Binary) else 0


def value(cursor: Cursor) -> Expression:
    """The right side of a match: a set, a name of one, or a list of values."""
    if cursor.at("@"):
        return set_name(cursor)
    first = _concatenation(cursor)
    if not cursor.at(","):
        return _over(cursor, first)
    parts: list[Expression] = [*_parts(first, Listing)]
    while cursor.skip(","):
        cursor.skip_newlines()
        parts += _parts(_concatenation(cursor), Listing)
        if len(parts) > _PARTS_MAX:
            cursor.fail(f"more than {_PARTS_MAX} values in one list")
    return _over(cursor, Listing(tuple(parts)))


def _over(cursor: Cursor, base: Expression) -> Expression:
    """``syn / syn,ack``: a value under a mask."""
    if not cursor.skip("/"):
        return base
    return Prefix(base, value(cursor))


def _parts(item: Expression, kind: type[Listing] | type[Concatenation]) -> tuple[Expression, ...]:
    return item.parts if isinstance(item, kind) else (item,)


def set_name(cursor: Cursor) -> SetName:
    """``@name``."""
    place = cursor.expect("@", "before the name of a set").place
    if cursor.at("$"):
        return SetName(_name_in(cursor), place)
    return SetName(cursor.word("the name of a set").value, place)


def _name_in(cursor: Cursor) -> str:
    """The name that a definition holds."""
    place = cursor.peek().place
    held = cursor.variable()
    if isinstance(held, Token) and held.kind in (Kind.WORD, Kind.STRING):
        return held.value
    raise SyntaxMistakeError(place, "this definition does not hold a name")


def name(cursor: Cursor, what: str) -> str:
    """A name, or a definition that holds one."""
    return _name_in(cursor) if cursor.at("$") else cursor.word(what).value


def _concatenation(cursor: Cursor) -> Expression:
    first = _interval(cursor)
    if not cursor.at("."):
        return first
    parts: list[Expression] = [*_parts(first, Concatenation)]
    while cursor.skip("."):
        cursor.skip_newlines()
        parts += _parts(_interval(cursor), Concatenation)
    if len(parts) > _PARTS_MAX:
        cursor.fail(f"more than {_PARTS_MAX} parts in one key")
    return Concatenation(tuple(parts))


def _interval(cursor: Cursor) -> Expression:
    low = _operators(cursor)
    if cursor.skip("-"):
        return Range(low, _operators(cursor))
    if cursor.at("/") and cursor.peek(1).kind is Kind.NUMBER and not _is_number(low):
        cursor.take()
        return Prefix(low, cursor.take())
    return low


def _is_number(item: Expression) -> bool:
    """Whether a slash behind it brings a mask: ``0x2 / 0x2,0x10``."""
    return isinstance(item, Token) and item.kind is Kind.NUMBER


def _operators(cursor: Cursor) -> Expression:
    left = _primary(cursor)
    while cursor.at("|", "&", "^", "<<", ">>"):
        operator = cursor.take().text
        left = _binary(cursor, operator, left, _primary(cursor))
    return left


def _primary(cursor: Cursor) -> Expression:
    token = cursor.peek()
    if cursor.at("$"):
        return cursor.variable()
    if cursor.at("{"):
        return elements(cursor)
    if cursor.at("("):
        return _in_brackets(cursor)
    if cursor.at("["):
        cursor.take()
        inner = _primary(cursor)
        cursor.expect("]", "after the address")
        return inner
    if token.kind not in _VALUES or token.text in _RESERVED:
        cursor.fail(f"expected a value, found {described(token)}")
    return cursor.take()


def _in_brackets(cursor: Cursor) -> Expression:
    with cursor.deeper():
        cursor.take()
        inner = value(cursor)
        cursor.expect(")", "after the value")
        return inner


def elements(cursor: Cursor) -> Elements:
    """``{ … }``: a set, or a map where the entries have data."""
    start = cursor.take()
    entries: list[Element] = []
    with cursor.deeper():
        cursor.skip_newlines()
        while not cursor.at("}"):
            entries += _entries(cursor)
            if len(entries) > ENTRIES_MAX:
                cursor.fail(f"more than {ENTRIES_MAX} entries in one set")
            cursor.skip_newlines()
            if not cursor.skip(","):
                break
            cursor.skip_newlines()
        if not cursor.at("}"):
            cursor.fail(
                f"expected ',' or '}}' in the set that begins at {start.place},"
                f" found {described(cursor.peek())}"
            )
        cursor.take()
    return Elements(tuple(entries), start.place)


def _entries(cursor: Cursor) -> tuple[Element, ...]:
    key = None if cursor.at("*") else _over(cursor, _concatenation(cursor))
    if key is None:
        cursor.take()
    passing = _options(cursor)
    cursor.skip_newlines()
    if isinstance(key, Elements):
        return key.entries  # a definition that holds a set, inside of a set
    if not cursor.skip(":"):
        return (Element(key, None, passing),)
    cursor.skip_newlines()
    verdict = verdict_or_none(cursor)
    data = verdict if verdict is not None else _concatenation(cursor)
    passing = _options(cursor) or passing
    return (Element(key, data, passing),)


def _options(cursor: Cursor) -> bool:
    """Move over what stands behind an element; whether it may pass away."""
    passing = False
    while cursor.peek().kind is Kind.WORD:
        word = cursor.take()
        option = word.text
        passing = passing or option in ("timeout", "expires")
        if option in _ELEMENT_WORDS:
            cursor.take()
        elif option in ("counter", "quota", "limit", "ct", "last"):
            _counters(cursor)
        else:
            raise SyntaxMistakeError(word.place, f"unknown word {option!r} behind an element")
    return passing


def _counters(cursor: Cursor) -> None:
    while not (
        cursor.at(",", "}", ":", "timeout", "expires", "comment")
        or cursor.peek().kind in (Kind.NEWLINE, Kind.END)
    ):
        cursor.take()


def verdict_or_none(cursor: Cursor) -> Verdict | None:
    """Take a verdict if one comes next."""
    token = cursor.peek()
    outcome = _VERDICTS.get(token.text)
    if outcome is None or token.kind is not Kind.WORD:
        return None
    cursor.take()
    if outcome not in _LEADING:
        return Verdict(outcome, token.place)
    return Verdict(outcome, token.place, name(cursor, f"the chain to {token.text}"))


def argument(cursor: Cursor) -> Expression:
    """What ``set`` gives a field: any value, a field, or ``key map { … }``."""
    if not begins_selector(cursor):
        return value(cursor)
    key = field(cursor)
    if not cursor.skip("map"):
        return key
    return Lookup(key, value(cursor))


def traffic_class(cursor: Cursor) -> Expression:
    """``1:2``, as ``meta priority`` takes it."""
    left = _primary(cursor)
    if not cursor.at(":"):
        return left
    return _binary(cursor, cursor.take().text, left, _primary(cursor))

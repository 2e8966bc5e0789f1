"""The grammar of blocks: what stands inside the braces of a table, a chain or a set."""

from collections.abc import Callable
from typing import Final

from callgate.dialects.nftables.reading.cursor import (
    Cursor,
    SyntaxMistakeError,
    described,
    number_of,
)
from callgate.dialects.nftables.reading.expressions import elements, name, value
from callgate.dialects.nftables.reading.statements import rule
from callgate.dialects.nftables.reading.tokens import Kind, Token
from callgate.dialects.nftables.reading.tree import (
    Base,
    Chain,
    Elements,
    Expression,
    NamedSet,
    Table,
)
from callgate.errors import Mistake

#: ``std_prios`` of nft, for the families ip, ip6 and inet.
PRIORITIES: Final = {
    "raw": -300,
    "mangle": -150,
    "dstnat": -100,
    "filter": 0,
    "security": 50,
    "srcnat": 100,
}
#: The same for bridge, where a name means another number; such chains do not decide.
_BRIDGE_PRIORITIES: Final = {"out": 100}
OBJECTS: Final = ("counter", "quota", "limit", "secmark", "synproxy", "ct", "flowtable", "tunnel")


def block(cursor: Cursor, what: str, line: Callable[[], None]) -> None:
    """``{ … }``: read lines until the brace closes; a broken line costs only itself."""
    start = cursor.expect("{", f"before the body of the {what}")
    with cursor.scope(), cursor.deeper():
        cursor.skip_separators()
        while not cursor.at("}"):
            if cursor.peek().kind is Kind.END:
                message = f"the {what} that begins here is never closed"
                cursor.give_up(Mistake(start.place, message, "is the text whole?"))
            try:
                line_of_any_block(cursor, line)
            except SyntaxMistakeError as error:
                cursor.note(error.mistake)
                cursor.recover()
            cursor.skip_separators()
        cursor.take()


def line_of_any_block(cursor: Cursor, line: Callable[[], None]) -> None:
    """One line: an include or a definition, which may stand anywhere, or the block's own."""
    if cursor.at("include"):
        cursor.include()
        return
    if cursor.at("define", "redefine"):
        _define(cursor)
    elif cursor.at("undefine"):
        cursor.take()
        cursor.undefine(cursor.word("a name"))
    else:
        line()
    cursor.end_of_line()


def _define(cursor: Cursor) -> None:
    again = cursor.take().text == "redefine"
    target = cursor.word("a name to define")
    cursor.expect("=", "after the name")
    cursor.define(target, _initial(cursor), again=again)


def _initial(cursor: Cursor) -> Expression:
    """A value, or a number below zero for a priority."""
    if cursor.at("-") and cursor.peek(1).kind is Kind.NUMBER:
        minus = cursor.take()
        number = cursor.take()
        return Token(Kind.NUMBER, f"-{number.text}", minus.offset, minus.source)
    return value(cursor)


def table_body(cursor: Cursor, table: Table) -> None:
    """The body of a table."""
    block(cursor, "table", lambda: _table_line(cursor, table))


def _table_line(cursor: Cursor, table: Table) -> None:
    token = cursor.peek()
    match token.text:
        case "chain":
            cursor.take()
            made = cursor.word("the name of a chain")
            chain = table.chains.setdefault(made.value, Chain(made.value, made.place))
            chain_body(cursor, table, chain)
        case "set" | "map":
            cursor.take()
            made = cursor.word(f"the name of a {token.text}")
            found = NamedSet(made.value, made.place, token.text == "map")
            set_body(cursor, table.sets.setdefault(made.value, found))
        case "flags":
            cursor.take()
            table.dormant = "dormant" in flags(cursor) or table.dormant
        case "comment":
            cursor.take()
            cursor.word("a quoted comment")
        case text if text in OBJECTS:
            skip_object(cursor)
        case _:
            cursor.fail(
                f"expected chain, set or map in a table, found {described(token)}",
            )


def skip_object(cursor: Cursor) -> None:
    """Move over a named counter, limit, flowtable: rules name them, they decide nothing."""
    start = cursor.take()
    depth = 0
    while depth or not (cursor.at_separator() or cursor.at("}")):
        if cursor.peek().kind is Kind.END:
            cursor.give_up(Mistake(start.place, f"the {start.text} here is never closed"))
        depth += cursor.at("{") - cursor.at("}")
        cursor.take()


def flags(cursor: Cursor) -> frozenset[str]:
    """``dynamic,timeout``."""
    found = {cursor.word("a flag").text}
    while cursor.skip(","):
        found.add(cursor.word("a flag").text)
    return frozenset(found)


def chain_body(cursor: Cursor, table: Table, chain: Chain) -> None:
    """The body of a chain: its hook, its policy, its rules."""
    block(cursor, "chain", lambda: _chain_line(cursor, table, chain))


def _chain_line(cursor: Cursor, table: Table, chain: Chain) -> None:
    match cursor.peek().text:
        case "type":
            chain.base = _base(cursor, table)
        case "policy":
            cursor.take()
            place = cursor.peek().place
            chain.policy = name(cursor, "accept or drop")
            if chain.policy not in ("accept", "drop"):
                raise SyntaxMistakeError(place, f"a policy is accept or drop, not {chain.policy!r}")
            chain.policy_place = place
        case "comment" if cursor.peek(1).kind is Kind.STRING:
            cursor.take()
            cursor.take()
        case "flags":
            cursor.take()
            flags(cursor)
        case "devices":
            _devices(cursor)
        case _:
            chain.rules.append(rule(cursor))


def _base(cursor: Cursor, table: Table) -> Base:
    """``type filter hook forward priority filter``."""
    place = cursor.take().place
    kind = cursor.word("filter, nat or route").text
    cursor.expect("hook", "after the type of the chain")
    hook = cursor.word("the name of a hook").text
    devices = False
    while cursor.at("device", "devices"):
        devices = True
        _devices(cursor)
    cursor.expect("priority", "after the hook")
    priority = _priority(cursor, table)
    if kind not in ("filter", "nat", "route"):
        raise SyntaxMistakeError(place, f"a chain is of type filter, nat or route, not {kind!r}")
    return Base(kind, hook, priority, place, devices)


def _devices(cursor: Cursor) -> None:
    cursor.take()
    cursor.skip("=")
    value(cursor)


def _priority(cursor: Cursor, table: Table) -> int:
    known = PRIORITIES | (_BRIDGE_PRIORITIES if table.family == "bridge" else {})
    place = cursor.peek().place
    total = _signed(cursor, known)
    while cursor.at("+", "-"):
        sign = -1 if cursor.take().text == "-" else 1
        total += sign * cursor.number("a number")
    if not -(2**31) <= total < 2**31:
        raise SyntaxMistakeError(place, f"no priority: {total}")
    return total


def _signed(cursor: Cursor, known: dict[str, int]) -> int:
    """The number or name that a priority begins with; a sign in front of it counts from 0."""
    if cursor.at("+", "-"):
        return 0
    place = cursor.peek().place
    held = cursor.variable() if cursor.at("$") else cursor.take()
    if isinstance(held, Token) and held.kind is Kind.NUMBER:
        below_zero = held.text.startswith("-")
        number = number_of(held._replace(text=held.text.removeprefix("-")))
        return -number if below_zero else number
    if isinstance(held, Token) and held.value in known:
        return known[held.value]
    raise SyntaxMistakeError(place, "no priority", "a number, or " + ", ".join(known))


def set_body(cursor: Cursor, target: NamedSet) -> None:
    """The body of a set or a map."""
    block(cursor, "map" if target.is_map else "set", lambda: _set_line(cursor, target))


def _set_line(cursor: Cursor, target: NamedSet) -> None:
    word = cursor.take()
    match word.text:
        case "type" | "typeof":
            _set_type(cursor, target)
        case "flags":
            target.flags |= flags(cursor)
        case "elements":
            cursor.expect("=", "after elements")
            target.entries += _listed(cursor).entries
        case "timeout":
            target.flags |= {"timeout"}
            cursor.take()
        case "gc-interval" | "size" | "policy" | "comment":
            cursor.take()
        case "auto-merge":
            pass
        case "counter" | "quota" | "limit" | "ct" | "last":
            while not (cursor.at_separator() or cursor.at("}")):
                cursor.take()
        case _:
            raise SyntaxMistakeError(word.place, f"unknown word {described(word)} in a set")


def _listed(cursor: Cursor) -> Elements:
    found = cursor.variable() if cursor.at("$") else None
    if found is None and cursor.at("{"):
        found = elements(cursor)
    if not isinstance(found, Elements):
        cursor.fail("expected the elements in braces")
    return found


def _set_type(cursor: Cursor, target: NamedSet) -> None:
    """The type says nothing that the use of the set does not say again, except ``verdict``."""
    last = ""
    while not (cursor.at_separator() or cursor.at("}")):
        last = cursor.take().text
    target.to_verdict = last == "verdict"

"""The grammar of rules: matches, verdicts, and statements kept as text.

A word that we do not know does not break the structure: what follows it up to the end of
the rule is kept as text, except for a verdict at its end (so that "something unknown,
then accept" stays an accept that depends on something).
"""

from collections.abc import Callable
from typing import Final

from callgate.dialects.nftables.reading.cursor import Cursor
from callgate.dialects.nftables.reading.expressions import (
    argument,
    field,
    traffic_class,
    value,
    verdict_or_none,
)
from callgate.dialects.nftables.reading.selectors import begins_selector
from callgate.dialects.nftables.reading.tokens import Kind, Token
from callgate.dialects.nftables.reading.tree import (
    Action,
    Expression,
    Manner,
    Match,
    Outcome,
    Rule,
    Selector,
    Statement,
    Verdict,
    VerdictMap,
)
from callgate.errors import Mistake
from callgate.places import Place

_RELATIONS: Final = ("==", "!=", "<", ">", "<=", ">=", "!", "eq", "ne", "lt", "gt", "le", "ge")
_SPELT_OUT: Final = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_FINAL_WORDS: Final = frozenset({"accept", "drop", "reject", "return", "continue"})


def rule(cursor: Cursor) -> Rule:
    """One rule, up to its newline or semicolon."""
    start = cursor.peek()
    found: list[Statement] = []
    while not _ends(cursor):
        found += _statement(cursor)
    return Rule(tuple(found), _text_since(cursor, start), start.place)


def _ends(cursor: Cursor) -> bool:
    return cursor.at_separator() or cursor.at("}")


def _text_since(cursor: Cursor, start: Token) -> str:
    last = cursor.previous
    if last is None or last.source is not start.source or last.end < start.end:
        return start.text
    return " ".join(start.source.text[start.offset : last.end].split())


def _statement(cursor: Cursor) -> list[Statement]:
    token = cursor.peek()
    verdict = verdict_or_none(cursor)
    if verdict is not None:
        return [verdict]
    if token.kind is Kind.WORD and token.text in _WORDS and not begins_selector(cursor):
        return [_WORDS[token.text](cursor)]
    if cursor.at("ct") and cursor.peek(1).text == "count":
        return [_kept(cursor, Manner.CONDITION, _connection_count)]
    if begins_selector(cursor):
        return [_with_field(cursor)]
    return _unknown(cursor)


def _with_field(cursor: Cursor) -> Statement:
    start = cursor.peek()
    left = field(cursor)
    if cursor.skip("vmap"):
        return VerdictMap(left, value(cursor), start.place)
    if cursor.at("set") and cursor.peek(1).text not in ("{",):
        cursor.take()
        _value_of(left)(cursor)
        return _assignment(cursor, start)
    if cursor.at("map"):
        return _kept_from(cursor, start, Manner.UNKNOWN, _rest)
    operator = ""
    if cursor.at(*_RELATIONS):
        operator = cursor.take().text
    right = traffic_class(cursor) if _value_of(left) is traffic_class else value(cursor)
    return Match(left, _SPELT_OUT.get(operator, operator), right, start.place)


def _value_of(left: Expression) -> Callable[[Cursor], Expression]:
    is_class = isinstance(left, Selector) and left.words == ("meta", "priority")
    return traffic_class if is_class else argument


def _assignment(cursor: Cursor, start: Token) -> Action:
    text = _text_since(cursor, start)
    harmless = start.text in ("meta", "ct", "mark", "nftrace", "pkttype", "ether") or any(
        f" {word} set" in text for word in ("dscp", "ecn", "ttl", "hoplimit", "flowlabel", "size")
    )
    return Action(Manner.HARMLESS if harmless else Manner.REWRITE, text, start.place)


def _unknown(cursor: Cursor) -> list[Statement]:
    start = cursor.peek()
    if start.kind is Kind.FOREIGN:
        cursor.take()
        return [_foreign(start)]
    depth = 0
    while not (depth == 0 and _ends(cursor)) and cursor.peek().kind is not Kind.END:
        depth += cursor.at("{", "(") - cursor.at("}", ")")
        if depth == 0 and cursor.previous is not start and _is_final(cursor):
            break
        cursor.take()
    if cursor.peek().kind is Kind.END and depth:
        cursor.give_up(Mistake(start.place, "a bracket of this rule is never closed"))
    text = _text_since(cursor, start)
    hint = f"callgate does not know {start.text!r} here; the answer depends on what it does"
    return [Action(Manner.UNKNOWN, text, start.place, hint=hint)]


def _is_final(cursor: Cursor) -> bool:
    """Whether a verdict comes next that ends the rule."""
    word = cursor.peek()
    if word.kind is not Kind.WORD:
        return False
    after = 2 if word.text in ("jump", "goto") else 1 if word.text in _FINAL_WORDS else 0
    if not after:
        return False
    following = cursor.peek(after)
    return following.kind in (Kind.NEWLINE, Kind.END) or following.text in (";", "}", "comment")


def _foreign(token: Token) -> Action:
    return Action(
        Manner.FOREIGN,
        token.text.lstrip("# "),
        token.place,
        hint="iptables-nft made this rule and nft has no words for it;"
        " give the output of iptables-save instead",
    )


def _kept(cursor: Cursor, manner: Manner, move: Callable[[Cursor], None]) -> Action:
    return _kept_from(cursor, cursor.peek(), manner, move)


def _kept_from(
    cursor: Cursor, start: Token, manner: Manner, move: Callable[[Cursor], None]
) -> Action:
    if cursor.peek() is start:
        cursor.take()
    move(cursor)
    return Action(manner, _text_since(cursor, start), start.place)


def _nothing(_: Cursor) -> None:
    """The statement is one word."""


def _rest(cursor: Cursor) -> None:
    """Move to the end of the rule, over brackets, up to a comment."""
    depth = 0
    while cursor.peek().kind is not Kind.END:
        if depth == 0 and (_ends(cursor) or cursor.at("comment")):
            return
        depth += cursor.at("{") - cursor.at("}")
        cursor.take()


def _reject(cursor: Cursor) -> Statement:
    place: Place = cursor.take().place
    if cursor.skip("with"):
        family = cursor.word("icmp, icmpv6, icmpx or tcp").text
        if family in ("icmp", "icmpv6", "icmpx"):
            cursor.skip("type")
        cursor.take()
    return Verdict(Outcome.REJECT, place)


def _counter(cursor: Cursor) -> None:
    if cursor.at("name"):
        cursor.take()
        cursor.take()
        return
    if cursor.peek().kind is Kind.STRING:
        cursor.take()
    while cursor.at("packets", "bytes"):
        cursor.take()
        cursor.number("a number")


def _log(cursor: Cursor) -> None:
    while cursor.at("prefix", "level", "group", "snaplen", "queue-threshold", "flags"):
        if cursor.take().text == "flags":
            _log_flags(cursor)
        elif cursor.at("$"):
            cursor.variable()
        else:
            cursor.take()


def _log_flags(cursor: Cursor) -> None:
    if cursor.take().text in ("tcp", "ip"):
        cursor.take()
        while cursor.skip(","):
            cursor.take()


def _limit(cursor: Cursor) -> None:
    if cursor.skip("name"):
        cursor.take()
        return
    cursor.expect("rate", "after limit")
    cursor.skip("over") or cursor.skip("until")
    _amount(cursor)
    if cursor.skip("burst"):
        _amount(cursor)


def _amount(cursor: Cursor) -> None:
    """``10/second``, ``10 mbytes/second``, ``5 packets``."""
    cursor.number("a number")
    if cursor.skip("/"):
        cursor.take()
        return
    if cursor.peek().kind is Kind.WORD and cursor.peek().text.split("/")[0] in (
        "packets",
        "bytes",
        "kbytes",
        "mbytes",
    ):
        cursor.take()
        if cursor.skip("/"):
            cursor.take()


def _quota(cursor: Cursor) -> None:
    if cursor.skip("name"):
        cursor.take()
        return
    cursor.skip("over") or cursor.skip("until")
    _amount(cursor)
    if cursor.skip("used"):
        _amount(cursor)


def _connection_count(cursor: Cursor) -> None:
    cursor.take()
    cursor.skip("over")
    cursor.number("a number of connections")


def _comment(cursor: Cursor) -> None:
    cursor.word("a quoted comment")


def _last(cursor: Cursor) -> None:
    if cursor.skip("used"):
        cursor.take()


def _set_update(cursor: Cursor) -> Statement:
    """``add @name { key … }``: goes on unless the set is full or a limit inside says no."""
    start = cursor.take()
    if not cursor.at("@"):
        _rest(cursor)
        return _unknown_action(cursor, start)
    cursor.take()
    target = cursor.word("the name of a set").value
    _braced(cursor)
    return Action(Manner.CONDITION, _text_since(cursor, start), start.place, updates=target)


def _unknown_action(cursor: Cursor, start: Token) -> Action:
    return Action(Manner.UNKNOWN, _text_since(cursor, start), start.place)


def _braced(cursor: Cursor) -> None:
    cursor.expect("{", "before the key")
    depth = 1
    while depth and cursor.peek().kind is not Kind.END:
        depth += cursor.at("{") - cursor.at("}")
        cursor.take()


def _meter(cursor: Cursor) -> None:
    while not cursor.at("{") and not _ends(cursor):
        cursor.take()
    _braced(cursor)


def _flow(cursor: Cursor) -> None:
    cursor.take()  # add, or offload in old files
    cursor.skip("@")
    cursor.take()


def _dup(cursor: Cursor) -> None:
    cursor.skip("to")
    argument(cursor)
    if cursor.skip("device"):
        argument(cursor)


def _reset(cursor: Cursor) -> None:
    for _ in range(3):
        cursor.take()


def _handler(manner: Manner, move: Callable[[Cursor], None]) -> Callable[[Cursor], Statement]:
    return lambda cursor: _kept(cursor, manner, move)


_NAT: Final = _handler(Manner.NAT, _rest)
_FOREIGN: Final = _handler(Manner.FOREIGN, _rest)
_WORDS: Final[dict[str, Callable[[Cursor], Statement]]] = {
    "reject": _reject,
    "counter": _handler(Manner.HARMLESS, _counter),
    "comment": _handler(Manner.HARMLESS, _comment),
    "last": _handler(Manner.HARMLESS, _last),
    "log": _handler(Manner.LOG, _log),
    "limit": _handler(Manner.CONDITION, _limit),
    "quota": _handler(Manner.CONDITION, _quota),
    "meter": _handler(Manner.CONDITION, _meter),
    "flow": _handler(Manner.CONDITION, _flow),
    "add": _set_update,
    "update": _set_update,
    "delete": _set_update,
    "notrack": _handler(Manner.UNTRACK, _nothing),
    "dnat": _NAT,
    "snat": _NAT,
    "masquerade": _NAT,
    "redirect": _NAT,
    "tproxy": _FOREIGN,
    "queue": _FOREIGN,
    "synproxy": _FOREIGN,
    "fwd": _FOREIGN,
    "dup": _handler(Manner.HARMLESS, _dup),
    "reset": _handler(Manner.HARMLESS, _reset),
}

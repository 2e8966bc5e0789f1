"""The grammar of commands: blocks at the top, and ``add``, ``insert``, ``delete``, ``flush``.

A ruleset that nft lists is made of ``table`` blocks alone; a file written by hand may
build the same with commands. What only asks the kernel (``list``, ``reset``) is passed
over; what names an object by its handle cannot be followed, for only the kernel knows it.
"""

from collections.abc import Callable
from typing import Final

from callgate.dialects.nftables.reading.blocks import (
    OBJECTS,
    chain_body,
    line_of_any_block,
    set_body,
    skip_object,
    table_body,
)
from callgate.dialects.nftables.reading.cursor import Cursor, SyntaxMistakeError, described
from callgate.dialects.nftables.reading.expressions import elements
from callgate.dialects.nftables.reading.script import FAMILIES, Address, Script
from callgate.dialects.nftables.reading.statements import rule
from callgate.dialects.nftables.reading.tokens import Kind, Source
from callgate.dialects.nftables.reading.tree import Chain, Elements, NamedSet, Table, render
from callgate.dialects.reading import Include
from callgate.errors import InputError

_ASKING: Final = ("list", "reset", "describe", "monitor", "export")


def read_script(source: Source, include: Include) -> Script:
    """Every table that a text leaves behind; InputError holds every mistake of structure."""
    cursor = Cursor(source, include)
    script = Script()
    cursor.skip_separators()
    while cursor.peek().kind is not Kind.END:
        try:
            line_of_any_block(cursor, lambda: _command(cursor, script))
        except SyntaxMistakeError as error:
            cursor.note(error.mistake)
            cursor.recover()
            if cursor.at("}"):  # the end of a block whose beginning was broken
                cursor.take()
        cursor.skip_separators()
    if cursor.mistakes:
        raise InputError(cursor.mistakes)
    return script


def _command(cursor: Cursor, script: Script) -> None:
    word = cursor.peek()
    if word.text in _COMMANDS and word.kind is Kind.WORD:
        cursor.take()
        _COMMANDS[word.text](cursor, script)
    elif word.text in _ADDABLE or word.text in OBJECTS or _names_a_chain(cursor, script):
        _add(cursor, script)
    else:
        cursor.fail(
            f"expected table or a command of nft, found {described(word)}",
            "callgate reads what nft list ruleset prints, and files for nft -f",
        )


def _add(cursor: Cursor, script: Script) -> None:
    word = cursor.peek()
    if word.text in _ADDABLE and word.kind is Kind.WORD:
        cursor.take()
        _ADDABLE[word.text](cursor, script)
    elif word.text in OBJECTS and not _names_a_chain(cursor, script):
        skip_object(cursor)
    elif word.kind in (Kind.WORD, Kind.STRING):
        _rule(cursor, script)
    else:
        cursor.fail(f"expected what to add, found {described(word)}")


def _names_a_chain(cursor: Cursor, script: Script) -> bool:
    """Whether the words ahead are ``[family] table chain``, as in a rule without ``rule``."""
    family = cursor.peek().text in FAMILIES and cursor.peek(1).kind is Kind.WORD
    words = [cursor.peek(distance).value for distance in range(family + 2)]
    table = script.tables.get((words[0] if family else "ip", words[family]))
    return table is not None and words[family + 1] in table.chains


def _family(cursor: Cursor) -> str:
    if cursor.at(*FAMILIES) and cursor.peek(1).kind in (Kind.WORD, Kind.STRING):
        return cursor.take().text
    return "ip"


def _address(cursor: Cursor, what: str) -> Address:
    """``[family] table name``."""
    place = cursor.peek().place
    family = _family(cursor)
    table = cursor.word("the name of a table").value
    return Address(family, table, cursor.word(f"the name of a {what}").value, place)


def _table(cursor: Cursor, script: Script) -> None:
    place = cursor.peek().place
    table = script.table(_family(cursor), cursor.word("the name of a table").value, place)
    if cursor.at("{"):
        table_body(cursor, table)


def _chain(cursor: Cursor, script: Script) -> None:
    at = _address(cursor, "chain")
    table = script.existing(at)
    chain = table.chains.setdefault(at.name, Chain(at.name, at.place))
    if cursor.at("{"):
        chain_body(cursor, table, chain)


def _set(cursor: Cursor, script: Script, *, is_map: bool) -> None:
    at = _address(cursor, "set")
    made = NamedSet(at.name, at.place, is_map)
    target = script.existing(at).sets.setdefault(at.name, made)
    if cursor.at("{"):
        set_body(cursor, target)


def _element(cursor: Cursor, script: Script) -> None:
    at = _address(cursor, "set")
    target = script.named_set(at)
    target.entries += _braced(cursor).entries


def _braced(cursor: Cursor) -> Elements:
    if cursor.at("$"):
        held = cursor.variable()
        if isinstance(held, Elements):
            return held
    if not cursor.at("{"):
        cursor.fail(f"expected the elements in braces, found {described(cursor.peek())}")
    return elements(cursor)


def _rule(cursor: Cursor, script: Script, *, insert: bool = False) -> None:
    chain = script.chain(_address(cursor, "chain"))
    where = 0 if insert else len(chain.rules)
    if cursor.at("position", "handle") and cursor.peek(1).kind is Kind.NUMBER:
        cursor.fail(
            f"rule by {cursor.peek().text}: only the kernel knows the handles of its rules",
            "give what nft list ruleset prints after the change",
        )
    if cursor.at("index") and cursor.peek(1).kind is Kind.NUMBER:
        cursor.take()
        where = cursor.number("a number") + (0 if insert else 1)
        if where > len(chain.rules):
            cursor.fail(f"chain {chain.name!r} has only {len(chain.rules)} rules here")
    chain.rules.insert(where, rule(cursor))


def _insert(cursor: Cursor, script: Script) -> None:
    cursor.skip("rule")
    _rule(cursor, script, insert=True)


def _by_handle(cursor: Cursor, _: Script) -> None:
    cursor.fail(
        "replacing a rule needs its handle, which only the kernel knows",
        "give what nft list ruleset prints after the change",
    )


def _delete(cursor: Cursor, script: Script) -> None:
    what = cursor.word("what to delete").text
    place = cursor.peek().place
    match what:
        case "table":
            script.tables.pop((_family(cursor), cursor.word("the name of a table").value), None)
        case "chain":
            at = _address(cursor, "chain")
            script.existing(at).chains.pop(at.name, None)
        case "set" | "map":
            at = _address(cursor, "set")
            script.existing(at).sets.pop(at.name, None)
        case "element":
            _delete_elements(cursor, script)
        case "rule":
            _by_handle(cursor, script)
        case _ if what in OBJECTS:
            _to_the_end(cursor, script)
        case _:
            raise SyntaxMistakeError(place, f"nothing that can be deleted: {what!r}")


def _delete_elements(cursor: Cursor, script: Script) -> None:
    target = script.named_set(_address(cursor, "set"))
    gone = {render(each.key) for each in _braced(cursor).entries}
    target.entries = [each for each in target.entries if render(each.key) not in gone]


def _flush(cursor: Cursor, script: Script) -> None:
    what = cursor.word("what to flush")
    match what.text:
        case "ruleset":
            script.flush(cursor.take().text if cursor.at(*FAMILIES) else "")
        case "table":
            found = script.tables.get((_family(cursor), cursor.word("the name of a table").value))
            _empty(found)
        case "chain":
            script.chain(_address(cursor, "chain")).rules.clear()
        case "set" | "map" | "meter":
            script.named_set(_address(cursor, "set")).entries.clear()
        case _:
            raise SyntaxMistakeError(what.place, f"nothing that can be flushed: {what.text!r}")


def _empty(table: Table | None) -> None:
    for chain in table.chains.values() if table else ():
        chain.rules.clear()


def _rename(cursor: Cursor, script: Script) -> None:
    cursor.expect("chain", "after rename")
    at = _address(cursor, "chain")
    chain = script.chain(at)
    new = cursor.word("the new name").value
    chains = script.existing(at).chains
    chains[new] = chains.pop(at.name)
    chain.name = new


def _to_the_end(cursor: Cursor, _: Script) -> None:
    while not cursor.at_separator():
        cursor.take()


_Handler = Callable[[Cursor, Script], None]
_COMMANDS: Final[dict[str, _Handler]] = {
    "add": _add,
    "create": _add,
    "insert": _insert,
    "replace": _by_handle,
    "delete": _delete,
    "destroy": _delete,
    "flush": _flush,
    "rename": _rename,
    **dict.fromkeys(_ASKING, _to_the_end),
}
_ADDABLE: Final[dict[str, _Handler]] = {
    "table": _table,
    "chain": _chain,
    "rule": _rule,
    "set": lambda cursor, script: _set(cursor, script, is_map=False),
    "map": lambda cursor, script: _set(cursor, script, is_map=True),
    "element": _element,
}

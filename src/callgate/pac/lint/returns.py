"""What the file returns: the grammar of the string, ends without one, and lost functions."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from tree_sitter import Node

from callgate.dialects.pac.comments import plain
from callgate.pac.directives import read
from callgate.pac.lint.wording import finding
from callgate.pac.probes import ENTRIES
from callgate.pac.readers import Reader
from callgate.pac.syntax import FUNCTIONS, Script, function_name, literal
from callgate.verdicts import Finding, Severity

#: A string that means to be an answer, wherever it stands.
_MEANT: Final = re.compile(r"\s*(PROXY|HTTPS?|SOCKS[45]?|QUIC)\s+\S", re.IGNORECASE)
_BARE: Final = re.compile(r"\s*[\w.-]+:\d+\s*")


def findings(script: Script, reader: Reader) -> Iterator[Finding]:
    """Faults of what is returned."""
    for node in script.nodes("string", "template_string"):
        value = literal(node)
        if value is not None and (_MEANT.match(value) or _returned(node)):
            yield from _string(script, node, value, reader)
    for node in script.nodes(*FUNCTIONS):
        if function_name(node) == "FindProxyForURL":
            yield from _end(script, node)
    yield from _conditions(script)
    yield from _lexical(script)


def _string(script: Script, node: Node, value: str, reader: Reader) -> Iterator[Finding]:
    found = read(value, reader)
    for part, why in found.rejected:
        comma = "; alternatives are separated by semicolons" if "," in part else ""
        message = f"{plain(part)!r} is passed over: {why}{comma}"
        yield finding(script, [node], "pac-return", Severity.ERROR, message)
    for way in found.ways:
        if not way.port_given:
            message = f"no port stands behind {way.host}; {reader.title} takes {way.port}"
            yield finding(script, [node], "pac-return", Severity.WARNING, message)
    if re.search(r"\bSOCKS\s", value, re.IGNORECASE) and any("SOCKS" in w.kind for w in found.ways):
        version = next(way.kind for way in found.ways if "SOCKS" in way.kind)
        message = (
            f"SOCKS means {version} to {reader.title}, and another version to others: write SOCKS5"
        )
        yield finding(script, [node], "pac-socks", Severity.WARNING, message)


def _returned(node: Node) -> bool:
    """Whether a literal is the answer of ``FindProxyForURL`` itself."""
    above = node.parent
    while above is not None and above.type in ("parenthesized_expression", "ternary_expression"):
        if above.child_by_field_name("condition") == node:
            return False
        node, above = above, above.parent
    if above is None or above.type != "return_statement":
        return False
    while above is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above is not None and function_name(above) in ENTRIES


def _end(script: Script, function: Node) -> Iterator[Finding]:
    body = function.child_by_field_name("body")
    if body is not None and body.type == "statement_block" and not _ends(body):
        message = (
            "may come to its end without an answer: that is a failure, and the client goes DIRECT"
        )
        last = body.children[-1]
        yield finding(script, [last], "pac-no-return", Severity.WARNING, message)


def _ends(node: Node | None) -> bool:
    """Whether no path leads behind a statement."""
    if node is None:
        return False
    compound = _COMPOUND.get(node.type)
    return node.type in ("return_statement", "throw_statement") or (
        compound is not None and compound(node)
    )


def _block_ends(node: Node) -> bool:
    return any(_ends(each) for each in node.named_children)


def _if_ends(node: Node) -> bool:
    other = node.child_by_field_name("alternative")
    return _ends(node.child_by_field_name("consequence")) and _ends(
        other.named_children[-1] if other is not None else None
    )


def _try_ends(node: Node) -> bool:
    handler, last = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
    caught = handler is None or _ends(handler.child_by_field_name("body"))
    tried = _ends(node.child_by_field_name("body")) and caught
    return tried or (last is not None and _ends(last.child_by_field_name("body")))


def _switch_ends(node: Node) -> bool:
    """With a default, and an end of its last case (the ones before fall into it)."""
    body = node.child_by_field_name("body")
    cases = body.named_children if body is not None else []
    default = any(each.type == "switch_default" for each in cases)
    breaks = any(each.type == "break_statement" for case in cases for each in case.named_children)
    return default and not breaks and _block_ends(cases[-1])


_COMPOUND: Final[dict[str, Callable[[Node], bool]]] = {
    "statement_block": _block_ends,
    "if_statement": _if_ends,
    "try_statement": _try_ends,
    "switch_statement": _switch_ends,
}


def _conditions(script: Script) -> Iterator[Finding]:
    for node in script.nodes("if_statement"):
        condition = node.child_by_field_name("condition")
        inner = condition.named_children[0] if condition and condition.named_children else None
        if inner is not None and inner.type == "assignment_expression":
            message = "assigns instead of comparing: always the same answer (= for ==)"
            yield finding(script, [inner], "pac-assignment", Severity.WARNING, message)


def _lexical(script: Script) -> Iterator[Finding]:
    for node in script.nodes("lexical_declaration"):
        for each in node.named_children:
            name = each.child_by_field_name("name")
            if name is not None and name.text == b"FindProxyForURL" and node.parent == script.root:
                message = (
                    "browsers look FindProxyForURL up in the global object, where let and const do "
                    "not put it: write function FindProxyForURL(url, host)"
                )
                yield finding(script, [node], "pac-broken", Severity.ERROR, message)

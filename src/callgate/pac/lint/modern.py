"""Syntax newer than the engines that some clients still read PAC files with.

WinHTTP is assumed to use JScript, which knows ECMAScript 3. Browsers do not care, so only
that reader is told.
"""

from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from callgate.pac.lint.wording import finding
from callgate.pac.readers import Reader
from callgate.pac.syntax import Script, called
from callgate.verdicts import Finding, Severity

_SYNTAX: Final = {
    "arrow_function": "an arrow function",
    "lexical_declaration": "let or const",
    "template_string": "a template string",
    "class_declaration": "a class",
    "spread_element": "a spread",
    "rest_pattern": "a rest parameter",
    "object_pattern": "destructuring",
    "array_pattern": "destructuring",
    "assignment_pattern": "a default value",
    "optional_chain": "?.",
    "generator_function_declaration": "a generator",
    "generator_function": "a generator",
    "await_expression": "await",
    "shorthand_property_identifier": "a shorthand property",
    "computed_property_name": "a computed key",
    "method_definition": "a method",
}
_METHODS: Final = frozenset(
    {".includes", ".startsWith", ".endsWith", ".repeat", ".find", ".findIndex", ".padStart",
     ".fill", ".flat", ".at", ".matchAll", ".replaceAll"}
)  # fmt: skip
_OBJECTS: Final = frozenset({"Map", "Set", "Promise", "Symbol", "Reflect", "Proxy", "BigInt"})


def findings(script: Script, reader: Reader) -> Iterator[Finding]:
    """One finding for each kind of newer syntax."""
    if reader.name != "winhttp":
        return
    found: dict[str, list[Node]] = {}
    for node in script.nodes():
        words = _newer(node)
        if words:
            found.setdefault(words, []).append(node)
    for words, nodes in found.items():
        message = f"{words} is newer than ECMAScript 3, which old clients stop at"
        yield finding(script, nodes, "pac-modern", Severity.WARNING, message)


def _newer(node: Node) -> str:
    if node.type in _SYNTAX:
        return _SYNTAX[node.type]
    if node.type == "for_in_statement" and any(each.type == "of" for each in node.children):
        return "for … of"
    if node.type == "binary_expression":
        operator = node.child_by_field_name("operator")
        return operator.type if operator is not None and operator.type in ("??", "**") else ""
    if node.type == "call_expression" and called(node) in _METHODS:
        return f"{called(node)}()"
    if node.type == "new_expression":
        name = node.child_by_field_name("constructor")
        word = (name.text or b"").decode() if name is not None else ""
        return word if word in _OBJECTS else ""
    return ""

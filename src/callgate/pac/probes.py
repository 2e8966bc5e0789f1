"""Probes: calls put around statements and conditions, so that a run tells its way.

Each probe gives back the value that it was given, so the file means what it meant before;
whether it does is checked, by running the file without probes too. Conditions are split at
``&&``, ``||`` and parentheses: what is asked is which name matched, not that one did.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from tree_sitter import Node

from callgate.pac.syntax import Script, enclosing_function, function_name, one_line
from callgate.places import Place

#: The functions that a client calls.
ENTRIES: Final = ("FindProxyForURL", "FindProxyForURLEx")
_LOGICAL: Final = ("&&", "||", "??")


class Kind(Enum):
    """What a probe watches."""

    CONDITION = "condition"
    RETURN = "return"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Probe:
    """One watched place; ``entry`` tells whether it stands in ``FindProxyForURL`` itself."""

    kind: Kind
    place: Place
    text: str
    entry: bool


@dataclass(frozen=True, slots=True)
class Probed:
    """A script with probes in it; probe ``n`` calls ``name(n, value)``, counted from 1."""

    text: str
    name: str
    probes: tuple[Probe, ...]


def probed(script: Script) -> Probed | None:
    """The script with probes, or None when the parser does not understand all of it."""
    if script.trouble is not None:
        return None
    name = "callgateProbe"
    while name in script.text:
        name += "_"
    return _Writer(script, name).write()


class _Writer:
    def __init__(self, script: Script, name: str) -> None:
        self._script = script
        self._name = name
        self._probes: list[Probe] = []
        #: Offset, closers before openers, order among those; text.
        self._inserts: list[tuple[int, int, int, str]] = []

    def write(self) -> Probed:
        for node in self._script.nodes(
            "if_statement",
            "ternary_expression",
            "return_statement",
            "arrow_function",
            "switch_case",
            "switch_default",
        ):
            self._visit(node)
        data, parts, at = self._script.data, [], 0
        for offset, _, _, added in sorted(self._inserts):
            parts += [data[at:offset], added.encode()]
            at = offset
        parts.append(data[at:])
        text = b"".join(parts).decode("utf-8", "replace")
        return Probed(text, self._name, tuple(self._probes))

    def _visit(self, node: Node) -> None:
        if node.type in ("if_statement", "ternary_expression"):
            self._condition(node.child_by_field_name("condition"))
        elif node.type == "return_statement":
            self._return(node)
        elif node.type == "arrow_function":
            body = node.child_by_field_name("body")
            if body is not None and body.type != "statement_block":
                self._wrap(body, Kind.RETURN)
        else:
            colon = next((each for each in node.children if each.type == ":"), None)
            if colon is not None:
                self._insert(colon.end_byte, f" {self._call(node, Kind.CASE)});")

    def _return(self, node: Node) -> None:
        value = next((each for each in node.named_children if each.type != "comment"), None)
        if value is None:
            end = "" if node.children[-1].type == ";" else ";"
            self._insert(node.start_byte + len("return"), f" {self._call(node, Kind.RETURN)}){end}")
            return
        self._wrap(value, Kind.RETURN, shown=node)
        if _is_logical(_bare(value)):
            self._condition(value)

    def _condition(self, node: Node | None) -> None:
        if node is not None:
            for leaf in _leaves(node):
                self._wrap(leaf, Kind.CONDITION)

    def _wrap(self, node: Node, kind: Kind, *, shown: Node | None = None) -> None:
        order = len(self._inserts)
        opening = f"{self._call(shown or node, kind)}, ("
        self._inserts.append((node.start_byte, 1, order, opening))
        self._inserts.append((node.end_byte, 0, -order, "))"))

    def _insert(self, offset: int, text: str) -> None:
        self._inserts.append((offset, 1, len(self._inserts), text))

    def _call(self, node: Node, kind: Kind) -> str:
        inside = enclosing_function(node)
        entry = inside is not None and function_name(inside) in ENTRIES
        shown = one_line(node)
        if kind is Kind.CASE:
            shown = shown.partition(":")[0] + ":"
        self._probes.append(Probe(kind, self._script.place(node), shown, entry))
        return f"{self._name}({len(self._probes)}"


def _bare(node: Node) -> Node:
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    return node


def _is_logical(node: Node) -> bool:
    operator = node.child_by_field_name("operator")
    return node.type == "binary_expression" and operator is not None and operator.type in _LOGICAL


def _leaves(node: Node) -> Iterator[Node]:
    """The parts that ``&&`` and ``||`` join, in order."""
    stack = [node]
    while stack:
        part = _bare(stack.pop())
        left, right = part.child_by_field_name("left"), part.child_by_field_name("right")
        if _is_logical(part) and left is not None and right is not None:
            stack += [right, left]
        else:
            yield part

"""The statements of a PAC file, as a parser that we did not write finds them.

tree-sitter's JavaScript grammar (MIT) was chosen because it is kept up with the language,
reads a megabyte in a fraction of a second without recursion, goes on after an error, and
knows where everything stands. What the engine makes of the file remains the judge: a file
that this parser does not understand is said to be so, and is run all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from callgate.places import Place

#: Nodes that are functions: a ``return`` below them is theirs.
FUNCTIONS: Final = frozenset(
    {
        "function_declaration",
        "function_expression",
        "arrow_function",
        "method_definition",
        "generator_function",
        "generator_function_declaration",
    }
)


@dataclass(frozen=True)
class Script:
    """A file's text and its tree; ``source`` is what the user calls the file."""

    source: str
    text: str
    data: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Halves of a pair of surrogates are no text; the parser may see something else there.
        object.__setattr__(self, "data", self.text.encode("utf-8", "replace"))

    @cached_property
    def root(self) -> Node:
        """The tree."""
        return Parser(Language(tree_sitter_javascript.language())).parse(self.data).root_node

    @cached_property
    def _lines(self) -> list[bytes]:
        return self.data.split(b"\n")

    def nodes(self, *kinds: str, below: Node | None = None) -> Iterator[Node]:
        """Every node of these kinds (all named ones without kinds), in the file's order."""
        stack = [self.root if below is None else below]
        while stack:
            node = stack.pop()
            if node.type in kinds or (not kinds and node.is_named):
                yield node
            stack.extend(reversed(node.children))

    def place(self, node: Node) -> Place:
        """Where a node begins; columns in characters."""
        row, column = node.start_point
        before = self._lines[row][:column].decode("utf-8", "replace")
        return Place(self.source, row + 1, len(before) + 1)

    @property
    def line_count(self) -> int:
        """How many lines the file has."""
        return len(self._lines)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1; empty when there is no such line."""
        if not 1 <= number <= len(self._lines):
            return ""
        return self._lines[number - 1].decode("utf-8", "replace").strip()

    @cached_property
    def trouble(self) -> Place | None:
        """Where the parser stopped understanding, if it did."""
        if not self.root.has_error:
            return None
        bad = (node for node in self.nodes() if node.is_error or node.is_missing)
        return self.place(next(bad, self.root))


def text(node: Node) -> str:
    """The source text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def one_line(node: Node, limit: int = 100) -> str:
    """The source text of a node in one line, cut at a limit."""
    words = " ".join(text(node).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"


def literal(node: Node | None) -> str | None:
    """The value of a string literal without escapes; None for anything else."""
    if node is None or node.type not in ("string", "template_string"):
        return None
    if any(child.type not in ("string_fragment",) for child in node.named_children):
        return None
    return "".join(text(child) for child in node.named_children)


def called(node: Node) -> str:
    """The name that a call goes to: ``shExpMatch``, ``.indexOf`` for a method, else empty."""
    function = node.child_by_field_name("function")
    if function is None:
        return ""
    if function.type == "identifier":
        return text(function)
    name = function.child_by_field_name("property")
    return "." + text(name) if name is not None else ""


def arguments(node: Node) -> list[Node]:
    """The arguments of a call."""
    found = node.child_by_field_name("arguments")
    return [each for each in found.named_children if each.type != "comment"] if found else []


def receiver(node: Node) -> Node | None:
    """What a method is called on."""
    function = node.child_by_field_name("function")
    return function.child_by_field_name("object") if function is not None else None


def enclosing_function(node: Node) -> Node | None:
    """The innermost function around a node."""
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above


def function_name(node: Node) -> str:
    """The name of a function, or of the variable that it is put into."""
    name = node.child_by_field_name("name")
    if name is not None:
        return text(name)
    above = node.parent
    if above is not None and above.type == "variable_declarator":
        holder = above.child_by_field_name("name")
    elif above is not None and above.type == "assignment_expression":
        holder = above.child_by_field_name("left")
    else:
        holder = None
    return text(holder).rpartition(".")[2] if holder is not None else ""

"""How lint makes a finding of a node."""

from collections.abc import Iterable

from tree_sitter import Node

from callgate.pac.syntax import Script, one_line
from callgate.verdicts import Finding, Line, Severity


def at(script: Script, node: Node) -> Line:
    """A node as a line: its place and its text."""
    return Line(script.place(node), one_line(node))


def finding(
    script: Script,
    nodes: Iterable[Node],
    kind: str,
    severity: Severity,
    message: str,
) -> Finding:
    """A finding at the first node; the others are related to it."""
    first, *others = nodes
    related = tuple(at(script, node) for node in others)
    more = f" ({len(others)} more like it)" if others else ""
    return Finding(kind, severity, message + more, at(script, first), related=related)

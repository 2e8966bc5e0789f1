"""How the file tells names apart: patterns that take too much, too little, or never match."""

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from callgate.dialects.pac.comments import plain
from callgate.pac.lint.wording import finding
from callgate.pac.readers import Reader
from callgate.pac.syntax import Script, arguments, called, literal, receiver, text
from callgate.verdicts import Finding, Severity

#: A pattern that looks at the scheme of a URL only.
_SCHEME: Final = re.compile(r"[a-z]+:(//)?\*?|[a-z]{2,5}\*?")
_MAGIC: Final = re.compile(r"[()\[\]{}|+^$\\]")
_LETTERS: Final = re.compile(r"[A-Z]")
_SUBSTRING: Final = (".indexOf", ".includes", ".search", ".match", ".lastIndexOf")


def findings(script: Script, reader: Reader) -> Iterator[Finding]:
    """Suspicious ways of comparing names."""
    for node in script.nodes("call_expression"):
        yield from _call(script, node)
    for node in script.nodes("binary_expression"):
        yield from _comparison(script, node)


def _call(script: Script, node: Node) -> Iterator[Finding]:
    name, given = called(node), arguments(node)
    subject = given[0] if given else None
    pattern = literal(given[1]) if len(given) > 1 else None
    if name == "shExpMatch" and pattern is not None:
        yield from _glob(script, node, pattern)
    elif name == "dnsDomainIs" and pattern and not pattern.startswith("."):
        message = f"dnsDomainIs compares the ends only: {plain('evil' + pattern)} is taken too"
        hint = f'; write dnsDomainIs(host, "{plain("." + pattern)}") or compare the whole name'
        yield finding(script, [node], "pac-loose", Severity.WARNING, message + hint)
    elif name == ".endsWith" and (end := literal(subject)) and _is(receiver(node), "host"):
        if not end.startswith("."):
            message = f"{plain('evil' + end)} ends so too: begin the text with a dot"
            yield finding(script, [node], "pac-loose", Severity.WARNING, message)
    elif name in _SUBSTRING and _is(receiver(node), "host"):
        part = literal(subject) or ""
        if "." in part.strip("."):
            message = (
                f"{plain(part)} may stand anywhere in the name: {plain(part)}.evil.com is taken too"
            )
            yield finding(script, [node], "pac-loose", Severity.WARNING, message)
    if pattern is not None and name in ("shExpMatch", "dnsDomainIs", "localHostOrDomainIs"):
        yield from _case(script, node, pattern)
    yield from _on_url(script, node, name, subject, pattern)


def _glob(script: Script, node: Node, pattern: str) -> Iterator[Finding]:
    rest = pattern.lstrip("*")
    if rest != pattern and rest and rest[0] not in ".:/":
        taken = plain("evil-" + rest.replace("*", ""))
        message = f"the star takes everything: {taken} matches too"
        yield finding(script, [node], "pac-loose", Severity.WARNING, message)
    elif pattern.endswith("*") and "." in pattern.strip("*.") and "/" not in pattern:
        message = f"the star at the end takes {plain(pattern.strip('*').lstrip('.'))}.evil.com too"
        yield finding(script, [node], "pac-loose", Severity.WARNING, message)
    magic = _MAGIC.search(pattern)
    if magic:
        message = (
            f"{magic[0]!r} means what it means in a regular expression to Chrome and Firefox, and "
            "itself to others: only * and ? are the same everywhere"
        )
        yield finding(script, [node], "pac-pattern", Severity.WARNING, message)


def _case(script: Script, node: Node, pattern: str) -> Iterator[Finding]:
    if _LETTERS.search(pattern):
        message = (
            f"never matches: browsers hand the host over in lower case, not {plain(pattern)!r}"
        )
        yield finding(script, [node], "pac-case", Severity.WARNING, message)


def _comparison(script: Script, node: Node) -> Iterator[Finding]:
    operator = node.child_by_field_name("operator")
    if operator is None or operator.type not in ("==", "===", "!=", "!=="):
        return
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    for one, other in ((left, right), (right, left)):
        value = literal(other)
        if value is not None and _is(one, "host"):
            yield from _case(script, node, value)


def _on_url(
    script: Script, node: Node, name: str, subject: Node | None, pattern: str | None
) -> Iterator[Finding]:
    looked = pattern if name in ("shExpMatch", "dnsDomainIs") else None
    on_url = _is(subject, "url")
    if name in (*_SUBSTRING, ".endsWith", ".startsWith"):
        looked, on_url = literal(subject), _is(receiver(node), "url")
    if not on_url or (looked is not None and _SCHEME.fullmatch(looked)):
        return
    message = (
        "matches the whole URL: http://evil.example/… can hold the name in its path, and of "
        "https addresses browsers show the origin only; match host"
    )
    yield finding(script, [node], "pac-url", Severity.WARNING, message)


def _is(node: Node | None, name: str) -> bool:
    """Whether a node is this variable, or a method's result of it (``host.toLowerCase()``)."""
    while node is not None and node.type in ("call_expression", "parenthesized_expression"):
        node = receiver(node) if node.type == "call_expression" else node.named_children[0]
    return node is not None and node.type == "identifier" and text(node) == name

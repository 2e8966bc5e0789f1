"""``set``, ``delete``, ``move`` and ``rename`` commands, read into the tree.

One command may say several things of a rule or an object: ``set rulebase security rules web
from trust to untrust``. So below a rule and an object the words are keys with values.
"""

import re
from collections.abc import Iterator
from typing import Final

from callgate.dialects.pan_os.reading.tree import DEPTH_MAX, Node
from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules import Unmodelled

_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|(?<!\S)\'([^\'\n]*)\'|([\[\]])|([^\s\[\]"]+)', re.S)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
#: Keys and certificates are long; a statement longer than this is none.
STATEMENT_MAX: Final = 1 << 17
_COMMANDS: Final = frozenset({"set", "delete", "move", "rename"})
#: Keys that have one value or one list of values, by the table that the entry stands in.
_FLAT: Final[dict[str, frozenset[str]]] = {
    "rules": frozenset(
        {"from", "to", "source", "destination", "source-user", "application", "service"}
        | {"category", "hip-profiles", "source-hip", "destination-hip", "negate-source"}
        | {"negate-destination", "action", "disabled", "rule-type", "schedule", "description"}
        | {"tag", "log-start", "log-end", "log-setting", "group-tag", "icmp-unreachable", "uuid"}
    ),
    "address": frozenset(
        {"ip-netmask", "ip-range", "ip-wildcard", "fqdn", "description", "tag", "disable-override"}
    ),
    "address-group": frozenset({"static", "description", "tag", "disable-override"}),
    "service": frozenset({"port", "source-port", "description", "tag", "disable-override"}),
    "service-group": frozenset({"members", "tag", "disable-override"}),
}
_LIST = tuple[str, ...]


def read(text: str, source: str, root: Node, unmodelled: list[Unmodelled]) -> int:
    """Read commands into the tree; how many there were."""
    count = 0
    for line, place in statements(text, source):
        words = _words(line)
        if not words:
            continue
        count += 1
        hint = _command(words, place, root)
        if hint:
            unmodelled.append(Unmodelled(line.strip(), place, hint))
    return count


def statements(text: str, source: str) -> Iterator[tuple[str, Place]]:
    """Each command with its place; a quoted text that is open takes the next line too."""
    parts: list[str] = []
    start, size, quotes = 0, 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if not parts and (not line.strip() or line.lstrip()[0] in "#!"):
            continue
        start = start if parts else number
        parts.append(line)
        size += len(line)
        if size > STATEMENT_MAX:
            message = "a line, or a quoted text, that no device would take"
            raise InputError([Mistake(Place(source, start), message)])
        quotes += _quotes(line)
        if quotes % 2 == 0:
            yield "\n".join(parts), Place(source, start)
            parts, size, quotes = [], 0, 0
    if parts:
        raise InputError([Mistake(Place(source, start), "a quoted text has no end")])


def _quotes(line: str) -> int:
    return line.count('"') - line.count('\\"')


def unquoted(found: re.Match[str]) -> str:
    """A word without its quotes and escapes."""
    if found[1] is not None:
        return _ESCAPED.sub(r"\1", found[1])
    return found[2] if found[2] is not None else found[4] or ""


def _words(line: str) -> list[str | _LIST]:
    """The words of a command, with every ``[ … ]`` as one list."""
    words: list[str | _LIST] = []
    inside: list[str] | None = None
    for found in _WORD.finditer(line):
        if found[3] == "[":
            inside = []
        elif found[3] == "]":
            words.append(tuple(inside or ()))
            inside = None
        elif inside is not None:
            inside.append(unquoted(found))
        else:
            words.append(unquoted(found))
    if inside is not None:
        words.append(tuple(inside))
    return words


def _command(words: list[str | _LIST], place: Place, root: Node) -> str:
    """Carry out one command; a hint where it cannot be."""
    head, rest = words[0], words[1:]
    if not isinstance(head, str) or head not in _COMMANDS:
        return "this command is not known here"
    if not rest or len(rest) > DEPTH_MAX:
        return "this command has no words, or too many"
    if head == "set":
        _set(root, rest, place)
        return ""
    if head == "delete":
        return "" if _delete(root, rest) else "there is nothing of that name to delete"
    plain = [word for word in rest if isinstance(word, str)]
    if len(plain) == len(rest) and (_move if head == "move" else _rename)(root, plain):
        return ""
    return f"there is nothing to {head}"


def _set(root: Node, words: list[str | _LIST], place: Place) -> None:
    node, table = root, ""
    rest = list(words)
    above = ""
    flat: frozenset[str] = frozenset()
    while rest:
        word = rest.pop(0)
        if isinstance(word, tuple):
            for each in word:
                node.put(each, place)
        elif word in flat:
            key = node.add(word, place)
            values = rest.pop(0) if rest else ()
            for each in (values,) if isinstance(values, str) else values:
                key.put(each, place)
        elif not rest:
            node.put(word, place)
        else:
            node = node.add(word, place)
            table = above if above in _FLAT else table
            flat = _FLAT.get(table, frozenset())
            above = word if not table else above


def _delete(root: Node, words: list[str | _LIST]) -> bool:
    *path, last = words
    node = root.at(*(word for word in path if isinstance(word, str)))
    if node is None:
        return False
    names = (last,) if isinstance(last, str) else last
    return all([node.children.pop(name, None) is not None for name in names])  # noqa: C419 - all go


def _move(root: Node, words: list[str]) -> bool:
    if words[-1] in {"top", "bottom"}:
        *path, name, where = words
        other = ""
    elif len(words) > 2 and words[-2] in {"before", "after"}:
        *path, name, where, other = words
    else:
        return False
    node = root.at(*path)
    return node is not None and node.move(name, where, other)


def _rename(root: Node, words: list[str]) -> bool:
    if len(words) < 4 or words[-2] != "to":
        return False
    *path, name, _, new = words
    node = root.at(*path)
    if node is None or name not in node.children or new in node.children:
        return False
    node.children[name].name = new
    node.children = {each.name: each for each in node.children.values()}
    return True

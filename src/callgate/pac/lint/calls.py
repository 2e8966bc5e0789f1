"""Calls that stall, that do not exist, or whose arguments never work."""

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from callgate.pac.lint.wording import finding
from callgate.pac.probes import ENTRIES
from callgate.pac.readers import Reader
from callgate.pac.syntax import (
    FUNCTIONS,
    Script,
    arguments,
    called,
    enclosing_function,
    function_name,
    literal,
    text,
)
from callgate.verdicts import Finding, Severity

_LOOK_UPS: Final = frozenset(
    {"dnsResolve", "dnsResolveEx", "isResolvable", "isResolvableEx", "isInNet"}
)
_EXTENDED: Final = frozenset(
    {"dnsResolveEx", "isResolvableEx", "isInNetEx", "myIpAddressEx", "sortIpAddressList"}
)
_NAME_CHECKS: Final = frozenset(
    {"shExpMatch", "dnsDomainIs", "localHostOrDomainIs", ".endsWith", ".indexOf", ".test"}
)
_CLOCK: Final = frozenset({"weekdayRange", "dateRange", "timeRange"})
_PLAIN: Final = frozenset(
    {
        "dnsDomainIs", "dnsDomainLevels", "dnsResolve", "isInNet", "isPlainHostName",
        "isResolvable", "localHostOrDomainIs", "myIpAddress", "shExpMatch", "alert", *_CLOCK,
    }
)  # fmt: skip
#: What ECMAScript brings that is called like a function.
_LANGUAGE: Final = frozenset(
    {
        "Array", "BigInt", "Boolean", "Date", "Error", "Function", "Map", "Number", "Object",
        "Promise", "RegExp", "Set", "String", "Symbol", "decodeURI", "decodeURIComponent",
        "encodeURI", "encodeURIComponent", "escape", "eval", "isFinite", "isNaN", "parseFloat",
        "parseInt", "unescape", "super", "import",
    }
)  # fmt: skip
_QUAD: Final = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "GMT")
_DECLARES: Final = ("function_declaration", "generator_function_declaration", "class_declaration")


def findings(script: Script, reader: Reader) -> Iterator[Finding]:
    """What the calls of a file do to a reader."""
    calls = list(script.nodes("call_expression"))
    yield from _stalling(script, calls)
    yield from _unknown(script, calls, reader)
    for node in calls:
        yield from _arguments(script, node)
    timed = [node for node in calls if called(node) in _CLOCK]
    if timed:
        message = "the way depends on the client's own clock and time zone"
        yield finding(script, timed, "pac-clock", Severity.NOTE, message)


def _stalling(script: Script, calls: list[Node]) -> Iterator[Finding]:
    look_ups = [node for node in calls if called(node) in _LOOK_UPS and not _of_literal(node)]
    checks = [node.start_byte for node in calls if called(node) in _NAME_CHECKS and _in_entry(node)]
    first = min(checks, default=None)
    early = [
        node for node in look_ups if _in_entry(node) and (first is None or node.start_byte < first)
    ]
    late = [node for node in look_ups if node not in early]
    if early:
        message = (
            f"{called(early[0])} asks DNS before any name is compared: every new host waits for "
            "the resolver, and a silent one stalls the browser; compare names first"
        )
        yield finding(script, early, "pac-dns", Severity.WARNING, message)
    if late:
        message = f"{called(late[0])} asks DNS: hosts that come this far wait for the resolver"
        yield finding(script, late, "pac-dns", Severity.NOTE, message)


def _of_literal(node: Node) -> bool:
    """``isInNet(myIpAddress(), …)`` and literal addresses ask nobody."""
    given = arguments(node)
    if not given:
        return True
    if given[0].type == "call_expression":
        return called(given[0]).startswith("myIpAddress")
    value = literal(given[0])
    return value is not None and _QUAD.fullmatch(value) is not None


def _in_entry(node: Node) -> bool:
    inside = enclosing_function(node)
    return inside is not None and function_name(inside) in ENTRIES


def _unknown(script: Script, calls: list[Node], reader: Reader) -> Iterator[Finding]:
    known = _declared(script) | _PLAIN | _LANGUAGE | (_EXTENDED if reader.extended else set())
    strange: dict[str, list[Node]] = {}
    for node in calls:
        name = called(node)
        if name and name[0] != "." and name not in known:
            strange.setdefault(name, []).append(node)
    for name, nodes in strange.items():
        if name in _EXTENDED:
            lacks = f"{reader.title} has no {name}"
        else:
            lacks = f"there is no function {name}"
        message = f"{lacks}: the file fails there, and the client goes DIRECT"
        yield finding(script, nodes, "pac-undefined", Severity.WARNING, message)


def _declared(script: Script) -> set[str]:
    """Every name that the file gives to something, wherever it does."""
    found: set[str] = set()
    for node in script.nodes(
        *_DECLARES, "variable_declarator", "assignment_expression", *FUNCTIONS
    ):
        for field in ("name", "left", "parameter"):
            holder = node.child_by_field_name(field)
            if holder is not None:
                found |= {text(each) for each in script.nodes(below=holder)}
        parameters = node.child_by_field_name("parameters")
        if parameters is not None:
            found |= {text(each) for each in script.nodes(below=parameters)}
    return found


def _arguments(script: Script, node: Node) -> Iterator[Finding]:
    name, given = called(node), [literal(each) for each in arguments(node)]
    if name == "isInNet":
        bad = [value for value in given[1:3] if value is not None and not _is_quad(value)]
        if bad or len(given) < 3:
            why = f"{bad[0]!r} is not of the form 255.255.255.0" if bad else "three are needed"
            message = f"isInNet is always false with these arguments: {why}"
            yield finding(script, [node], "pac-argument", Severity.WARNING, message)
    elif name == "weekdayRange":
        for value in given:
            if value is not None and value not in _DAYS:
                message = f"weekdayRange is always false: {value!r} is none of {', '.join(_DAYS)}"
                yield finding(script, [node], "pac-argument", Severity.WARNING, message)


def _is_quad(value: str) -> bool:
    found = _QUAD.fullmatch(value)
    return found is not None and all(int(byte) <= 255 for byte in found.groups())

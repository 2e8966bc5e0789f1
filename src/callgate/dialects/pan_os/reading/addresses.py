"""Addresses: objects, literals and groups; lists that the device fetches are conditions.

Source: PAN-OS Web Interface Help, "Objects > Addresses" (a wildcard's set bits do not count),
"Objects > Address Groups", "Objects > Regions", "Objects > External Dynamic Lists".
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from callgate.dialects.cisco import addresses as masks
from callgate.dialects.members import Group, Members
from callgate.dialects.pan_os.reading.findings import Findings
from callgate.dialects.pan_os.reading.tree import Node
from callgate.flows import IntervalSet
from callgate.names import DomainPattern
from callgate.rules import Addresses, Literal, Names

_LATER: Final = "which addresses these are is known on the device only"
_KINDS: Final = ("ip-netmask", "ip-range", "ip-wildcard", "fqdn")


@dataclass(frozen=True, slots=True)
class End:
    """Some addresses, or None for every one; ``condition`` if it hangs on something."""

    addresses: Addresses | None
    condition: Literal | None = None


def members(scopes: Sequence[Node], findings: Findings) -> Members[End]:
    """Resolves names as a rule sees them: the nearest scope's object hides the others'."""
    return Members(
        objects=lambda name: _object(name, scopes, findings),
        groups=lambda name: _group(name, scopes),
        unknown=lambda *what: End(None, findings.member(*what)),
    )


def _object(name: str, scopes: Sequence[Node], findings: Findings) -> list[End] | None:
    if name == "any":
        return [End(None)]
    for scope in scopes:
        found = scope.at("address", name)
        if found is not None:
            return [_end(found, findings)]
        if scope.at("address-group", name) is not None:
            return None
        for table in ("external-list", "region"):
            fetched = scope.at(table, name)
            if fetched is not None:
                return [End(None, findings.member(name, fetched.place, f"{table}: {_LATER}"))]
    try:
        return [End(literal(name))]
    except ValueError:
        return None


def _end(node: Node, findings: Findings) -> End:
    kind = next((key for key in _KINDS if node.at(key) is not None), "")
    try:
        return End(_value(kind, node.word(kind)))
    except ValueError as error:
        return End(None, findings.member(node.name, node.place, str(error) or _LATER))


def _value(kind: str, text: str) -> Addresses:
    """The addresses of an object; ValueError for what is not told by the text."""
    match kind:
        case "ip-netmask" | "ip-range":
            return literal(text)
        case "ip-wildcard":
            address, _, wild = text.partition("/")
            found = masks.wildcard(masks.v4(address), masks.v4(wild))
            if found is None:
                raise ValueError("the wildcard is too scattered to follow")
            return found
        case "fqdn":
            pattern = DomainPattern.parse(text)
            if pattern.below:
                raise ValueError("an FQDN object holds one exact name")
            return Addresses(names=Names((pattern,)))
        case _:
            raise ValueError("an address object without an address")


def literal(text: str) -> Addresses:
    """An address, a prefix (host bits do not count) or a range; ValueError for others."""
    low, dash, high = text.partition("-")
    if not dash:
        return Addresses.of((ipaddress.ip_network(text, strict=False),))
    first, last = ipaddress.ip_address(low), ipaddress.ip_address(high)
    if first.version != last.version or int(first) > int(last):
        raise ValueError(f"not a range: {text!r}")
    found = IntervalSet.of((int(first), int(last)))
    return Addresses(v4=found) if first.version == 4 else Addresses(v6=found)


def _group(name: str, scopes: Sequence[Node]) -> Group | None:
    for scope in scopes:
        found = scope.at("address-group", name)
        if found is None:
            continue
        if found.at("dynamic") is not None:
            return Group((), found.place, "a dynamic group: its members are found by their tags")
        return Group(tuple((each.name, each.place) for each in found.below("static")), found.place)
    return None


def united(ends: list[End]) -> list[End]:
    """The same ends, with all that hang on nothing made one."""
    if any(end.addresses is None and end.condition is None for end in ends):
        return [End(None)]
    whole = Addresses()
    for end in ends:
        if end.condition is None:
            whole = whole | (end.addresses or Addresses())
    plain = [End(whole)] if any(end.condition is None for end in ends) else []
    return [*plain, *(end for end in ends if end.condition is not None)]

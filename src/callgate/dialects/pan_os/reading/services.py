"""Services: objects, groups, and the two that every firewall has.

Source: PAN-OS Web Interface Help, "Objects > Services"; service-http is TCP 80 and 8080,
service-https TCP 443.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from callgate.dialects.members import Group, Members
from callgate.dialects.pan_os.reading.findings import Findings
from callgate.dialects.pan_os.reading.tree import Node
from callgate.flows import IntervalSet, Protocol
from callgate.rules import Literal

_PROTOCOLS: Final = {"tcp": Protocol.TCP, "udp": Protocol.UDP, "sctp": Protocol.SCTP}
_BUILT_IN: Final = {"service-http": (80, 8080), "service-https": (443,)}


@dataclass(frozen=True, slots=True)
class Service:
    """One protocol with its ports; None is every one."""

    protocol: IntervalSet | None = None
    source_port: IntervalSet | None = None
    port: IntervalSet | None = None
    condition: Literal | None = None


def members(scopes: Sequence[Node], findings: Findings) -> Members[Service]:
    """Resolves names as a rule sees them."""
    return Members(
        objects=lambda name: _object(name, scopes, findings),
        groups=lambda name: _group(name, scopes),
        unknown=lambda *what: Service(condition=findings.member(*what)),
    )


def _object(name: str, scopes: Sequence[Node], findings: Findings) -> list[Service] | None:
    if name == "any":
        return [Service()]
    for scope in scopes:
        found = scope.at("service", name)
        if found is not None:
            return _services(found, findings)
        if scope.at("service-group", name) is not None:
            return None
    if name in _BUILT_IN:
        tcp = IntervalSet.points((Protocol.TCP,))
        return [Service(tcp, None, IntervalSet.points(_BUILT_IN[name]))]
    return None


def _services(node: Node, findings: Findings) -> list[Service]:
    try:
        found = [_service(each) for each in node.below("protocol")]
    except ValueError as error:
        return [Service(condition=findings.member(node.name, node.place, str(error)))]
    if not found:
        hint = "a service without a protocol"
        return [Service(condition=findings.member(node.name, node.place, hint))]
    return found


def _service(node: Node) -> Service:
    if node.name not in _PROTOCOLS:
        raise ValueError(f"not a protocol that is modelled: {node.name}")
    ports, sources = node.words("port"), node.words("source-port")
    if not ports:
        raise ValueError("a service without ports")
    number = IntervalSet.points((_PROTOCOLS[node.name],))
    return Service(number, _ports(sources) if sources else None, _ports(ports))


def _ports(words: Sequence[str]) -> IntervalSet:
    bounds = []
    for text in ",".join(words).split(","):
        low, dash, high = text.strip().partition("-")
        first = _port(low)
        last = _port(high) if dash else first
        if first > last:
            raise ValueError(f"not a range of ports: {text!r}")
        bounds.append((first, last))
    return IntervalSet.of(*bounds)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        raise ValueError(f"not a port: {text!r}")
    return int(text)


def _group(name: str, scopes: Sequence[Node]) -> Group | None:
    for scope in scopes:
        found = scope.at("service-group", name)
        if found is not None:
            named = tuple((each.name, each.place) for each in found.below("members"))
            return Group(named, found.place)
    return None


def united(services: list[Service]) -> list[Service]:
    """The same services, with the ports of one protocol joined."""
    if any(service == Service() for service in services):
        return [Service()]
    found: dict[Service, IntervalSet] = {}
    rest = []
    for each in services:
        if each.condition is not None or each.port is None:
            rest.append(each)
            continue
        key = Service(each.protocol, each.source_port)
        found[key] = found.get(key, IntervalSet.EMPTY) | each.port
    joined = [Service(key.protocol, key.source_port, ports) for key, ports in found.items()]
    return [*joined, *dict.fromkeys(rest)]

"""A policy as lists for IOS: what goes out, and what lets the answers in.

A list of IOS knows no connections. What lets answers pass is chosen and said:

* ``reflexive``: each line records what it lets out, and the list of the answers evaluates
  that. ICMP errors, which a reflexive list does not know, are permitted to the clients.
* ``established``: by flags for TCP, and for UDP by the server's port: anybody there can send
  to the clients unasked, which is declared.
* ``inspected``: something else on the router (zones, ``ip inspect``) lets answers pass.

Both lists are bound in the direction *out*: to the outside for what clients send, to the
inside for answers. So the router's own traffic is not touched, which a list for *in* would.
Source: "Cisco IOS Security Command Reference", ``permit (IP)``, ``permit (IPv6)``, ``evaluate``,
``ip access-group``, ``ipv6 traffic-filter``.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Final

from callgate.dialects.cisco.writing import members, ports, remark
from callgate.flows import (
    Box,
    Family,
    FlowSet,
    IntervalSet,
    NameAtoms,
    Network,
    PortRange,
    Protocol,
    prefixes_of,
)
from callgate.flows.boxes import any_address, any_destination
from callgate.policy.model import Block, Networks, Rule

REFLEXIVE, ESTABLISHED, INSPECTED = "reflexive", "established", "inspected"
#: What IOS calls the errors that a call needs: type, word. Path MTU is type 3 in IPv4.
_ERRORS: Final = {
    Family.V4: ((3, "unreachable"), (11, "time-exceeded")),
    Family.V6: ((1, "unreachable"), (2, "packet-too-big"), (3, "time-exceeded")),
}
#: Neighbour advertisement and solicitation, which each IPv6 list needs before its own deny.
_ND: Final = (("nd-na", 136), ("nd-ns", 135))
_NO_NAMES: Final = NameAtoms.of(())


def recorded(family: Family) -> str:
    """The reflexive list of a family."""
    return f"CALLGATE-V{family.value}"


def outgoing(rules: tuple[Rule, ...], family: Family, stateful: str) -> list[str]:
    """The entries for what clients send."""
    tail = f" reflect {recorded(family)}" if stateful == REFLEXIVE else ""
    lines = []
    for rule in rules:
        if rule.family is family:
            lines.append(f"remark {remark(rule)}")
            lines += [
                f"permit {rule.protocol} {source} {target} {ports(each)}{tail}"
                for source, target, each in _ends(rule)
            ]
    return lines


def answers(
    rules: tuple[Rule, ...], clients: tuple[Network, ...] | None, family: Family, stateful: str
) -> list[str]:
    """The entries for what comes back."""
    if stateful == INSPECTED:
        return []
    lines = ["remark Callgate: answers"]
    if stateful == REFLEXIVE:
        lines.append(f"evaluate {recorded(family)}")
    else:
        lines += [line for rule in rules if rule.family is family for line in _answer(rule)]
    for _, word in _ERRORS[family]:
        lines += [f"permit icmp any {target} {word}" for target in _sources(clients, family)]
    return lines


def block(wanted: Block, family: Family) -> list[str]:
    """The final block of a list; IPv6 dies of one without neighbour discovery before it."""
    protocol = "ip" if family is Family.V4 else "ipv6"
    discovery = [f"permit icmp any any {word}" for word, _ in _ND] if family is Family.V6 else []
    sources = _sources(wanted.clients, family)
    return [
        *discovery,
        "remark Callgate: final block",
        *(f"deny {protocol} {source} any" for source in sources),
    ]


def excess(
    rules: tuple[Rule, ...],
    clients: tuple[Network, ...] | None,
    families: tuple[Family, ...],
    stateful: str,
) -> FlowSet:
    """What these lists cannot help letting pass beyond the policy."""
    boxes = []
    for family in families:
        inside = any_address(family) if clients is None else prefixes_of(clients, family)
        icmp = Protocol.ICMP if family is Family.V4 else Protocol.ICMPV6
        if family is Family.V6:
            boxes += [_typed(family, icmp, kind, any_destination(family)) for _, kind in _ND]
        if stateful != INSPECTED:
            boxes += [_typed(family, icmp, kind, inside) for kind, _ in _ERRORS[family]]
    if stateful == ESTABLISHED:
        boxes += [_unasked(rule) for rule in rules if rule.protocol is Protocol.UDP]
    return FlowSet.of(*boxes)


def note(stateful: str, families: tuple[Family, ...]) -> str:
    """The same in words; empty where there is nothing to say."""
    found = []
    if stateful != INSPECTED:
        found.append("ICMP errors to the clients pass, whether somebody asked or not")
    if stateful == ESTABLISHED:
        found.append(
            "UDP from the servers' ports to the clients passes unasked, and TCP that says it is "
            "established"
        )
    if Family.V6 in families:
        found.append("neighbour discovery passes, as in each IPv6 list of IOS")
    return "; ".join(found)


def _ends(rule: Rule) -> Iterator[tuple[str, str, PortRange]]:
    yield from product(_sources(rule.sources, rule.family), _targets(rule), rule.ports)


def _answer(rule: Rule) -> Iterator[str]:
    """The answers to a rule, told by flags or by the server's port."""
    tail = " established" if rule.protocol is Protocol.TCP else " gt 1023"
    for client, server, each in _ends(rule):
        yield f"permit {rule.protocol} {server} {ports(each)} {client}{tail}"


def _unasked(rule: Rule) -> Box:
    turned = rule.box(_NO_NAMES)
    high = IntervalSet.of((1024, 65535))
    return replace(
        turned,
        source=turned.destination & any_address(rule.family),
        destination=turned.source,
        source_port=turned.destination_port,
        destination_port=high,
    )


def _typed(family: Family, icmp: Protocol, kind: int, destination: IntervalSet) -> Box:
    kinds = IntervalSet.of((kind * 256, kind * 256 + 255))
    return Box(
        family, IntervalSet.points((icmp,)), any_address(family), destination,
        destination_port=kinds,
    )  # fmt: skip


def _sources(networks: tuple[Network, ...] | None, family: Family) -> list[str]:
    if networks is None:
        return ["any"]
    return [_wildcard(each) for each in members(networks, family)]


def _targets(rule: Rule) -> list[str]:
    if not isinstance(rule.destination, Networks):
        return ["any"]
    return _sources(rule.destination.prefixes, rule.family)


def _wildcard(each: Network) -> str:
    """``host 192.0.2.1``, ``192.0.2.0 0.0.0.255`` or ``2001:db8::/32``; ``any`` for all."""
    if each.prefixlen == 0:
        return "any"
    if each.prefixlen == each.max_prefixlen:
        return f"host {each.network_address}"
    return str(each) if each.version == 6 else f"{each.network_address} {each.hostmask}"

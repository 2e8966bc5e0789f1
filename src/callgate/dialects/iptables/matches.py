"""One policy rule as iptables rules: the cross product of what iptables takes one at a time."""

from collections.abc import Iterator
from typing import Final

from callgate.dialects.iptables.chains import Chains
from callgate.dialects.placement import Hook, is_all, outermost
from callgate.dialects.wording import plain, reason
from callgate.flows import Family, Network, PortRange, Protocol
from callgate.flows.axes import PORTED
from callgate.policy.model import Networks, Rule, State

#: Longest comment of xt_comment (256 bytes with the final NUL).
COMMENT_MAX: Final = 255
#: multiport takes 15 ports, and a range counts as two.
MULTIPORT_MAX: Final = 15
_PROTOCOL_NAMES: Final = {Protocol.ICMPV6: "ipv6-icmp"}


def allow(rule: Rule, hook: Hook, chains: Chains) -> Iterator[str]:
    """The rules, all after ``-A CHAIN``, that allow what this one allows."""
    target = "ACCEPT"
    destinations: list[str] = [""]
    if isinstance(rule.destination, Networks) and not is_all(rule.destination.prefixes):
        if rule.destination.label and len(outermost(rule.destination.prefixes)) > 1:
            target = chains.accept_list(rule.destination.label, rule.destination.prefixes)
        else:
            destinations = [f"-d {each} " for each in outermost(rule.destination.prefixes)]
    comment = comment_match(reason(rule))
    for source in _sources(rule.sources):
        for destination in destinations:
            for protocol in _protocol(rule):
                match = f"{source}{destination}{_loopback(rule, hook)}{protocol}{_state(rule)}"
                yield f"{match}{comment} -j {target}"


def _sources(networks: tuple[Network, ...] | None) -> list[str]:
    if networks is None or is_all(networks):
        return [""]
    return [f"-s {each} " for each in outermost(networks)]


def source_matches(networks: tuple[Network, ...] | None, family: Family) -> list[str]:
    """``-s`` matches for the networks of one family; one empty match for None."""
    if networks is None:
        return [""]
    return _sources(tuple(each for each in networks if each.version == family))


def comment_match(text: str) -> str:
    """A comment match; the text can neither end the quotation nor the line."""
    return f'-m comment --comment "{plain(text, COMMENT_MAX)}"'


def _loopback(rule: Rule, hook: Hook) -> str:
    if not rule.loopback:
        return ""
    return "-o lo " if hook is Hook.OUTPUT else "-i lo "


def _state(rule: Rule) -> str:
    if rule.state is State.NEW and rule.protocol not in PORTED:
        return ""
    return f"-m conntrack --ctstate {rule.state.name} "


def _protocol(rule: Rule) -> list[str]:
    protocol = rule.protocol
    if protocol is None:
        return [""]
    base = f"-p {_PROTOCOL_NAMES.get(protocol, str(protocol))} "
    if rule.icmp_types:
        option = "-m icmp --icmp-type" if protocol is Protocol.ICMP else "-m icmp6 --icmpv6-type"
        return [f"{base}{option} {each} " for each in rule.icmp_types]
    if rule.ports:
        return [base + each for each in _ports(rule.ports, protocol)]
    return [base]


def _ports(ports: tuple[PortRange, ...], protocol: Protocol) -> list[str]:
    spans = list(PortRange.union(ports))
    if len(spans) == 1:
        return [f"-m {protocol} --dport {_span(*spans[0])} "]
    found: list[str] = []
    batch: list[str] = []
    room = MULTIPORT_MAX
    for low, high in spans:
        cost = 1 if low == high else 2
        if cost > room:
            found.append(",".join(batch))
            batch, room = [], MULTIPORT_MAX
        batch.append(_span(low, high))
        room -= cost
    found.append(",".join(batch))
    return [f"-m multiport --dports {each} " for each in found]


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}:{high}"

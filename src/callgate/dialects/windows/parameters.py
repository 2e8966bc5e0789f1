"""The policy's rules as parameters of ``New-NetFirewallRule``.

The firewall stands on the host: loopback is not filtered, answers pass by themselves, and a
rule's own side is the host. A rule without a remote address would hold for both families, so
"All" is written as the two halves of a family. Source: Microsoft Learn, NetSecurity module,
``New-NetFirewallRule``.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from callgate.dialects.placement import outermost
from callgate.dialects.wording import reason, spoken
from callgate.flows import Family, Network, Protocol
from callgate.flows.axes import PORTED, TYPED
from callgate.policy.infrastructure import of_family
from callgate.policy.model import Direction, Networks, Rule, State

GROUP: Final = "Callgate"
HALVES: Final = {
    Family.V4: ("0.0.0.0/1", "128.0.0.0/1"),
    Family.V6: ("::/1", "8000::/1"),
}
_DIRECTIONS: Final = {Direction.OUT: "Outbound", Direction.IN: "Inbound"}
_PROTOCOLS: Final = {
    Protocol.TCP: "TCP",
    Protocol.UDP: "UDP",
    Protocol.ICMP: "ICMPv4",
    Protocol.ICMPV6: "ICMPv6",
}
#: What a display name may hold here: PowerShell takes typographic quotes for quotes too.
_CHARACTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/()#,@+="
)
_NAME_MAX: Final = 200


def display_name(text: str) -> str:
    """The text with every character that could mean something to PowerShell left out."""
    return spoken(text, _CHARACTERS, _NAME_MAX)


def parameters(rule: Rule, profile: str) -> Iterator[tuple[str, str]]:
    """Name and value of each parameter; nothing for a rule that Windows keeps by itself.

    Values are as they stand in a script: one bare word, or quoted texts with commas between.
    """
    if rule.loopback or rule.state is not State.NEW:
        return
    yield "DisplayName", quoted(display_name(f"{GROUP} {rule.family}: {reason(rule)}"))
    yield "Direction", _DIRECTIONS[rule.direction]
    yield "Action", "Allow"
    yield "Profile", profile
    protocol = rule.protocol
    if protocol is not None:
        yield "Protocol", _PROTOCOLS.get(protocol, str(protocol.value))
    if rule.ports and protocol in PORTED:
        side = "RemotePort" if rule.direction is Direction.OUT else "LocalPort"
        yield side, _listed(rule.ports)
    if rule.icmp_types and protocol in TYPED:
        yield "IcmpType", _listed(rule.icmp_types)
    yield "RemoteAddress", _listed(_addresses(rule))


def quoted(text: str) -> str:
    """A single-quoted string of PowerShell; the text holds no quotes of any kind."""
    return f"'{text}'"


def _listed(values: Iterable[object]) -> str:
    return ",".join(quoted(str(each)) for each in values)


def _addresses(rule: Rule) -> tuple[str, ...]:
    far: tuple[Network, ...] | None = None
    if rule.direction is Direction.IN:
        far = rule.sources
    elif isinstance(rule.destination, Networks):
        far = rule.destination.prefixes
    networks = outermost(of_family(far or (), rule.family))
    if far is None or any(each.prefixlen == 0 for each in networks):
        return HALVES[rule.family]
    return tuple(str(each) for each in networks)

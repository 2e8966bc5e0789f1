"""Services: protocols and ports, by name.

A configuration holds the services that it defines; those that FortiOS brings along stand in it
too, unless it is only a part. ``a-b:c-d`` is destination and source ports. Source: "FortiOS CLI
Reference", config firewall service custom (``protocol`` is TCP/UDP/SCTP unless said otherwise);
"FortiOS Administration Guide", Predefined services.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callgate.dialects.fortigate.reading.findings import Findings
from callgate.dialects.fortigate.reading.tables import Edit
from callgate.flows import Family, IntervalSet, PortRange, Protocol
from callgate.flows.axes import TYPED
from callgate.rules import BOTH_FAMILIES, Literal

_TRANSPORT: Final = {
    "tcp-portrange": Protocol.TCP,
    "udp-portrange": Protocol.UDP,
    "sctp-portrange": Protocol.SCTP,
}
_FAMILIES: Final = {
    Protocol.ICMP: frozenset({Family.V4}),
    Protocol.ICMPV6: frozenset({Family.V6}),
}
_PORTS: Final = {
    "DNS": ("tcp udp", 53), "HTTP": ("tcp", 80), "HTTPS": ("tcp", 443), "SSH": ("tcp", 22),
    "TELNET": ("tcp", 23), "FTP": ("tcp", 21), "SMTP": ("tcp", 25), "SMTPS": ("tcp", 465),
    "IMAP": ("tcp", 143), "IMAPS": ("tcp", 993), "POP3": ("tcp", 110), "POP3S": ("tcp", 995),
    "NTP": ("tcp udp", 123), "SYSLOG": ("udp", 514), "LDAP": ("tcp", 389), "RDP": ("tcp", 3389),
    "BGP": ("tcp", 179), "TFTP": ("udp", 69), "RTSP": ("tcp udp", 554),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """One protocol with its ports (or ICMP type and code); None is every one."""

    protocol: IntervalSet | None
    source_port: IntervalSet | None = None
    port: IntervalSet | None = None
    families: frozenset[Family] = BOTH_FAMILIES
    condition: Literal | None = None


ANY: Final = Service(None)


class ServiceReader:
    """Reads ``config firewall service custom``."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def read(self, edit: Edit) -> list[Service]:
        """What a service holds."""
        for key in ("iprange", "fqdn", "app-category", "application"):
            if edit.word(key).strip("0.") != "":  # 0.0.0.0 is no restriction
                hint = "a service by address, name or application is not modelled"
                return [Service(None, condition=self._findings.setting(edit, key, hint))]
        try:
            return list(_services(edit))
        except ValueError as error:
            literal = self._findings.condition(f"it is {edit.name}", edit.place, str(error))
            return [Service(None, condition=literal)]


def _services(edit: Edit) -> Iterator[Service]:
    protocol = edit.word("protocol", "TCP/UDP/SCTP").upper()
    if protocol in {"IP", "ALL"}:
        number = _number(edit.word("protocol-number", "0"), 255)
        yield ANY if number == 0 else Service(IntervalSet.points((number,)))
    elif protocol in {"ICMP", "ICMP6"}:
        yield _icmp(edit, Protocol.ICMP if protocol == "ICMP" else Protocol.ICMPV6)
    elif protocol == "TCP/UDP/SCTP":
        found = [
            _ported(number, text) for key, number in _TRANSPORT.items() for text in edit.words(key)
        ]
        if not found:
            raise ValueError("a service without ports")
        yield from found
    else:
        raise ValueError(f"not a protocol that is modelled: {protocol}")


def _icmp(edit: Edit, number: Protocol) -> Service:
    only = IntervalSet.points((number,))
    kind = edit.word("icmptype")
    points = None
    if kind:
        first = _number(kind, 255) * 256
        code = edit.word("icmpcode")
        bounds = (first + _number(code, 255),) * 2 if code else (first, first + 255)
        points = IntervalSet.of((bounds[0], bounds[1]))
    return Service(only, None, points, _FAMILIES[number])


def _ported(number: Protocol, text: str) -> Service:
    target, colon, source = text.partition(":")
    return Service(
        IntervalSet.points((number,)),
        _ports(source) if colon else None,
        _ports(target),
    )


def _ports(text: str) -> IntervalSet:
    return PortRange.union((PortRange.parse(text),))


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= most):
        raise ValueError(f"not a number up to {most}: {text!r}")
    return int(text)


def predefined(name: str) -> list[Service] | None:
    """Services of FortiOS itself, for configurations that are only a part."""
    numbers = {"ALL_TCP": Protocol.TCP, "ALL_UDP": Protocol.UDP}
    if name in {"ALL", "ANY"}:
        return [ANY]
    if name in numbers:
        every = IntervalSet.of((1, 65535))
        return [Service(IntervalSet.points((numbers[name],)), None, every)]
    for word, number in (("ALL_ICMP", Protocol.ICMP), ("ALL_ICMP6", Protocol.ICMPV6)):
        if name == word:
            return [Service(IntervalSet.points((number,)), families=_FAMILIES[number])]
    if name == "PING":
        echo = IntervalSet.of((8 * 256, 8 * 256 + 255))
        return [Service(IntervalSet.points((1,)), None, echo, _FAMILIES[Protocol.ICMP])]
    if name not in _PORTS:
        return None
    words, port = _PORTS[name]
    kinds = {"tcp": Protocol.TCP, "udp": Protocol.UDP}
    return [
        Service(IntervalSet.points((kinds[word],)), None, IntervalSet.points((port,)))
        for word in words.split()
    ]


def complement(services: list[Service]) -> list[Service] | None:
    """Every packet that none of these takes; None where ports hang together too much.

    Only services that say nothing of source ports are turned round.
    """
    if any(s.condition or s.source_port is not None for s in services):
        return None
    taken: dict[int, IntervalSet] = {}
    for service in services:
        if service.protocol is None:
            return []
        for low, high in service.protocol:
            for number in range(low, high + 1):
                every = IntervalSet.of((0, 65535))
                ports = every if service.port is None else service.port
                taken[number] = taken.get(number, IntervalSet.EMPTY) | ports
    rest = IntervalSet.of((0, 255)) - IntervalSet.points(taken)
    found = [Service(rest)] if rest else []
    for number, ports in sorted(taken.items()):
        left = IntervalSet.of((0, 65535)) - ports
        numbered = number in TYPED or number in set(_TRANSPORT.values())
        if left and numbered:
            families = _FAMILIES.get(Protocol(number), BOTH_FAMILIES)
            found.append(Service(IntervalSet.points((number,)), None, left, families))
    return found

"""Applications: protocols and ports by name, with terms, and sets of them.

Source: Junos OS, "Predefined Policy Applications" and CLI Reference, ``application``. Only
applications that are a protocol and ports are listed; those that a gateway follows
(``junos-sip``) are told from their first port.
"""

from dataclasses import dataclass, replace
from typing import Final

from callgate.dialects.juniper_srx.reading.statements import Path
from callgate.dialects.registries import icmp_type, protocol_number, service_port
from callgate.flows import Family, IntervalSet, Protocol
from callgate.flows.axes import PORTED, TYPED
from callgate.rules import BOTH_FAMILIES, Literal

_FAMILIES: Final = {
    Protocol.ICMP: frozenset({Family.V4}),
    Protocol.ICMPV6: frozenset({Family.V6}),
}
_TCP, _UDP = Protocol.TCP, Protocol.UDP
#: Name -> protocol and ports.
_PREDEFINED: Final = {
    "junos-http": ((_TCP, 80, 80),), "junos-https": ((_TCP, 443, 443),),
    "junos-ssh": ((_TCP, 22, 22),), "junos-telnet": ((_TCP, 23, 23),),
    "junos-ftp": ((_TCP, 21, 21),), "junos-smtp": ((_TCP, 25, 25),),
    "junos-smtps": ((_TCP, 587, 587),), "junos-pop3": ((_TCP, 110, 110),),
    "junos-imap": ((_TCP, 143, 143),), "junos-imaps": ((_TCP, 993, 993),),
    "junos-dns-udp": ((_UDP, 53, 53),), "junos-dns-tcp": ((_TCP, 53, 53),),
    "junos-ntp": ((_UDP, 123, 123),), "junos-snmp": ((_UDP, 161, 161),),
    "junos-syslog": ((_UDP, 514, 514),), "junos-tftp": ((_UDP, 69, 69),),
    "junos-bgp": ((_TCP, 179, 179),), "junos-ldap": ((_TCP, 389, 389),),
    "junos-tcp-any": ((_TCP, 0, 65535),), "junos-udp-any": ((_UDP, 0, 65535),),
    "junos-stun-tcp": ((_TCP, 3478, 3479),), "junos-stun-udp": ((_UDP, 3478, 3479),),
    "junos-stun": ((_TCP, 3478, 3479), (_UDP, 3478, 3479)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """One protocol with its ports (or ICMP type and code); None is every one."""

    protocol: IntervalSet | None = None
    source_port: IntervalSet | None = None
    port: IntervalSet | None = None
    families: frozenset[Family] = BOTH_FAMILIES
    condition: Literal | None = None


def predefined(name: str) -> list[Service] | None:
    """The applications that Junos brings along, as far as they are known here."""
    if name == "any":
        return [Service()]
    for word, number in (("junos-icmp-all", Protocol.ICMP), ("junos-icmp6-all", Protocol.ICMPV6)):
        if name == word:
            return [Service(IntervalSet.points((number,)), families=_FAMILIES[number])]
    if name in {"junos-ping", "junos-icmp-ping"}:
        echo = IntervalSet.of((8 * 256, 8 * 256 + 255))
        return [Service(IntervalSet.points((1,)), None, echo, _FAMILIES[Protocol.ICMP])]
    found = _PREDEFINED.get(name)
    if found is None:
        return None
    return [
        Service(IntervalSet.points((number,)), None, IntervalSet.of((low, high)))
        for number, low, high in found
    ]


def service(facts: Path) -> Service:
    """A service of the words ``protocol tcp destination-port 443``; ValueError for others."""
    told: dict[str, str] = {}
    words = list(facts)
    while words:
        key = words.pop(0)
        if key in _KEYS and words:
            told[key] = words.pop(0)
            if words[:1] == ["-"] and len(words) > 1:  # ``1024 - 2000`` in old texts
                told[key] += f"-{words[1]}"
                del words[:2]
        elif key in _SILENT:
            words = words[1:]
        else:
            raise ValueError(f"{key!r} is not modelled")
    if "protocol" not in told:
        raise ValueError("an application without a protocol")
    number = protocol_number(told["protocol"])
    if number is None:
        raise ValueError(f"not a protocol: {told['protocol']!r}")
    found = Service(IntervalSet.points((number,)))
    if number in TYPED:
        protocol = Protocol(number)
        kinds = _icmp(told, _FAMILIES[protocol])
        return replace(found, port=kinds, families=_FAMILIES[protocol])
    if number not in PORTED:
        return found
    return replace(
        found,
        source_port=_ports(told.get("source-port")),
        port=_ports(told.get("destination-port")),
    )


_KEYS: Final = frozenset(
    {"protocol", "source-port", "destination-port"}
    | {"icmp-type", "icmp-code", "icmp6-type", "icmp6-code"}
)
#: Words with one value that say nothing of which packets it is.
_SILENT: Final = frozenset(
    {"inactivity-timeout", "description", "application-protocol", "alg", "ether-type", "uuid"}
    | {"do-not-translate-A-query-to-AAAA-query", "do-not-translate-AAAA-query-to-A-query"}
)


def _ports(text: str | None) -> IntervalSet | None:
    if text is None:
        return None
    low, dash, high = text.partition("-")
    numbers = [service_port(word) for word in ((low, high) if dash and low else (text,))]
    if None in numbers and not dash:
        raise ValueError(f"not a port: {text!r}")
    if None in numbers:
        # A name may hold a dash: ``ftp-data``.
        numbers = [service_port(text)]
    bounds = [number for number in numbers if number is not None]
    if not bounds or bounds[0] > bounds[-1]:
        raise ValueError(f"not a port: {text!r}")
    return IntervalSet.of((bounds[0], bounds[-1]))


def _icmp(told: dict[str, str], families: frozenset[Family]) -> IntervalSet | None:
    (family,) = families
    suffix = "" if family is Family.V4 else "6"
    kind, code = (told.get(f"icmp{suffix}-{word}") for word in ("type", "code"))
    if kind is None and code is None:
        return None
    if kind is None:
        number = _byte(code)
        return IntervalSet.points(range(number, 65536, 256))
    found = icmp_type(kind, family)
    if found is None:
        raise ValueError(f"not an ICMP type: {kind!r}")
    first = found[0] * 256
    if code is None:
        return IntervalSet.of((first, first + 255))
    return IntervalSet.points((first + _byte(code),))


def _byte(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdigit() and int(text[:4]) <= 255):
        raise ValueError(f"not an ICMP code: {text!r}")
    return int(text)

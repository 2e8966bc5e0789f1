"""Packets as people write them: ``udp 10.0.0.5:51000 > 198.51.100.7:3478``.

The form is the one in which a :class:`Packet` prints: IPv6 addresses with ports stand in
brackets, ICMP has ``type/code`` and no ports, a destination may be a host name.
"""

import ipaddress
import re

from callgate.flows.axes import NAME_BASE, PORT_MAX, PORTED, TYPED, Family, Protocol
from callgate.flows.boxes import Packet
from callgate.flows.names import NameAtoms
from callgate.names import DomainPattern

_FORM = "PROTOCOL [TYPE/CODE] SOURCE[:PORT] > DESTINATION[:PORT]"
_SHAPE = re.compile(
    r"(?P<protocol>[a-z0-9-]+)(?:\s+(?P<type>\d+)/(?P<code>\d+))?"
    r"\s+(?P<source>\S+)\s*>\s*(?P<destination>\S+)"
)
_END = re.compile(
    r"\[(?P<v6>[^]]+)\](?::(?P<port6>\d+))?|(?P<host>[^:]+)(?::(?P<port>\d+))?|(?P<bare>.+)"
)
_PROTOCOLS = {str(protocol): protocol for protocol in Protocol}


def parse_packet(text: str) -> tuple[Packet, NameAtoms]:
    """The packet, and the atoms that its destination is one of when it is a name.

    ValueError says what is wrong with the text, and what form it must have.
    """
    shape = _SHAPE.fullmatch(text.strip().lower())
    if shape is None:
        raise ValueError(f"not a packet: {text!r}; write {_FORM}")
    protocol = _protocol(shape["protocol"])
    source, source_port = _end(shape["source"])
    target, target_port = _end(shape["destination"])
    address = _address(source, "source")
    family = Family(address.version)
    destination, atoms = _destination(target, family)
    if protocol in TYPED:
        if shape["type"] is None:
            raise ValueError(f"{shape['protocol']} needs TYPE/CODE, for example 8/0")
        ports = (0, int(shape["type"]) * 256 + int(shape["code"]))
        if max(int(shape["type"]), int(shape["code"])) > 255:
            raise ValueError(f"not an ICMP type and code: {shape['type']}/{shape['code']}")
    elif protocol in PORTED:
        ports = (_port(source_port, "source"), _port(target_port, "destination"))
    else:
        ports = (0, 0)
    return Packet(family, protocol, int(address), destination, *ports), atoms


def _protocol(word: str) -> int:
    if word in _PROTOCOLS:
        return _PROTOCOLS[word]
    number = word.removeprefix("protocol-")
    if number.isdigit() and int(number) <= 255:
        return int(number)
    raise ValueError(f"not a protocol: {word!r}; one of {', '.join(_PROTOCOLS)} or a number")


def _end(text: str) -> tuple[str, str | None]:
    parts = _END.fullmatch(text)
    if parts is None:
        raise ValueError(f"not an address: {text!r}")
    return parts["v6"] or parts["host"] or parts["bare"], parts["port6"] or parts["port"]


def _address(text: str, side: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise ValueError(f"the {side} is not an address: {text!r}") from None


def _destination(text: str, family: Family) -> tuple[int, NameAtoms]:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        atoms = NameAtoms((DomainPattern.parse(text),))
        return NAME_BASE, atoms
    if address.version != family:
        raise ValueError("source and destination are not of one address family")
    return int(address), NameAtoms()


def _port(text: str | None, side: str) -> int:
    if text is None:
        raise ValueError(f"the {side} has no port")
    if int(text) > PORT_MAX:
        raise ValueError(f"not a port: {text}")
    return int(text)

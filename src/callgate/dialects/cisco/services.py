"""Protocols and ports: what the first and the last words of an access list's line mean."""

from collections.abc import Iterable
from typing import NamedTuple

from callgate.dialects.cisco.cursor import Cursor
from callgate.dialects.cisco.vocabulary import Vocabulary
from callgate.flows import IntervalSet
from callgate.rules import Literal


class Service(NamedTuple):
    """One protocol, or several with the same ports; None does not constrain.

    With ``conditions`` it is a service that could not be read.
    """

    protocol: IntervalSet | None
    source_port: IntervalSet | None = None
    destination_port: IntervalSet | None = None
    conditions: tuple[Literal, ...] = ()


def merged(services: Iterable[Service]) -> tuple[Service, ...]:
    """The same services with as few members as ports and protocols can be joined to."""
    by_ports: dict[Service, Service] = {}
    for each in services:
        key = each._replace(destination_port=None)
        known = by_ports.get(key)
        if known is None:
            by_ports[key] = each
        elif known.destination_port is not None:
            ports = each.destination_port
            joined = None if ports is None else known.destination_port | ports
            by_ports[key] = known._replace(destination_port=joined)
    return _with_joined_protocols(by_ports.values())


def _with_joined_protocols(services: Iterable[Service]) -> tuple[Service, ...]:
    found: dict[Service, Service] = {}
    for each in services:
        key = each._replace(protocol=None)
        known = found.get(key)
        if known is None or known.protocol is None:
            found[key] = known or each
        else:
            protocol = None if each.protocol is None else known.protocol | each.protocol
            found[key] = each._replace(protocol=protocol)
    return tuple(found.values())


def written_service(cursor: Cursor, words: Vocabulary) -> Service:
    """Read ``tcp source gt 1023 destination eq 443`` and its shorter forms to the end."""
    protocol = words.protocol(cursor)
    message = words.icmp_message(cursor, protocol)
    if message is not None:
        cursor.end()
        return Service(protocol, None, message)
    source = words.ports(cursor, protocol) if cursor.accept("source") else None
    cursor.accept("destination")
    destination = words.ports(cursor, protocol)
    cursor.end()
    return Service(protocol, source, destination)

"""The words that a product has for protocols, ports and ICMP types."""

from collections.abc import Mapping
from dataclasses import dataclass

from callgate.dialects.cisco.cursor import Cursor
from callgate.flows import IntervalSet, Protocol
from callgate.flows.axes import PORT_MAX, PORTED, PROTOCOL_MAX

TCP = IntervalSet.points((Protocol.TCP,))
UDP = IntervalSet.points((Protocol.UDP,))
TCP_UDP = IntervalSet.points((Protocol.TCP, Protocol.UDP))
_SINGLE = {number: IntervalSet.points((number,)) for number in range(PROTOCOL_MAX + 1)}
_PORTED = IntervalSet.points(PORTED)
#: The usual ones, found faster than by comparing sets.
_WITH_PORTS = (_SINGLE[Protocol.TCP], _SINGLE[Protocol.UDP], TCP_UDP)
_EVERY_PORT = IntervalSet.of((0, PORT_MAX))

#: An ICMP message: its type, and its code if the word says one.
Icmp = tuple[int, int | None]


@dataclass(frozen=True)
class Vocabulary:
    """The tables of one product; ``any_protocol`` are its words for every protocol."""

    any_protocol: frozenset[str]
    protocols: Mapping[str, int]
    tcp: Mapping[str, int]
    udp: Mapping[str, int]
    icmp: Mapping[str, Icmp]
    icmp6: Mapping[str, Icmp]
    several_ports: bool = False

    def protocol(self, cursor: Cursor) -> IntervalSet | None:
        """Read a protocol by name or number; None is every protocol."""
        word = cursor.next("protocol")
        if word in self.any_protocol:
            return None
        if word in self.protocols:
            return _SINGLE[self.protocols[word]]
        if word == "tcp-udp":
            return TCP_UDP
        if word.isascii() and word.isdigit() and len(word) <= 3 and int(word) <= PROTOCOL_MAX:
            return _SINGLE[int(word)]
        return cursor.fail(f"there is no protocol {word!r}", back=1)

    def ports(self, cursor: Cursor, protocol: IntervalSet | None) -> IntervalSet | None:
        """Read ``eq``, ``neq``, ``lt``, ``gt`` or ``range`` if one comes next.

        Unreadable where the protocol has no ports.
        """
        if cursor.peek not in _OPERATORS:
            return None
        if protocol is None or not (protocol in _WITH_PORTS or protocol <= _PORTED):
            cursor.fail("ports of a protocol that has none")
        operator = cursor.next("operator")
        low = self._port(cursor, protocol)
        if operator == "range":
            high = self._port(cursor, protocol)
            return IntervalSet.of((min(low, high), max(low, high)))
        if operator == "lt":
            return IntervalSet(((0, low - 1),)) if low else IntervalSet.EMPTY
        if operator == "gt":
            return IntervalSet(((low + 1, PORT_MAX),)) if low < PORT_MAX else IntervalSet.EMPTY
        chosen = IntervalSet(((low, low),))
        while (
            cursor.peek
            and self.several_ports
            and self._port_number(cursor.peek, protocol) is not None
        ):
            chosen |= IntervalSet.points((self._port(cursor, protocol),))
        return chosen if operator == "eq" else _EVERY_PORT - chosen

    def port(self, cursor: Cursor, protocol: IntervalSet) -> IntervalSet:
        """Read one port without an operator."""
        return IntervalSet.points((self._port(cursor, protocol),))

    def _port(self, cursor: Cursor, protocol: IntervalSet) -> int:
        word = cursor.next("port")
        number = self._port_number(word, protocol)
        if number is None:
            cursor.fail(f"there is no port {word!r} of this protocol", back=1)
        return number

    def _port_number(self, word: str, protocol: IntervalSet) -> int | None:
        if word.isdecimal() and word.isascii():
            return int(word) if len(word) <= 5 and int(word) <= PORT_MAX else None
        if Protocol.TCP in protocol and word in self.tcp:
            return self.tcp[word]
        return self.udp.get(word) if Protocol.UDP in protocol else None

    def icmp_message(self, cursor: Cursor, protocol: IntervalSet | None) -> IntervalSet | None:
        """Read an ICMP type, and its code if there is one, where the protocol is ICMP.

        The set is of ``type * 256 + code``. None when no type comes next.
        """
        if protocol == _SINGLE[Protocol.ICMP]:
            table = self.icmp
        elif protocol == _SINGLE[Protocol.ICMPV6]:
            table = self.icmp6
        else:
            return None
        word = cursor.peek
        if word in table:
            cursor.next("type")
            kind, code = table[word]
        elif word.isascii() and word.isdigit():
            kind, code = cursor.number("ICMP type", 0, 255), None
        else:
            return None
        if code is None and cursor.peek.isascii() and cursor.peek.isdigit():
            code = cursor.number("ICMP code", 0, 255)
        return icmp_points(kind, code)


def icmp_points(kind: int, code: int | None) -> IntervalSet:
    """Where a type, or a type and code, stand on the axis of destination ports."""
    low = kind * 256 + (code or 0)
    return IntervalSet(((low, low if code is not None else low + 255),))


_OPERATORS = frozenset({"eq", "neq", "lt", "gt", "range"})

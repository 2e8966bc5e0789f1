"""The system-defined port-to-application mapping of IOS, as far as firewalls use it.

Source: "Cisco IOS Security Configuration Guide", "Configuring Port to Application Mapping",
table of system-defined mappings; ``match protocol (zone)``.
"""

from typing import Final

from callgate.dialects.cisco.vocabulary import TCP, UDP
from callgate.flows import IntervalSet, Protocol

_TCP: Final = {
    "bgp": 179,
    "finger": 79,
    "ftp": 21,
    "gopher": 70,
    "http": 80,
    "https": 443,
    "ident": 113,
    "imap": 143,
    "imap3": 220,
    "imaps": 993,
    "irc": 194,
    "ldap": 389,
    "ldaps": 636,
    "login": 513,
    "lotusnote": 1352,
    "nntp": 119,
    "pop3": 110,
    "pop3s": 995,
    "pptp": 1723,
    "rtsp": 554,
    "shell": 514,
    "smtp": 25,
    "ssh": 22,
    "telnet": 23,
    "telnets": 992,
}
_UDP: Final = {
    "bootpc": 68,
    "bootps": 67,
    "isakmp": 500,
    "ntp": 123,
    "snmp": 161,
    "snmptrap": 162,
    "syslog": 514,
    "tftp": 69,
}
_BOTH: Final = {"dns": 53, "sip": 5060}


def _port(number: int) -> IntervalSet:
    return IntervalSet.points((number,))


#: Name -> protocols, each with its ports (None is all of them).
APPLICATIONS: Final[dict[str, list[tuple[IntervalSet, IntervalSet | None]]]] = {
    "tcp": [(TCP, None)],
    "udp": [(UDP, None)],
    "icmp": [(IntervalSet.points((Protocol.ICMP, Protocol.ICMPV6)), None)],
    **{name: [(TCP, _port(number))] for name, number in _TCP.items()},
    **{name: [(UDP, _port(number))] for name, number in _UDP.items()},
    **{name: [(TCP | UDP, _port(number))] for name, number in _BOTH.items()},
}

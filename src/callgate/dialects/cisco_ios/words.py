"""The names of ports, protocols and ICMP messages on IOS and IOS XE.

Source: "Cisco IOS Security Command Reference", ``access-list (IP extended)``, ``permit
(IP)`` and ``permit (IPv6)``: the lists of port, protocol and ICMP message names.
"""

from typing import Final

from callgate.dialects.cisco import protocols
from callgate.dialects.cisco.vocabulary import Icmp, Vocabulary

_TCP: Final = protocols.TCP | {
    "connectedapps-plain": 15001,
    "connectedapps-tls": 15002,
    "drip": 3949,
    "msrpc": 135,
    "onep-plain": 15001,
    "onep-tls": 15002,
    "syslog": 514,
    "time": 37,
}
_UDP: Final = protocols.UDP | {
    "netbios-ss": 139,
    "non500-isakmp": 4500,
    "ripv6": 521,
}
_ICMP: Final = protocols.ICMP | {
    "administratively-prohibited": (3, 13),
    "dod-host-prohibited": (3, 10),
    "dod-net-prohibited": (3, 9),
    "general-parameter-problem": (12, 0),
    "host-isolated": (3, 8),
    "host-precedence-unreachable": (3, 14),
    "host-redirect": (5, 1),
    "host-tos-redirect": (5, 3),
    "host-tos-unreachable": (3, 12),
    "host-unknown": (3, 7),
    "host-unreachable": (3, 1),
    "net-redirect": (5, 0),
    "net-tos-redirect": (5, 2),
    "net-tos-unreachable": (3, 11),
    "net-unreachable": (3, 0),
    "network-unknown": (3, 6),
    "no-room-for-option": (12, 2),
    "option-missing": (12, 1),
    "packet-too-big": (3, 4),
    "port-unreachable": (3, 3),
    "precedence-unreachable": (3, 15),
    "protocol-unreachable": (3, 2),
    "reassembly-timeout": (11, 1),
    "source-route-failed": (3, 5),
    "ttl-exceeded": (11, 0),
}
_ICMP6: Final[dict[str, Icmp]] = {
    "beyond-scope": (1, 2),
    "destination-unreachable": (1, 3),
    "dhaad-reply": (145, None),
    "dhaad-request": (144, None),
    "echo-reply": (129, None),
    "echo-request": (128, None),
    "header": (4, 0),
    "hop-limit": (3, 0),
    "mld-query": (130, None),
    "mld-reduction": (132, None),
    "mld-report": (131, None),
    "mldv2-report": (143, None),
    "mpd-advertisement": (147, None),
    "mpd-solicitation": (146, None),
    "nd-na": (136, None),
    "nd-ns": (135, None),
    "next-header": (4, 1),
    "no-admin": (1, 1),
    "no-route": (1, 0),
    "packet-too-big": (2, None),
    "parameter-option": (4, 2),
    "parameter-problem": (4, None),
    "port-unreachable": (1, 4),
    "reassembly-timeout": (3, 1),
    "redirect": (137, None),
    "renum-command": (138, 0),
    "renum-result": (138, 1),
    "renum-seq-number": (138, 255),
    "router-advertisement": (134, None),
    "router-renumbering": (138, None),
    "router-solicitation": (133, None),
    "time-exceeded": (3, None),
    "unreachable": (1, None),
}

#: IPv4 lists; ``icmp`` there is protocol 1.
WORDS: Final = Vocabulary(
    frozenset({"ip"}), protocols.PROTOCOLS, _TCP, _UDP, _ICMP, _ICMP6, several_ports=True
)
#: IPv6 lists; ``icmp`` there is ICMPv6, and ``ipv6`` every protocol.
WORDS6: Final = Vocabulary(
    frozenset({"ipv6"}),
    protocols.PROTOCOLS | {"icmp": 58, "icmpv6": 58},
    _TCP,
    _UDP,
    _ICMP,
    _ICMP6,
    several_ports=True,
)

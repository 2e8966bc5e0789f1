"""The ASA's own names of ports, protocols and ICMP types.

Source: "Cisco ASA Series General Operations CLI Configuration Guide", reference chapter
"Addresses, Protocols, and Ports": tables "Protocol Literal Values", "Port Literal Values",
"ICMP Types". They are not IANA's: ``kerberos`` is 750 and ``radius`` 1645.
"""

from typing import Final

from callgate.dialects.cisco import protocols
from callgate.dialects.cisco.vocabulary import Icmp, Vocabulary

_TCP: Final = protocols.TCP | {
    "aol": 5190,
    "cifs": 3020,
    "citrix-ica": 1494,
    "ctiqbe": 2748,
    "h323": 1720,
    "http": 80,
    "https": 443,
    "imap4": 143,
    "kerberos": 750,
    "ldap": 389,
    "ldaps": 636,
    "lotusnotes": 1352,
    "netbios-ssn": 139,
    "nfs": 2049,
    "pcanywhere-data": 5631,
    "pptp": 1723,
    "rsh": 514,
    "rtsp": 554,
    "sip": 5060,
    "sqlnet": 1521,
    "ssh": 22,
}
_UDP: Final = protocols.UDP | {
    "cifs": 3020,
    "http": 80,
    "kerberos": 750,
    "nfs": 2049,
    "pcanywhere-status": 5632,
    "radius": 1645,
    "radius-acct": 1646,
    "secureid-udp": 5510,
    "sip": 5060,
    "vxlan": 4789,
    "www": 80,
}
_ICMP6: Final[dict[str, Icmp]] = {
    "echo": (128, None),
    "echo-reply": (129, None),
    "membership-query": (130, None),
    "membership-reduction": (132, None),
    "membership-report": (131, None),
    "neighbor-advertisement": (136, None),
    "neighbor-redirect": (137, None),
    "neighbor-solicitation": (135, None),
    "packet-too-big": (2, None),
    "parameter-problem": (4, None),
    "router-advertisement": (134, None),
    "router-renumbering": (138, None),
    "router-solicitation": (133, None),
    "time-exceeded": (3, None),
    "unreachable": (1, None),
}

WORDS: Final = Vocabulary(
    frozenset({"ip"}), protocols.PROTOCOLS, _TCP, _UDP, protocols.ICMP, _ICMP6
)

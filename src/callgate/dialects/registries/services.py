"""Names of services: the well-known ports that rule files call by name.

Source: IANA, Service Name and Transport Protocol Port Number Registry; only names that
stand for one port in both TCP and UDP, as Debian's ``/etc/services`` spells them.
"""

from typing import Final

_PORTS: Final = {
    "tcpmux": 1, "echo": 7, "discard": 9, "daytime": 13, "chargen": 19, "ftp-data": 20,
    "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "time": 37, "whois": 43, "tacacs": 49,
    "domain": 53, "bootps": 67, "bootpc": 68, "tftp": 69, "gopher": 70, "finger": 79,
    "http": 80, "www": 80, "kerberos": 88, "pop3": 110, "sunrpc": 111, "auth": 113,
    "nntp": 119, "ntp": 123, "epmap": 135, "netbios-ns": 137, "netbios-dgm": 138,
    "netbios-ssn": 139, "imap2": 143, "imap": 143, "snmp": 161, "snmp-trap": 162,
    "snmptrap": 162, "bgp": 179, "irc": 194, "ldap": 389, "https": 443,
    "microsoft-ds": 445, "kpasswd": 464, "submissions": 465, "isakmp": 500, "exec": 512,
    "login": 513, "syslog": 514, "printer": 515, "ntalk": 518, "rtsp": 554, "nntps": 563,
    "submission": 587, "ipp": 631, "ldaps": 636, "domain-s": 853, "rsync": 873,
    "ftps-data": 989, "ftps": 990, "imaps": 993, "pop3s": 995, "socks": 1080,
    "openvpn": 1194, "ms-sql-s": 1433, "ms-sql-m": 1434, "radius": 1812,
    "radius-acct": 1813, "nfs": 2049, "mysql": 3306, "ms-wbt-server": 3389, "stun": 3478,
    "turn": 3478, "stuns": 5349, "turns": 5349, "svn": 3690, "ipsec-nat-t": 4500,
    "sip": 5060, "sip-tls": 5061, "xmpp-client": 5222, "xmpp-server": 5269, "mdns": 5353,
    "postgresql": 5432, "amqp": 5672, "x11": 6000, "http-alt": 8080,
}  # fmt: skip


def service_port(text: str) -> int | None:
    """The port of a service, given by number (0 to 65535) or by name; None if unknown."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 5 and int(text) <= 65535 else None
    return _PORTS.get(text.lower())

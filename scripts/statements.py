"""Which lines of a configuration take part in filtering, told by their words alone.

The readers have no say here: what they do with each of these lines is what is counted.
"""

import re
from collections.abc import Iterator
from typing import Final

_CISCO: Final = (
    r"\s*(?:no )?(?:access-list|object\b|object-group|network-object|service-object|port-object"
    r"|group-object|protocol-object|icmp-object|access-group|same-security-traffic|nameif"
    r"|security-level|ip access-group|ip access-list|ipv6 access-list|ipv6 traffic-filter"
    r"|zone-member|zone-pair|zone security|class-map type inspect|policy-map type inspect"
    r"|match (?:access-group|protocol|class-map)|service-policy|permit|deny|evaluate|remark"
    r"|\d+ (?:permit|deny|evaluate)|host \d|subnet \d|range \d|fqdn )"
)
_LINES: Final = {
    "iptables": r"-[AI] |:\S+ ",
    "nftables": r".*\b(?:accept|drop|reject|jump|goto|return|queue|policy|elements|vmap)\b",
    "cisco-asa": _CISCO,
    "cisco-ios": _CISCO,
    "juniper-srx": (
        r"(?:set|deactivate|delete|insert) (?:groups \S+ )?(?:security (?:policies|address-book"
        r"|zones|nat)|applications|firewall|interfaces \S+ unit \d+ family inet6? filter)"
    ),
    "pan-os": (
        r"(?:set|delete) (?:\S+ )*?(?:address|address-group|service|service-group|rulebase"
        r"|pre-rulebase|post-rulebase|zone|external-list|application-group|default-security-rules)\b"
    ),
    "windows": r'\s*"Name":|New-NetFirewallRule',
    "aws": r'\s*"(?:CidrIp|CidrIpv6|GroupId|PrefixListId|RuleNumber)":',
}
_FORTIGATE: Final = re.compile(
    r"config (?:firewall (?:policy6?|address6?|addrgrp6?|service (?:custom|group))|system zone)\s*$"
)


def filtering_lines(text: str, dialect: str) -> set[int]:
    """The numbers of the lines that take part; empty for a dialect that is not known here."""
    if dialect == "fortigate":
        return set(_fortigate(text))
    pattern = re.compile(_LINES.get(dialect, "(?!)"))
    return {n for n, line in enumerate(text.splitlines(), 1) if pattern.match(line)}


def _fortigate(text: str) -> Iterator[int]:
    """Entries and settings of the tables that filter."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if words.startswith("config "):
            inside = bool(_FORTIGATE.match(words))
        elif words == "end":
            inside = False
        elif inside and words.startswith(("edit ", "set ", "append ", "unset ", "move ")):
            yield number

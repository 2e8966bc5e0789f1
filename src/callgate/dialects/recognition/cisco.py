"""Telling the configuration of an ASA from that of a router, by its lines."""

import re
from typing import Final

#: What only one of the two says, with how sure that makes us.
_SIGNS: Final[dict[str, dict[str, int]]] = {
    "asa": {
        r"(?:ASA|PIX|FWSM) Version ": 9,
        r"[ \t]*+nameif \S": 5,
        r"[ \t]*+security-level \d": 5,
        r"access-group \S++ (?:in interface|out interface|global)": 5,
        r"object (?:network|service) \S": 5,
        r"same-security-traffic permit": 5,
        r"[ \t]*+(?:network-object|service-object|port-object|icmp-object) ": 3,
        r"access-list \S++ (?:line \d++ )?(?:extended|standard|remark) ": 1,
        r"access-list \S*+[A-Za-z]\S*+ (?:permit|deny) ": 1,
        r"(?:names|pager lines \d++|no failover)$": 1,
    },
    "ios": {
        r"(?:ip|ipv6) access-list ": 5,
        r"[ \t]*+ip access-group \S++ (?:in|out)": 5,
        r"[ \t]*+ipv6 traffic-filter \S++ (?:in|out)": 5,
        r"access-list \d++ (?:permit|deny|remark|dynamic) ": 2,
        r"access-list [^\n]* 0\.\d{1,3}\.\d{1,3}\.255": 2,
        r"(?:zone|zone-pair) security ": 5,
        r"(?:class-map|policy-map) type inspect ": 3,
        r"[ \t]*+ip nat (?:inside|outside)": 3,
        r"version 1[0-9]\.\d": 3,
        r"(?:ip cef|line vty|boot-start-marker|service timestamps)": 2,
        r"ip (?:route|vrf|forward-protocol) ": 2,
        r"object-group (?:v6-)?network [^\n]*+\n +(?:host|range|any|\d)": 3,
    },
}
_PATTERNS: Final = {
    product: [(re.compile("^" + sign, re.MULTILINE), weight) for sign, weight in signs.items()]
    for product, signs in _SIGNS.items()
}


def _favours(text: str, product: str) -> bool:
    """Whether a text has more signs of one product (``asa``, ``ios``) than of the other."""
    weights = {
        name: sum(weight for pattern, weight in patterns if pattern.search(text))
        for name, patterns in _PATTERNS.items()
    }
    return weights[product] > max(w for name, w in weights.items() if name != product)


def is_asa(text: str) -> bool:
    """Whether more lines look like an ASA's than like a router's."""
    return _favours(text, "asa")


def is_ios(text: str) -> bool:
    """Whether more lines look like a router's than like an ASA's."""
    return _favours(text, "ios")

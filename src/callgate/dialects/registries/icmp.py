"""Names of ICMP and ICMPv6 types, and of codes where a name stands for one.

Source: the lists of ``iptables -p icmp -h`` and ``ip6tables -p icmpv6 -h``, and the extra
names of ``nft describe icmp type`` and ``nft describe icmpv6 type``.
"""

from typing import Final

from callgate.flows import Family

#: Name -> type, or type and code.
_V4: Final[dict[str, tuple[int, ...]]] = {
    "echo-reply": (0,), "pong": (0,), "destination-unreachable": (3,),
    "network-unreachable": (3, 0), "host-unreachable": (3, 1),
    "protocol-unreachable": (3, 2), "port-unreachable": (3, 3),
    "fragmentation-needed": (3, 4), "source-route-failed": (3, 5),
    "network-unknown": (3, 6), "host-unknown": (3, 7), "network-prohibited": (3, 9),
    "host-prohibited": (3, 10), "tos-network-unreachable": (3, 11),
    "tos-host-unreachable": (3, 12), "communication-prohibited": (3, 13),
    "host-precedence-violation": (3, 14), "precedence-cutoff": (3, 15),
    "source-quench": (4,), "redirect": (5,), "network-redirect": (5, 0),
    "host-redirect": (5, 1), "tos-network-redirect": (5, 2), "tos-host-redirect": (5, 3),
    "echo-request": (8,), "ping": (8,), "router-advertisement": (9,),
    "router-solicitation": (10,), "time-exceeded": (11,), "ttl-exceeded": (11,),
    "ttl-zero-during-transit": (11, 0), "ttl-zero-during-reassembly": (11, 1),
    "parameter-problem": (12,), "ip-header-bad": (12, 0),
    "required-option-missing": (12, 1), "timestamp-request": (13,),
    "timestamp-reply": (14,), "info-request": (15,), "info-reply": (16,),
    "address-mask-request": (17,), "address-mask-reply": (18,),
}  # fmt: skip
_V6: Final[dict[str, tuple[int, ...]]] = {
    "destination-unreachable": (1,), "no-route": (1, 0),
    "communication-prohibited": (1, 1), "beyond-scope": (1, 2),
    "address-unreachable": (1, 3), "port-unreachable": (1, 4), "failed-policy": (1, 5),
    "reject-route": (1, 6), "packet-too-big": (2,), "time-exceeded": (3,),
    "ttl-exceeded": (3,), "ttl-zero-during-transit": (3, 0),
    "ttl-zero-during-reassembly": (3, 1), "parameter-problem": (4,),
    "bad-header": (4, 0), "unknown-header-type": (4, 1), "unknown-option": (4, 2),
    "echo-request": (128,), "ping": (128,), "echo-reply": (129,), "pong": (129,),
    "mld-listener-query": (130,), "mld-listener-report": (131,),
    "mld-listener-done": (132,), "mld-listener-reduction": (132,),
    "router-solicitation": (133,), "nd-router-solicit": (133,),
    "router-advertisement": (134,), "nd-router-advert": (134,),
    "neighbour-solicitation": (135,), "neighbor-solicitation": (135,),
    "nd-neighbor-solicit": (135,), "neighbour-advertisement": (136,),
    "neighbor-advertisement": (136,), "nd-neighbor-advert": (136,), "redirect": (137,),
    "nd-redirect": (137,), "router-renumbering": (138,),
    "ind-neighbor-solicit": (141,), "ind-neighbor-advert": (142,),
    "mld2-listener-report": (143,),
}  # fmt: skip


def icmp_type(text: str, family: Family) -> tuple[int, int | None] | None:
    """Type and code (None: every code) of ``8``, ``3/4`` or a name; None if unknown.

    ``family`` tells ICMP from ICMPv6.
    """
    named = (_V4 if family is Family.V4 else _V6).get(text.lower())
    if named is not None:
        return named[0], named[1] if len(named) > 1 else None
    kind, slash, code = text.partition("/")
    if not _is_byte(kind) or (slash and not _is_byte(code)):
        return None
    return int(kind), int(code) if slash else None


def _is_byte(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 255

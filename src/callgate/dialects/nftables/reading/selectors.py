"""Which fields nft can match on: the words that begin a match, and how far they reach.

From the grammar of nft 1.0 (``parser_bison.y``) and nft(8), sections "Primary
expressions" and "Payload expressions".
"""

from typing import Final

from callgate.dialects.nftables.reading.cursor import Cursor
from callgate.dialects.nftables.reading.tokens import Kind
from callgate.dialects.nftables.reading.tree import Selector


def _words(text: str) -> list[str]:
    return text.split()


_PORTS: Final = "sport dport"
#: Header and its fields.
HEADERS: Final = {
    header: frozenset(fields.split())
    for header, fields in {
        "ether": "saddr daddr type",
        "vlan": "id dei cfi pcp type",
        "ip": "version hdrlength dscp ecn length id frag-off ttl protocol checksum saddr daddr",
        "ip6": "version dscp ecn flowlabel length nexthdr hoplimit saddr daddr",
        "icmp": "type code checksum id sequence gateway mtu",
        "icmpv6": "type code checksum parameter-problem packet-too-big id sequence max-delay"
        " taddr daddr",
        "igmp": "type mrt checksum group",
        "tcp": f"{_PORTS} sequence ackseq doff reserved flags window checksum urgptr",
        "udp": f"{_PORTS} length checksum",
        "udplite": f"{_PORTS} checksum csumcov",
        "sctp": f"{_PORTS} vtag checksum",
        "dccp": f"{_PORTS} type",
        "th": _PORTS,
        "ah": "nexthdr hdrlength reserved spi sequence",
        "esp": "spi sequence",
        "comp": "nexthdr flags cpi",
        "gre": "flags version protocol",
        "hbh": "nexthdr hdrlength",
        "dst": "nexthdr hdrlength",
        "mh": "nexthdr hdrlength type reserved checksum",
        "rt": "nexthdr hdrlength type seg-left classid mtu ipsec",
        "frag": "nexthdr reserved frag-off reserved2 more-fragments id",
        "srh": "flags tag sid seg-left last-entry",
    }.items()
}
#: Keys of ``meta`` that may stand alone.
_UNQUALIFIED: Final = frozenset(
    _words(
        "mark iif iifname iiftype oif oifname oiftype skuid skgid nftrace rtclassid ibriport"
        " ibrname obriport obrname pkttype cpu iifgroup oifgroup cgroup ipsec time day hour"
    )
)
META: Final = _UNQUALIFIED | frozenset(
    _words(
        "length nfproto l4proto protocol priority random secmark secpath ibrpvid ibrvproto"
        " ibrhwaddr sdif sdifname broute iifkind oifkind bri_iifname bri_oifname"
    )
)
CT: Final = frozenset(
    _words(
        "state direction status mark expiration helper label bytes packets avgpkt zone id event"
        " l3proto protocol proto-src proto-dst saddr daddr secmark"
    )
)
_DIRECTED_CT: Final = frozenset(
    _words("bytes packets avgpkt zone l3proto protocol proto-src proto-dst saddr daddr")
)
_SOCKET: Final = frozenset({"transparent", "mark", "wildcard", "cgroupv2"})


def begins_selector(cursor: Cursor) -> bool:
    """Whether the next words are a field that can be matched on."""
    word, following = cursor.peek(), cursor.peek(1)
    if word.text == "@" and following.text in ("ll", "nh", "th", "ih"):
        return cursor.peek(2).text == ","
    if word.kind is not Kind.WORD:
        return False
    known = _SECOND.get(word.text)
    if known is not None and following.text in known:
        return True
    return word.text in _UNQUALIFIED or word.text in ("numgen", "jhash", "symhash", "fib", "osf")


_SECOND: Final = {
    **HEADERS,
    "ip": HEADERS["ip"] | {"option"},
    "tcp": HEADERS["tcp"] | {"option"},
    "sctp": HEADERS["sctp"] | {"chunk"},
    "dccp": HEADERS["dccp"] | {"option"},
    "rt": HEADERS["rt"] | {"ip", "ip6", "nexthop"},
    "meta": META,
    "ct": CT | {"original", "reply"},
    "socket": _SOCKET,
    "ipsec": frozenset({"in", "out"}),
    "exthdr": frozenset({"hbh", "frag", "rt", "dst", "mh", "srh"}),
    "tunnel": frozenset({"id", "path"}),
}


def selector(cursor: Cursor) -> Selector:
    """Take the words of a field; ``iifname`` becomes ``meta iifname``."""
    place = cursor.peek().place
    if cursor.at("@"):
        return Selector(("".join(_take(cursor, 6)),), place)
    first = cursor.take().text
    if first in _UNQUALIFIED and not (first == "ipsec" and cursor.at("in", "out")):
        return Selector(("meta", first), place)
    return Selector((first, *_rest(cursor, first)), place)


def _rest(cursor: Cursor, first: str) -> list[str]:
    if first in _LONGER:
        return _LONGER[first](cursor)
    if cursor.at("option", "chunk"):
        return _option(cursor)
    if first == "rt" and cursor.at("ip", "ip6"):
        return _take(cursor, 2)
    return _take(cursor, 3 if cursor.at("cgroupv2") else 1)


def _take(cursor: Cursor, count: int) -> list[str]:
    words = []
    for _ in range(count):
        if cursor.at_separator() or cursor.at("}"):
            cursor.fail("the name of a field is not complete")
        words.append(cursor.take().text)
    return words


def _fib(cursor: Cursor) -> list[str]:
    words = _take(cursor, 1)
    while cursor.at("."):
        words += _take(cursor, 2)
    return words + _take(cursor, 1)


def _generator(cursor: Cursor) -> list[str]:
    words: list[str] = []
    while not cursor.at("mod"):
        words += _take(cursor, 1)
    words += _take(cursor, 2)
    while cursor.at("seed", "offset"):
        words += _take(cursor, 2)
    return words


def _conntrack(cursor: Cursor) -> list[str]:
    if not cursor.at("original", "reply"):
        return _take(cursor, 1)
    words = _take(cursor, 1)
    if cursor.at("ip", "ip6"):
        return words + _take(cursor, 2)
    if cursor.peek().text not in _DIRECTED_CT:
        cursor.fail(f"expected a field of the connection after ct {words[0]}")
    return words + _take(cursor, 1)


def _option(cursor: Cursor) -> list[str]:
    """``tcp option maxseg size``: the last word is not there in ``… exists``."""
    words = _take(cursor, 2)
    if cursor.at("@"):
        return words + _take(cursor, 1) + _take(cursor, 5)
    if cursor.peek().kind is Kind.WORD and not cursor.at("exists", "missing", "vmap", "map"):
        words += _take(cursor, 1)
    return words


def _fingerprint(cursor: Cursor) -> list[str]:
    skipped = _take(cursor, 2) if cursor.at("ttl") else []
    return [*skipped, *_take(cursor, 1)]


def _security(cursor: Cursor) -> list[str]:
    words = _take(cursor, 1)
    words += _take(cursor, 2) if cursor.at("spnum") else []
    return words + _take(cursor, 2 if cursor.at("ip", "ip6") else 1)


_LONGER: Final = {
    "fib": _fib,
    "numgen": _generator,
    "symhash": _generator,
    "jhash": _generator,
    "osf": _fingerprint,
    "ct": _conntrack,
    "ipsec": _security,
}

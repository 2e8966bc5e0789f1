"""A list of networks as somebody pasted it from a vendor's page.

Theory of operation
-------------------
Bullets, commas, semicolons, blank lines and ``#`` comments are furniture. Everything else
must be a network or an address: a word that we do not understand may be the "not" of
"not these", so it is a mistake with its place and never skipped. For the same reason what
looks like a netmask in a column of its own, or like a range of addresses, is a mistake:
read as two addresses it would be a different list.
"""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address, summarize_address_range

from callgate.errors import Mistake
from callgate.flows import Network
from callgate.flows.prefixes import parse_network
from callgate.places import Place
from callgate.profiles.documents import check_text, input_error, mistake_at, shown

_BULLET = re.compile(r"\s*[•‣◦▪●○·*–—-](?=[\s0-9a-fA-F:]|$)")
_WORD = re.compile(r"[^\s,;]+")
_RANGE = re.compile(r"([0-9a-fA-F.:]+)[-–]([0-9a-fA-F.:]+)")


def parse_network_text(text: str, source: str) -> tuple[Network, ...]:
    """The networks of a pasted list, in order, each once; InputError holds every mistake."""
    check_text(text, source)
    networks: list[Network] = []
    mistakes: list[Mistake] = []
    for place, word in _words(text, source):
        try:
            networks.append(_network(word))
        except ValueError as error:
            mistakes.append(mistake_at(place, error))
    if not networks and not mistakes:
        mistakes = [Mistake(Place(source, 1), "no network in the text")]
    if mistakes:
        raise input_error(mistakes)
    return tuple(dict.fromkeys(networks))


def _words(text: str, source: str) -> Iterator[tuple[Place, str]]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        content = line.partition("#")[0]
        bullet = _BULLET.match(content)
        for word in _WORD.finditer(content, bullet.end() if bullet else 0):
            yield Place(source, number, word.start() + 1), word.group()


def _network(word: str) -> Network:
    ends = _RANGE.fullmatch(word)
    if ends is not None:
        raise ValueError(f"a range of addresses: {shown(word)!r}{_as_networks(*ends.groups())}")
    if "/" not in word and _is_netmask(word):
        raise ValueError(f"{word!r} looks like a netmask; write 192.0.2.0/24")
    if len(word) > 60:
        raise ValueError(f"not a network: {shown(word)!r}")
    return parse_network(word)


def _is_netmask(word: str) -> bool:
    """Whether an address can only be a netmask (or its inverse) and no host."""
    try:
        bits = int(IPv4Address(word))
    except ValueError:
        return False
    inverse = bits ^ 0xFFFFFFFF
    return bits & (bits + 1) == 0 or inverse & (inverse + 1) == 0


def _as_networks(low: str, high: str) -> str:
    try:
        first, last = ip_address(low), ip_address(high)
        if isinstance(first, IPv4Address) and isinstance(last, IPv4Address):
            return "; write " + ", ".join(map(str, summarize_address_range(first, last)))
    except ValueError:
        return ""
    return ""

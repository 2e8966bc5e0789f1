"""What ``FindProxyForURL`` returns, read as the client reads it.

The grammar is Chromium's, as observed (docs/pac-conformance.md): alternatives behind ``;``,
each a keyword in any case and ``host[:port]``. What is none is passed over, and a string
in which nothing is left means DIRECT.
"""

import re
from dataclasses import dataclass
from typing import Final

from callgate.pac.readers import Reader

#: Keyword of the file -> what the client makes of it, by reader.
KEYWORDS: Final = {
    "chrome": {"PROXY": "PROXY", "HTTPS": "HTTPS", "SOCKS": "SOCKS4", "SOCKS4": "SOCKS4",
               "SOCKS5": "SOCKS5"},
    "firefox": {"PROXY": "PROXY", "HTTP": "PROXY", "HTTPS": "HTTPS", "SOCKS": "SOCKS5",
                "SOCKS4": "SOCKS4", "SOCKS5": "SOCKS5"},
    "winhttp": {"PROXY": "PROXY"},
}  # fmt: skip
_PORTS: Final = {"PROXY": 80, "HTTPS": 443, "SOCKS4": 1080, "SOCKS5": 1080}
_TARGET: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~%-]+)(?: *:([0-9]{1,5}))?")
DIRECT: Final = "DIRECT"


@dataclass(frozen=True, slots=True)
class Way:
    """One alternative: ``DIRECT``, or a kind of proxy with its address.

    ``port_given`` is False where the client fills in its default.
    """

    kind: str
    host: str = ""
    port: int = 0
    port_given: bool = True

    def __str__(self) -> str:
        return self.kind if self.kind == DIRECT else f"{self.kind} {self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Directives:
    """The alternatives in order; ``rejected`` are the parts that the client passes over."""

    ways: tuple[Way, ...]
    rejected: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return "; ".join(map(str, self.ways))


def read(value: str, reader: Reader) -> Directives:
    """The alternatives in a returned string; DIRECT when the client finds none."""
    if not value.isascii():
        return Directives((Way(DIRECT),), ((value, "not ASCII: the client fails and goes DIRECT"),))
    ways, rejected = [], []
    for part in value.split(";"):
        words = part.strip(" \t")
        if not words:
            continue
        way, why = _way(words, reader)
        if way is not None:
            ways.append(way)
        else:
            rejected.append((words, why))
    return Directives(tuple(ways) or (Way(DIRECT),), tuple(rejected))


def _way(words: str, reader: Reader) -> tuple[Way | None, str]:
    keyword, _, rest = words.replace("\t", " ").partition(" ")
    rest = rest.strip()
    if keyword.upper() == DIRECT:
        return (None, "DIRECT takes nothing behind it") if rest else (Way(DIRECT), "")
    kind = KEYWORDS[reader.name].get(keyword.upper())
    if kind is None:
        known = ", ".join([DIRECT, *KEYWORDS[reader.name]])
        return None, f"{reader.title} does not know {keyword!r} (it knows {known})"
    target = _TARGET.fullmatch(rest)
    if target is None:
        return None, "not HOST:PORT"
    port = int(target[2]) if target[2] else _PORTS[kind]
    if not 1 <= port <= 65535:
        return None, f"not a port: {port}"
    return Way(kind, target[1].lower(), port, port_given=bool(target[2])), ""

"""The log of a run: what was seen, by which probe, when (pure data).

Times are seconds since the run began, on one monotonic clock; ``seconds`` in a fact is how
long its own answer took. Everything that comes from others is text of bounded length without
control characters (:func:`plain`), and no fact holds a credential.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from callgate.stun.values import Address

_TEXT_MAX: Final = 200


class Step(IntEnum):
    """How far a path has come, in order."""

    RESOLVE = 1
    REACH = 2  # the first packet to the server or the proxy
    ASK = 3  # the proxy decides about CONNECT
    HANDSHAKE = 4  # TLS
    REQUEST = 5  # HTTP, WebSocket, STUN

    def __str__(self) -> str:
        return {
            Step.RESOLVE: "name lookup",
            Step.REACH: "first packet",
            Step.ASK: "CONNECT",
            Step.HANDSHAKE: "TLS handshake",
            Step.REQUEST: "request",
        }[self]


class Trust(Enum):
    """Whose certificate was presented."""

    VENDOR = "vendor"  # the public authorities sign it, or those that the user named
    LOCAL = "local"  # only this machine's own store signs it: an inspecting box
    NOBODY = "nobody"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Looked:
    """A resolver answered; ``rcode`` as in RFC 1035 section 4.1.1 (``NOERROR``, ``NXDOMAIN``)."""

    name: str
    kind: str  # "A" or "AAAA"
    resolver: str
    rcode: str
    addresses: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Opened:
    """A TCP connection stands; ``number`` counts the SYNs of its hedge from 0."""

    address: Address
    seconds: float
    number: int = 0
    small: bool = False  # we asked for small segments


@dataclass(frozen=True, slots=True)
class Refused:
    """A reset answered the SYN."""

    address: Address
    seconds: float


@dataclass(frozen=True, slots=True)
class Icmp:
    """An ICMP error; ``offender`` sent it, empty where the system does not tell."""

    address: Address
    kind: int
    code: int
    offender: str
    seconds: float
    errno: str = ""  # the symbol, where type and code are not known


@dataclass(frozen=True, slots=True)
class NoRoute:
    """Our own machine would not send it: no address or no route of that family."""

    address: str
    errno: str


@dataclass(frozen=True, slots=True)
class Tunnel:
    """The proxy's answer to CONNECT."""

    status: int
    reason: str
    seconds: float
    via: str = ""
    server: str = ""
    schemes: tuple[str, ...] = ()  # Proxy-Authenticate
    error: str = ""  # X-Squid-Error


@dataclass(frozen=True, slots=True)
class Chain:
    """What is kept of a presented chain, leaf first."""

    subject: str
    issuer: str
    root: str  # issuer of the last certificate presented
    names: tuple[str, ...]
    not_before: str  # ISO 8601, UTC
    not_after: str
    fingerprint: str  # SHA-256 of the leaf
    length: int


@dataclass(frozen=True, slots=True)
class Secured:
    """TLS stands. ``trouble`` is why a client would refuse the certificate, if it would:
    ``name``, ``expired``, ``not yet valid``, ``chain`` or ``issuer``.
    """  # noqa: D205 - one sentence

    version: str
    chain: Chain | None
    trust: Trust
    trouble: str
    seconds: float
    checked_at: float | None = None  # our clock then, in seconds since 1970


@dataclass(frozen=True, slots=True)
class Http:
    """An answer inside TLS to a request for a WebSocket."""

    status: int
    reason: str
    seconds: float
    via: str = ""
    server: str = ""
    location: str = ""
    skew: float | None = None  # the server's Date less our clock, in seconds
    asked_plain: bool = False  # a plain GET, after STUN got no answer


@dataclass(frozen=True, slots=True)
class Stun:
    """An answer of a STUN or TURN server; ``code`` 0 is success."""

    method: str
    code: int
    reason: str
    seconds: float
    mapped: Address | None = None
    relayed: Address | None = None
    number: int = 0  # which try of its hedge it answers
    software: str = ""
    classic: bool = False  # to a request without magic cookie (RFC 3489)


@dataclass(frozen=True, slots=True)
class Passed:
    """A packet of ours arrived by direct UDP. ``plain`` had no magic cookie in it."""

    relayed: Address
    back: bool
    seconds: float
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Burst:
    """Of so many connections begun at once, so many stood before any SYN was repeated."""

    address: Address
    sent: int
    opened: int


@dataclass(frozen=True, slots=True)
class Echoes:
    """A stream of small packets that came back, or did not: milliseconds, None for a lost one."""

    how: str
    per_second: float
    round_trips: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """A stream of so many kbit/s to our own relay and back: milliseconds, None for a lost one."""

    kilobits: int
    round_trips: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class OneWay:
    """Packets of UDP in one direction (``up`` or ``down``), with TCP for the other."""

    direction: str
    sent: int
    arrived: int


@dataclass(frozen=True, slots=True)
class Idle:
    """After so many seconds without a packet, one from outside still came by UDP, or did not."""

    seconds: float
    alive: bool


@dataclass(frozen=True, slots=True)
class Page:
    """An answer to plain HTTP at an address of which nothing else was heard."""

    address: Address
    status: int
    reason: str
    seconds: float
    location: str = ""


@dataclass(frozen=True, slots=True)
class NotPossible:
    """A probe that turned out to be none, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class ProxyAnswered:
    """The proxy said something of its own."""

    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Broken:
    """The connection ended, or what came was no such protocol.

    ``how``: ``reset``, ``closed``, ``alert`` (TLS) or ``protocol``; ``text`` is what came.
    """

    step: Step
    how: str
    seconds: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Silent:
    """The budget is spent and nothing came at this step."""

    step: Step


Fact = (
    Looked
    | Opened
    | Refused
    | Icmp
    | NoRoute
    | Tunnel
    | Secured
    | Http
    | Stun
    | Passed
    | Burst
    | Echoes
    | Load
    | OneWay
    | Idle
    | Page
    | NotPossible
    | ProxyAnswered
    | Broken
    | Silent
)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log; ``attempt`` counts the chains of a probe from 0."""

    at: float
    probe: str
    attempt: int
    fact: Fact


def plain(text: str, limit: int = _TEXT_MAX) -> str:
    """Somebody else's text, fit to be printed: one line, no control characters, not long."""
    kept = "".join(char if char.isprintable() else " " for char in text[: 4 * limit])
    joined = " ".join(kept.split())
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"

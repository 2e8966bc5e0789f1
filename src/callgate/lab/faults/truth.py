"""What a fault makes of a path, in words that a probe's findings can be compared with (pure).

Theory of operation
-------------------
A client goes along a path in **steps**: it resolves a name, reaches an address, asks a proxy,
shakes hands, sends a request, sends media. At each step its packets meet **places** in a
fixed order. A truth says at which step and place a path suffers, what becomes of the path,
who is to blame, and what of it can be seen. That is all that is needed to tell which of two
faults shows (:mod:`callgate.lab.faults.combination`).
"""

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from typing import Final

from callgate.verdicts import Cause, Outcome


class Path(StrEnum):
    """Everything that a call needs or may use; ``@proxy`` is by CONNECT."""

    SIGNALLING = "signalling"
    UDP_DIRECT = "udp-direct"
    UDP_RELAY = "udp-relay"
    TCP_RELAY = "tcp-relay"
    TLS_RELAY = "tls-relay"
    SIGNALLING_PROXY = "signalling@proxy"
    TCP_RELAY_PROXY = "tcp-relay@proxy"
    TLS_RELAY_PROXY = "tls-relay@proxy"

    @property
    def proxied(self) -> bool:
        """Whether the proxy carries it."""
        return self.endswith("@proxy")


#: Paths by what they have in common.
UDP: Final = (Path.UDP_DIRECT, Path.UDP_RELAY)
TCP_443: Final = (Path.SIGNALLING, Path.TLS_RELAY)
RELAYS: Final = (Path.UDP_RELAY, Path.TCP_RELAY, Path.TLS_RELAY)
#: Those for which the client itself looks a name up. The address of a media server comes
#: with signalling.
NAMED: Final = (Path.SIGNALLING, *RELAYS)
DIRECT: Final = (Path.SIGNALLING, Path.UDP_DIRECT, *RELAYS)
RELAYS_PROXY: Final = (Path.TCP_RELAY_PROXY, Path.TLS_RELAY_PROXY)
PROXY: Final = (Path.SIGNALLING_PROXY, *RELAYS_PROXY)
TLS_PROXY: Final = (Path.SIGNALLING_PROXY, Path.TLS_RELAY_PROXY)


class Step(IntEnum):
    """How far a client has come, in order."""

    RESOLVE = 1  # the client looks a name up
    REACH = 2  # its first packet to the server or the proxy, and the first answer
    ASK = 3  # the proxy decides about CONNECT
    UPSTREAM = 4  # the proxy looks the name up and reaches the server
    HANDSHAKE = 5  # TLS
    REQUEST = 6  # HTTP, WebSocket, the first bytes of STUN
    MEDIA = 7  # packets at the rate, of the size and with the pauses of a call


class Place(IntEnum):
    """Where it happens, in the order in which packets come by; ``BACK`` is the way back."""

    FIREWALL = 1  # as the clients meet it
    PROXY = 2
    RESOLVER = 3
    OUTSIDE = 4  # behind firewall and proxy
    SERVER = 5
    BACK = 6

    def __str__(self) -> str:
        return "way back" if self is Place.BACK else self.name.lower()


class Sign(Enum):
    """What a client can see of a fault."""

    SILENCE = "silence"
    LOSS = "loss"  # some packets are answered, others are not
    DELAY = "delay"
    RESET = "TCP reset"
    ICMP_ADMIN = "ICMP admin-prohibited"
    ICMP_NET = "ICMP net unreachable"
    ICMP_HOST = "ICMP host unreachable"
    ICMP_PORT = "ICMP port unreachable"
    RCODE = "DNS response code"
    ADDRESS = "sinkhole address"
    STATUS = "HTTP status"
    ISSUER = "certificate issuer"
    CERTIFICATE = "certificate name, dates or chain"
    CLOSED = "closed connection"

    def __str__(self) -> str:
        return self.value

    @property
    def hard(self) -> bool:
        """Whether one look proves it; silence, loss and delay have to be told from bad luck."""
        return self not in {Sign.SILENCE, Sign.LOSS, Sign.DELAY}


@dataclass(frozen=True, slots=True)
class Truth:
    """What becomes of a path: ``DEGRADED`` or ``BLOCKED``, by whom, and what shows.

    An ICMP error carries an address of ``place``; a TCP reset carries the server's, whoever
    made it. What shows at ``Step.MEDIA`` does not show before media flows.
    """

    outcome: Outcome
    cause: Cause
    sign: Sign
    step: Step
    place: Place

    def __str__(self) -> str:
        return f"{self.outcome}: {self.cause}, {self.sign} ({self.place})"

    @property
    def blocked(self) -> bool:
        """Whether the path cannot carry a call at all."""
        return self.outcome is Outcome.BLOCKED


def blocked(cause: Cause, sign: Sign, step: Step, place: Place) -> Truth:
    """The truth of a path that carries nothing."""
    return Truth(Outcome.BLOCKED, cause, sign, step, place)


def degraded(cause: Cause, sign: Sign, step: Step, place: Place) -> Truth:
    """The truth of a path that carries a call, and badly or not always."""
    return Truth(Outcome.DEGRADED, cause, sign, step, place)

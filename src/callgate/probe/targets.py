"""What is tried: probes, and paths that cannot be tried (pure data)."""

from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from typing import Final

from callgate.flows import Family
from callgate.policy.site import Proxy

#: What stands behind the name of a path that goes through the proxy.
PROXIED: Final = "@proxy"
#: The path of everything but media, which every call needs.
SIGNALLING: Final = "signalling"
UDP_DIRECT: Final = "udp-direct"


class Way(Enum):
    """What is spoken to a server, in this order: name, TCP or UDP, CONNECT, TLS, request."""

    TURN_UDP = "TURN over UDP"
    TURN_TCP = "TURN over TCP"
    TURN_TLS = "TURN over TLS"
    WEB = "HTTPS and WebSocket"
    MEDIA = "STUN to a media server"
    SELF = "UDP to our own relay"  # direct UDP, proved with the help of a TURN server
    PROXY = "the proxy itself"  # a control: something that only the proxy answers

    def __str__(self) -> str:
        return self.value

    @property
    def datagrams(self) -> bool:
        """Whether it goes by UDP."""
        return self in {Way.TURN_UDP, Way.MEDIA, Way.SELF}

    @property
    def tls(self) -> bool:
        """Whether TLS is spoken."""
        return self in {Way.TURN_TLS, Way.WEB}


@dataclass(frozen=True, order=True, slots=True)
class Server:
    """A server by name or address, as the user or the profile wrote it."""

    host: str
    port: int

    @property
    def literal(self) -> Family | None:
        """The family when ``host`` is an address."""
        try:
            return Family(ip_address(self.host).version)
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing to try. ``family`` None: whichever the proxy has.

    ``path`` is the rung of the ladder that it is about; controls have none.
    """

    id: str
    path: str
    way: Way
    server: Server
    family: Family | None = None
    proxy: Proxy | None = None

    @property
    def first_hop(self) -> Server:
        """Where the first packet goes: the proxy if there is one."""
        return Server(self.proxy.host, self.proxy.port) if self.proxy else self.server


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A path that cannot be tried: why, and what would change that."""

    path: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is tried, all at once. ``names`` are looked up first."""

    probes: tuple[Probe, ...]
    unchecked: tuple[Unchecked, ...]
    names: tuple[str, ...]
    ladder: tuple[str, ...]  # every path, best first
    media_ports: tuple[tuple[int, int], ...] = ()  # where a relay of ours proves direct UDP
    proxied: bool = False

    def of(self, path: str) -> tuple[Probe, ...]:
        """The probes that are about a path."""
        return tuple(each for each in self.probes if each.path == path)

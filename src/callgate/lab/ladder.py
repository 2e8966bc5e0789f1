"""The ways that the light client tries, in the app's order of preference (pure)."""

from dataclasses import dataclass
from typing import Final

from callgate.lab.turnserver import TLS_PORT, TURN_PORT

#: What stands behind a path that goes through the proxy.
PROXIED: Final = "@proxy"
#: No path at all: the call fails.
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Rung:
    """One way for media. ``port`` is the TURN server's, None for the media server itself."""

    path: str
    protocol: str
    port: int | None
    tls: bool = False


RUNGS: Final = (
    Rung("udp-direct", "udp", None),
    Rung("udp-relay", "udp", TURN_PORT),
    Rung("tcp-relay", "tcp", TURN_PORT),
    Rung("tls-relay", "tcp", TLS_PORT, tls=True),
)


def named(rung: Rung, *, proxied: bool) -> str:
    """The path's name; a proxy carries TCP only."""
    return rung.path + (PROXIED if proxied and rung.protocol == "tcp" else "")

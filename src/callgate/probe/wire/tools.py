"""What every probe of a run uses."""

from dataclasses import dataclass

from callgate.flows import Family
from callgate.probe.wire.names import Book
from callgate.probe.wire.recorder import Recorder
from callgate.probe.wire.relays import Relays
from callgate.probe.wire.trust import Judge
from callgate.stun.credentials import Credentials


@dataclass(frozen=True, slots=True)
class Tools:
    """One of each for the whole run; credentials of the proxy are for Basic (RFC 7617).

    ``websocket`` is the path of the signalling server's WebSocket.
    """

    recorder: Recorder
    book: Book
    judge: Judge
    relays: Relays
    families: tuple[Family, ...]
    proxy_credentials: Credentials | None = None
    websocket: str = "/"

"""What a client asks of a proxy."""

from dataclasses import dataclass
from typing import Final

from callgate.flows import Family

#: Before anything is known of TLS: ``http_access`` is asked here.
BEFORE: Final = 0
CONNECT: Final = "CONNECT"
GET: Final = "GET"


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    ``host`` is in DNS form. Its first ``free`` characters are a label that no list names and
    stand for any such labels. ``client`` is None where the site named no client. ``step`` is
    how far TLS has come: 0 not yet looked at, 1 to 3 as Squid counts them. ``listener`` is
    the port that the client connected to, 0 where it is not known.
    """

    host: str
    port: int
    free: int = 0
    method: str = CONNECT
    client: tuple[Family, int] | None = None
    step: int = BEFORE
    listener: int = 0

    @property
    def target(self) -> str:
        """What the request line holds: ``host:port``, inside TLS a URL."""
        if self.method == CONNECT:
            return f"{self.host}:{self.port}"
        port = "" if self.port == 443 else f":{self.port}"
        return f"https://{self.host}{port}/"

    def __str__(self) -> str:
        return f"{self.method} {self.target}"

"""Deep packet inspection: connections pass until their payload shows (pure).

STUN is told by its magic cookie (RFC 8489 section 5), TLS by a record of type handshake
(RFC 8446 section 5.1). Over TCP both stand at the start of a segment's payload.
"""

from collections.abc import Iterator
from typing import Final

from callgate.lab.faults.changes import Nft
from callgate.lab.faults.fault import Fault, every
from callgate.lab.faults.truth import TCP_443, UDP, Path, Place, Sign, Step, blocked
from callgate.verdicts import Cause

_COOKIE: Final = "@ih,32,32 0x2112a442"
_HANDSHAKE: Final = "@ih,0,16 0x1603"
_PLAIN: Final = (Path.TCP_RELAY, Path.TCP_RELAY_PROXY)
#: Name, words, match, step, paths.
_WHICH: Final = (
    ("stun-udp", "STUN over UDP", f"udp dport != 53 {_COOKIE}", Step.REACH, UDP),
    # To the proxy, too: what CONNECT carries can be read as well.
    ("stun-tcp", "STUN over TCP", f"meta l4proto tcp {_COOKIE}", Step.REQUEST, _PLAIN),
    ("tls", "TLS to port 443", f"tcp dport 443 {_HANDSHAKE}", Step.HANDSHAKE, TCP_443),
)
_VERDICTS: Final = (
    ("drop", "is dropped", "drop", Sign.SILENCE),
    ("reset", "is reset", "reject with tcp reset", Sign.RESET),
)


def _faults() -> Iterator[Fault]:
    for which, words, match, step, paths in _WHICH:
        for name, does, verdict, sign in _VERDICTS:
            if which == "stun-udp" and sign is Sign.RESET:
                continue
            yield Fault(
                f"dpi-{which}-{name}",
                f"{words} {does} by its payload",
                (Nft("firewall", "in", f'iifname "eth0" {match} {verdict}'),),
                every(blocked(Cause.INSPECTION, sign, step, Place.FIREWALL), paths),
            )


FAULTS: Final = tuple(_faults())

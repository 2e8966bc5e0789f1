"""ICMP errors and who sent them, without any right, where the system tells (Linux: ip(7)).

With ``IP_RECVERR`` the kernel keeps each ICMP error about a socket, with its type, code and
the address of its sender, in the socket's error queue. Other systems only turn it into an
errno; that is then all that is told.
"""

import errno
import socket
import struct
from dataclasses import dataclass
from typing import Final

from callgate.probe.events import Icmp, NoRoute
from callgate.stun.values import Address

# linux/in.h, linux/in6.h, bits/socket.h: Python does not name them.
_IP_RECVERR, _IPV6_RECVERR, _MSG_ERRQUEUE = 11, 25, 0x2000
HAS_QUEUE: Final = hasattr(socket, "SO_MARK")  # Linux
_EXTENDED: Final = struct.Struct("=IBBBBII")  # struct sock_extended_err
_ORIGIN_ICMP, _ORIGIN_ICMP6 = 2, 3

#: Type and code of "host unreachable" and "address unreachable".
_NO_NEIGHBOUR: Final = frozenset({(3, 1), (1, 3)})

#: An errno that only an ICMP error can have caused, for a packet that was sent.
FROM_AFAR: Final = frozenset(
    {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ECONNREFUSED, errno.EACCES, errno.EPERM,
     errno.EPROTO, errno.EHOSTDOWN, errno.ENOPROTOOPT}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """An error from the queue; ``offender`` sent it."""

    kind: int
    code: int
    offender: str


def watch(sock: socket.socket) -> None:
    """Ask for ICMP errors about a socket; nothing happens where that is not known."""
    if not HAS_QUEUE:
        return
    if sock.family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)


def reports(sock: socket.socket) -> list[Report]:
    """Empty a socket's error queue."""
    found: list[Report] = []
    while HAS_QUEUE:
        try:
            _, ancillary, _, _ = sock.recvmsg(512, 512, _MSG_ERRQUEUE)
        except OSError:
            return found
        found += [each for _, _, data in ancillary if (each := _read(data)) is not None]
    return found


def _read(data: bytes) -> Report | None:
    if len(data) < _EXTENDED.size:
        return None
    _, origin, kind, code, *_ = _EXTENDED.unpack_from(data)
    if origin not in {_ORIGIN_ICMP, _ORIGIN_ICMP6}:
        return None
    return Report(kind, code, _offender(data[_EXTENDED.size :]))


def _offender(data: bytes) -> str:
    """The address in a struct sockaddr_in or sockaddr_in6; empty when there is none."""
    if len(data) < 8:
        return ""
    (family,) = struct.unpack_from("=H", data)
    if family == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, data[4:8])
    if family == socket.AF_INET6 and len(data) >= 24:
        return socket.inet_ntop(socket.AF_INET6, data[8:24])
    return ""


def facts(sock: socket.socket, about: Address, seconds: float) -> list[Icmp | NoRoute]:
    """The reports that wait at a socket. Our own machine says "host unreachable" of a
    neighbour that does not answer; that is no box on the way.
    """  # noqa: D205 - one sentence
    found: list[Icmp | NoRoute] = []
    for each in reports(sock):
        here = each.offender == _local(sock) and (each.kind, each.code) in _NO_NEIGHBOUR
        found.append(
            NoRoute(about.host, "no neighbour answers")
            if here
            else Icmp(about, each.kind, each.code, each.offender, seconds)
        )
    return found


def _local(sock: socket.socket) -> str:
    try:
        return str(sock.getsockname()[0])
    except OSError:
        return ""


def symbol(error: OSError) -> str:
    """``EHOSTUNREACH``."""
    return errno.errorcode.get(error.errno or 0, str(error.errno))

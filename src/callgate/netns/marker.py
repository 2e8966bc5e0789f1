"""Marker frames: an event that says "everything sent before this has been judged".

A veth hands frames to the receive queue of the CPU that sent them, and the kernel takes
that queue in order. So when a marker that was sent last has come out of the far end, each
packet before it has gone through the receiving namespace: dropped, or already queued for
the next hop. A marker is no IP packet (EtherType 88B5, IEEE 802 local experimental), so no
ruleset of the inet families sees it. All senders must stay on one CPU: :func:`one_cpu`.
"""

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final, Self

from callgate.errors import ToolError
from callgate.netns.namespaces import Namespace

_ETHERTYPE: Final = 0x88B5
_BROADCAST: Final = b"\xff" * 6
_LOST_AFTER: Final = 5.0  # seconds


@contextmanager
def one_cpu() -> Iterator[None]:
    """Keep the calling thread on one CPU, so that packets stay in order."""
    allowed = os.sched_getaffinity(0)
    # Not always the same one: several proofs may run side by side.
    os.sched_setaffinity(0, {sorted(allowed)[os.getpid() % len(allowed)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


class Way:
    """A chain of links, each given by the two interfaces that it joins.

    A context manager: it holds one packet socket for each interface.
    """

    def __init__(self, links: list[tuple[Namespace, str, Namespace, str]]) -> None:
        self._stack = ExitStack()
        self._links = [
            (self._tap(one, one_name), self._tap(other, other_name))
            for one, one_name, other, other_name in links
        ]
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def flush(self, *, back: bool = False) -> None:
        """Return when all that was sent before has been judged along the way, or back.

        Raises ToolError when a marker is lost: then nothing can be said.
        """
        for one, other in reversed(self._links) if back else self._links:
            self._pass(*((other, one) if back else (one, other)))

    def _tap(self, namespace: Namespace, interface: str) -> socket.socket:
        tap = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self._stack.callback(tap.close)
        tap.bind((interface, _ETHERTYPE))
        tap.settimeout(_LOST_AFTER)
        return tap

    def _pass(self, sender: socket.socket, receiver: socket.socket) -> None:
        self._count += 1
        own = sender.getsockname()[4]
        frame = _BROADCAST + own + struct.pack("!HQ", _ETHERTYPE, self._count)
        sender.send(frame)
        try:
            while not receiver.recv(64).startswith(frame):
                pass
        except TimeoutError:
            raise ToolError(f"a marker frame was lost for {_LOST_AFTER:.0f} s") from None

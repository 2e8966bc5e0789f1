"""An impaired link between two namespaces, in user space: what every kernel can do.

Each end is a TUN device: it carries IP packets of both families, knows no hardware
addresses and asks nobody for them. A process of its own moves the packets
(:mod:`callgate.netns.link_process`); it runs inside the first namespace, so that whoever
removes the namespace also ends it.
"""

import json
import socket
import subprocess
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from callgate.errors import ToolError
from callgate.netns.commands import start_module
from callgate.netns.impairment import LinkImpairment
from callgate.netns.link_process import KERNEL_QUEUE, MESSAGE, Counts
from callgate.netns.namespaces import Namespace
from callgate.netns.stepping import inside

_ANSWERS_WITHIN: Final = 20.0  # seconds; it takes a few milliseconds once it runs
_BETWEEN_LOOKS: Final = 0.002


@dataclass(frozen=True, slots=True)
class Port:
    """One end of a link: the interface to make and its addresses with prefix length."""

    namespace: Namespace
    interface: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """What happened in both directions, and how many packets came too fast for us.

    ``missed`` were dropped by the kernel before the link saw them: a measurement during
    which it grows is void.
    """

    there: Counts
    back: Counts
    missed: int


class TunLink:
    """A context manager: the link exists inside its body and nowhere else.

    Raises ToolError where TUN devices cannot be had (they need root, also inside a user
    namespace), and whenever the process behind the link is gone.
    """

    def __init__(self, one: Port, other: Port, impairment: LinkImpairment) -> None:
        self._ports = (one, other)
        self._impairment = impairment
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
            self.change(self._impairment)
            for port, peer in (self._ports, self._ports[::-1]):
                _configure(port, peer)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def pid(self) -> int:
        """The process behind the link; 0 when there is none."""
        return self._process.pid if self._process else 0

    def change(self, impairment: LinkImpairment) -> None:
        """From the next packet on, another impairment; returns when it is in force."""
        self._ask(str(impairment))

    def counts(self) -> LinkCounts:
        """What has happened so far."""
        there, back = (Counts(**each) for each in json.loads(self._ask("counts")))
        return LinkCounts(there, back, sum(_missed(port) for port in self._ports))

    def settle(self, within: float = 60.0) -> LinkCounts:
        """Wait until no packet is on the way; ToolError if that takes too long (seconds)."""
        deadline = time.monotonic() + within
        while (counts := self.counts()).there.waiting or counts.back.waiting:
            if time.monotonic() > deadline:
                raise ToolError(f"packets are still on the way after {within:g} s")
            time.sleep(_BETWEEN_LOOKS)
        return counts

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_ANSWERS_WITHIN)
        names = [text for port in self._ports for text in (port.namespace.path, port.interface)]
        with theirs, inside(self._ports[0].namespace.path):
            self._process = start_module(
                "callgate.netns.link_process", *map(str, names), talk=theirs
            )
        said = self._hear()
        if said != "ready":
            raise ToolError(
                f"no TUN device: {said.removeprefix('error ')}",
                hint="an impaired link needs root and the tun module (modprobe tun)",
            )

    def _ask(self, message: str) -> str:
        if self._control is None:
            raise ToolError("the link does not exist yet, or no longer")
        try:
            self._control.send(message.encode())
        except OSError:
            raise ToolError("the process behind the link is gone") from None
        return self._hear()

    def _hear(self) -> str:
        try:
            answer = self._control.recv(MESSAGE).decode() if self._control else ""
        except OSError as error:
            raise ToolError(f"the process behind the link does not answer: {error}") from None
        if not answer:
            raise ToolError("the process behind the link is gone")
        return answer

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            # Nothing that it could still save is worth waiting for.
            self._process.kill()
            self._process.wait()
            self._process = None


def _configure(port: Port, peer: Port) -> None:
    """Bring an end up; the far end's addresses are reached through it.

    Without an address of its own there is no IPv6 on it, and the kernel itself sends
    nothing: all packets on the link are then the user's, and a seed decides about them.
    """
    name = port.interface
    silent = "0" if any(":" in text for text in port.addresses) else "1"
    lines = [f"link set {name} addrgenmode none txqueuelen {KERNEL_QUEUE}", f"link set {name} up"]
    # No duplicate address detection: there is nobody else on the link.
    for text in port.addresses:
        lines += [f"address add {text} dev {name}{' nodad' if ':' in text else ''}"]
    lines += [f"route replace {text.partition('/')[0]} dev {name}" for text in peer.addresses]
    port.namespace.sysctl({f"ipv6.conf.{name}.disable_ipv6": silent})
    port.namespace.run("ip", "-batch", "-", stdin="".join(f"{line}\n" for line in lines))


def _missed(port: Port) -> int:
    shown = port.namespace.run("ip", "-json", "-stats", "link", "show", "dev", port.interface)
    missed: int = json.loads(shown)[0]["stats64"]["tx"]["dropped"]
    return missed

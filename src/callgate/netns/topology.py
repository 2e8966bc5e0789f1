"""Namespaces joined by veth links, built fast and always taken down again.

Interfaces are called ``eth0``, ``eth1``, … in the order of a node's links. Addresses are
set without duplicate address detection, and both ends of a link know each other's
hardware address from the start, so the first packet needs no ARP or neighbour discovery:
what a ruleset does to those is not what decides whether the links work.
"""

import ipaddress
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from callgate.errors import ToolError
from callgate.netns import commands
from callgate.netns.namespaces import NAMED, Namespace
from callgate.netns.ownership import Ownership

_READY_WITHIN: Final = 10.0  # seconds; it takes milliseconds


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link: the node it is in and its addresses, each with prefix length."""

    node: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A veth pair between two nodes."""

    one: End
    other: End


@dataclass(frozen=True, slots=True)
class Route:
    """A route of a node: to a destination through the neighbour ``via``, on an interface."""

    node: str
    destination: str
    via: str | None
    interface: str


class Topology:
    """A context manager: the namespaces exist inside its body and nowhere else.

    ``routers`` are the nodes that forward; ``also`` gives nodes further addresses, which
    lie on no link (each with prefix length).
    """

    def __init__(
        self,
        links: Sequence[Link],
        routes: Sequence[Route] = (),
        *,
        routers: Sequence[str] = (),
        also: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self._links = tuple(links)
        self._routes = tuple(routes)
        self._routers = tuple(routers)
        self._also = also
        self._owner = Ownership()
        self._lines: dict[str, list[str]] = defaultdict(list)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The roles, in the order in which the links name them."""
        ends = (end for link in self._links for end in (link.one, link.other))
        return tuple(dict.fromkeys(end.node for end in ends))

    def __getitem__(self, node: str) -> Namespace:
        return Namespace(self._owner.name(node))

    def __enter__(self) -> Self:
        self._owner.__enter__()
        try:
            self._build()
        except BaseException:
            # Ctrl-C in the middle of building must not leave half a topology either.
            self._owner.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._owner.__exit__(kind, error, trace)

    def folder(self) -> Path:
        """Where files for the programs inside go; removed with the namespaces."""
        return self._owner.folder()

    def commands(self) -> str:
        """What is done to build it, as the lines that ``ip -batch`` is given."""
        parts = [("ip -batch -", self._plan())]
        parts += [
            (f"ip netns exec {self._owner.name(node)} ip -batch -", self._lines[node])
            for node in self.nodes
        ]
        return "\n".join(f"{tool}\n{_indented(lines)}" for tool, lines in parts)

    def _plan(self) -> list[str]:
        """The lines that make namespaces and links; those inside go to ``_lines``."""
        outer = [f"netns add {self._owner.name(node)}" for node in self.nodes]
        self._lines = defaultdict(list, {node: ["link set lo up"] for node in self.nodes})
        taken: dict[str, int] = defaultdict(int)
        for number, link in enumerate(self._links):
            names = []
            for end in (link.one, link.other):
                names.append(f"eth{taken[end.node]}")
                taken[end.node] += 1
            outer.append(self._add_link(number, link, names))
            self._configure(number, link.one, link.other, names[0], side=0)
            self._configure(number, link.other, link.one, names[1], side=1)
        for node, addresses in self._also.items():
            self._lines[node] += [_address_line(each, "lo") for each in addresses]
        for route in self._routes:
            self._lines[route.node].append(_route_line(route))
        return outer

    def _build(self) -> None:
        NAMED.mkdir(mode=0o755, exist_ok=True)
        commands.run("ip", "-batch", "-", stdin=_script(self._plan()))
        for node in self.nodes:
            self[node].sysctl(_parameters(router=node in self._routers))
            self[node].run("ip", "-batch", "-", stdin=_script(self._lines[node]))
        ends = Counter(end.node for link in self._links for end in (link.one, link.other))
        for node, count in ends.items():
            self._await_links(node, count)

    def _await_links(self, node: str, count: int) -> None:
        """Wait until a node's interfaces transmit.

        The kernel attaches a veth's queue a moment after both ends are up, and drops what
        is sent before (net/core/link_watch.c); the operational state tells.
        """
        show = _script([f"link show dev eth{index}" for index in range(count)])
        deadline = time.monotonic() + _READY_WITHIN
        while self[node].run("ip", "-batch", "-", stdin=show).count(" state UP ") < count:
            if time.monotonic() > deadline:
                raise ToolError(f"links of {node} are not up after {_READY_WITHIN:.0f} s")

    def _add_link(self, number: int, link: Link, names: list[str]) -> str:
        one, other = (self._owner.name(end.node) for end in (link.one, link.other))
        return (
            f"link add name {names[0]} address {_hardware(number, 0)} netns {one} type veth"
            f" peer name {names[1]} address {_hardware(number, 1)} netns {other}"
        )

    def _configure(self, number: int, end: End, peer: End, name: str, *, side: int) -> None:
        lines = self._lines[end.node]
        lines.append(f"link set {name} addrgenmode none up")
        lines += [_address_line(text, name) for text in end.addresses]
        for text in peer.addresses:
            address = ipaddress.ip_interface(text).ip
            lines.append(
                f"neighbour add {address} lladdr {_hardware(number, 1 - side)}"
                f" dev {name} nud permanent"
            )


def _hardware(number: int, side: int) -> str:
    """A locally administered hardware address for one side of a link."""
    return f"02:ca:11:{number >> 8:02x}:{number & 255:02x}:{side + 1:02x}"


def _address_line(address: str, interface: str) -> str:
    return f"address add {address} dev {interface}{' nodad' if ':' in address else ''}"


def _route_line(route: Route) -> str:
    via = f" via {route.via}" if route.via else ""
    # A gateway may be a link-local address that is in no prefix of ours.
    onlink = " onlink" if route.via else ""
    return f"route add {route.destination}{via} dev {route.interface}{onlink}"


def _script(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _indented(lines: list[str]) -> str:
    return "".join(f"    {line}\n" for line in lines)


def _parameters(*, router: bool) -> dict[str, str]:
    forward = "1" if router else "0"
    return {
        "ipv4.conf.all.forwarding": forward,
        "ipv6.conf.all.disable_ipv6": "0",
        "ipv6.conf.default.disable_ipv6": "0",
        "ipv6.conf.all.forwarding": forward,
        # A host's settings are inherited by new namespaces; these would judge packets too.
        "ipv4.conf.all.rp_filter": "0",
        "ipv4.conf.default.rp_filter": "0",
    }

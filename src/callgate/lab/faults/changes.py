"""What a fault changes in the lab: a handful of kinds, all of them data (pure).

:mod:`callgate.lab.breakage` carries them out and takes them back. Texts may hold
``{turn_name}``, ``{domains}`` (the profile's, as Squid writes them), ``{proxy_v6}`` and
``{folder}`` (files of a program), which are filled in from the lab that stands.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from callgate.lab.squid import Mode

#: Where rules go: a hook of a node, passed before the rules under test.
Hook = Literal["in", "dnat", "snat"]
Node = Literal["firewall", "isp", "proxy", "vendor", "turn"]


@dataclass(frozen=True, slots=True)
class Nft:
    """One nftables rule. ``in`` sees every packet that arrives at a node, before routing."""

    node: Node
    hook: Hook
    rule: str


class Trouble(Enum):
    """How a resolver misbehaves."""

    SILENCE = "silence"
    NXDOMAIN = "nxdomain"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    SINKHOLE = "sinkhole"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Names:
    """The resolver's second port misbehaves; rules say whose queries go there.

    ``name`` limits it to one host.
    """

    trouble: Trouble
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Proxy:
    """The proxy runs with another mode, other ports for CONNECT, or further directives.

    Without ``websockets`` it takes the upgrade away where it opens TLS.

    ``directives`` stand before the proxy's own access rules. ``programs`` are scripts that
    they name: file name in ``{folder}``, and text.
    """

    directives: str = ""
    mode: Mode | None = None
    tunnels: tuple[str, ...] | None = None
    websockets: bool = True
    programs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Frozen:
    """The proxy is stopped where it stands: the kernel accepts, nobody answers."""


@dataclass(frozen=True, slots=True)
class Interceptor:
    """A transparent Squid at the firewall opens TLS; rules lead connections to its port.

    With ``trusted``, its authority is one that clients trust. It leaves the host
    ``exempt`` alone.
    """

    trusted: bool
    exempt: str | None = None


@dataclass(frozen=True, slots=True)
class Portal:
    """A captive portal's web server at the firewall; rules lead connections to its ports."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server presents another certificate.

    ``name`` stands in place of its names. It is valid from ``begins`` to ``ends`` (days
    from now). Without ``chain``, the authority between it and the root is not sent.
    """

    server: Literal["vendor", "turn"]
    name: str | None = None
    begins: int = -1
    ends: int = 7
    chain: bool = True


@dataclass(frozen=True, slots=True)
class Web:
    """The vendor's web server answers with this status, or with a clock ahead by days."""

    status: int = 200
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Sysctl:
    """A kernel parameter of a node, by its name below ``net.``."""

    node: Node
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A queueing discipline on an interface, in the words of tc(8)."""

    node: Node
    interface: str
    discipline: str


Change = Nft | Names | Proxy | Frozen | Interceptor | Portal | Certificate | Web | Sysctl | Queue

#: The resolver's port at which it misbehaves.
MISLED_PORT: Final = 54
#: Ports at the firewall to which rules lead connections.
INTERCEPTOR_PORT: Final = 3130
PORTAL_HTTP_PORT: Final = 8080
PORTAL_TLS_PORT: Final = 8443


def resource(change: Change) -> tuple[str, ...] | None:
    """What a change has to have for itself; None for rules, which go side by side."""
    match change:
        case Nft():
            return None
        case Proxy() | Frozen():
            return ("proxy",)
        case Certificate(server=server):
            return ("certificate", server)
        case Sysctl(node=node, name=name):
            return ("sysctl", node, name)
        case Queue(node=node, interface=interface):
            return ("queue", node, interface)
        case _:
            return (type(change).__name__.lower(),)

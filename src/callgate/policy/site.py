"""The user's side: what a site is, has and chooses.

A :class:`Site` is what the site file and the command-line flags say together; nothing in
it is guessed. An empty ``clients`` means "not named", never "any".
"""

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import ip_network

from callgate.flows import Family, Network, PortRange, Protocol


class _Word(Enum):
    """An enumeration that prints as the word in the site file."""

    def __str__(self) -> str:
        return str(self.value)


class On(_Word):
    """The box that enforces: a router filters what it forwards, a host what it sends."""

    ROUTER = "router"
    HOST = "host"


class Edge(_Word):
    """The one place that a policy is for, where a proxy stands between client and vendor."""

    CLIENT = "client-edge"
    PROXY = "proxy-edge"
    BOTH = "both"


class Apply(_Word):
    """Two ways to apply: see docs/concepts.md."""

    STANDALONE = "standalone"
    MERGE = "merge"


class Final(_Word):
    """How the final block answers."""

    REJECT = "reject"
    DROP = "drop"


class Inspection(_Word):
    """What the site's TLS inspection opens."""

    NONE = "none"
    SIGNALLING = "signalling"
    ALL = "all"


#: The value of a network list that was chosen to be "All" explicitly.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. ``addresses`` are needed where a firewall must name it by address."""

    host: str
    port: int
    addresses: tuple[Network, ...] = ()

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Management:
    """Traffic to the box itself that must never be cut: TCP ports, from these networks."""

    ports: tuple[PortRange, ...] = (PortRange(22, 22),)
    sources: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))


#: The last position that a merge point may have, as in ``site.schema.json``.
POSITION_MAX = 65_535


@dataclass(frozen=True, slots=True)
class MergePoint:
    """Where in the site's own ruleset the allows go.

    ``table`` and ``chain`` are the site's (nftables: ``table`` with its family, as in
    ``inet filter``); ``position`` is the number that our jump will have in that chain,
    counted from 1.
    """

    table: str
    chain: str
    position: int = 1


@dataclass(frozen=True, slots=True)
class Target:
    """What only the device knows: its own names, and where ours goes.

    ``inside`` and ``outside`` are its zones or interfaces on the clients' side and on the
    vendor's; ``before`` is the site's own rule that ours must precede (a deny, say); an
    empty name was not given. ``options`` are choices that one dialect offers, by name.
    """

    inside: str = ""
    outside: str = ""
    before: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """One thing that the site allows: protocol, ports and, if narrower than All, networks."""

    protocol: Protocol
    ports: tuple[PortRange, ...]
    networks: tuple[Network, ...] = ()

    def __str__(self) -> str:
        text = f"{self.protocol}/{','.join(str(each) for each in self.ports)}"
        return f"{text}@{','.join(str(each) for each in self.networks)}" if self.networks else text


@dataclass(frozen=True, slots=True)
class SuppliedEndpoint:
    """A server that the user named: ``turn=HOST:PORT``."""

    role: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that we know of the site.

    ``networks`` maps the id of a profile's network list to its networks or to ``"all"``.
    ``allow`` is None where the site did not say what it is willing to open.
    """

    name: str = "site"
    families: tuple[Family, ...] = (Family.V4, Family.V6)
    clients: tuple[Network, ...] = ()
    resolvers: tuple[Network, ...] = ()
    proxy: Proxy | None = None
    default_proxy: Proxy | None = None
    inspection: Inspection = Inspection.NONE
    networks: dict[str, tuple[Network, ...] | str] = field(default_factory=dict)
    endpoints: tuple[SuppliedEndpoint, ...] = ()
    products: tuple[str, ...] | None = None
    allow: tuple[Service, ...] | None = None
    other_needs: tuple[Service, ...] = ()
    on: On = On.ROUTER
    edge: Edge = Edge.CLIENT
    apply: Apply = Apply.STANDALONE
    merge: MergePoint | None = None
    block: bool | None = None  # None: standalone yes, merge no
    final: Final = Final.REJECT
    by_domain: bool = False
    management: Management | None = field(default_factory=Management)
    target: Target = field(default_factory=Target)

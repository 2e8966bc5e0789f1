"""What one application needs from a network, as its vendor documents it.

A profile is data and nothing else: it holds no addresses that the vendor did not
publish, and says of every value where it comes from. Two kinds of absence are told
apart: a cell that the document leaves empty is :attr:`Absent.UNSTATED`; a thing that the
document names but does not publish is :attr:`Absent.UNPUBLISHED`.
"""

from dataclasses import dataclass
from enum import Enum

from callgate.flows import Network, PortRange, Protocol
from callgate.names import DomainPattern


class Absent(Enum):
    """Why a value is not there."""

    UNSTATED = "unstated"
    UNPUBLISHED = "unpublished"

    def __str__(self) -> str:
        return self.value


class Origin(Enum):
    """How a value came into the profile."""

    STATED = "stated"  # the document says so
    DERIVED = "derived"  # follows from the sentence that is quoted
    SUPPLEMENT = "supplement"  # from another source, named in the provenance

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Document:
    """The vendor's page: ``date`` is ISO 8601 where the vendor gives one."""

    title: str
    vendor: str
    version: str
    date: str | Absent
    url: str | Absent
    note: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value comes from: document section, the words, and what we did with them."""

    section: str
    origin: Origin
    quote: str = ""
    source: str = ""  # other than the profile's own document

    def __str__(self) -> str:
        where = f"{self.source}, {self.section}" if self.source else self.section
        return f"{where} ({self.origin})"


@dataclass(frozen=True, slots=True)
class DomainEntry:
    """One row of a domain table. ``product`` is None for rows that always apply.

    ``names`` tells where the patterns come from when it is not the row itself.
    """

    id: str
    patterns: tuple[DomainPattern, ...]
    use: str | Absent
    protocols: tuple[Protocol, ...] | Absent
    hosting: tuple[str, ...] | Absent
    product: str | None
    provenance: Provenance
    names: Provenance | None = None


@dataclass(frozen=True, slots=True)
class NetworkList:
    """A named list of networks. A *candidate* is somebody's guess and never a default."""

    id: str
    title: str
    prefixes: tuple[Network, ...] | Absent
    obtain: str  # where the site gets the list, when it is unpublished
    candidate: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A concrete server for probing, by role; ``host`` is UNPUBLISHED where nobody names it.

    A role may have one entry per protocol and port. ``port`` is absent where the server
    chooses it for each call.
    """

    role: str
    host: str | Absent
    port: int | Absent
    protocol: Protocol
    obtain: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Need:
    """One row of a scenario's table.

    ``destinations`` are the choices that the document offers, in its order: ``"all"`` or
    the id of a :class:`NetworkList`.
    """

    id: str
    carries: str  # "media", "signalling" or "media and signalling"
    protocol: Protocol
    ports: tuple[PortRange, ...]
    destinations: tuple[str, ...]
    action: str | Absent  # "allow" where the row says so
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence of advice, with an id, a topic (``quality``, ``proxy`` …) and its place."""

    id: str
    topic: str
    text: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Scenario:
    """One of the vendor's alternative configurations.

    ``rank`` 1 gives the best calls. ``block`` tells whether the document's table ends in
    "All All All Block". ``media`` is the path that the scenario is named after.
    ``remarks`` are the document's other sentences on it, which are not about quality.
    """

    id: str
    title: str
    rank: int
    recommended: bool
    media: str
    needs: tuple[Need, ...]
    block: bool
    quality: tuple[Remark, ...]
    inspection: Remark
    provenance: Provenance
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class PathStep:
    """One path for media on the ladder, in the client's order of preference."""

    id: str
    title: str
    protocol: Protocol
    ports: tuple[PortRange, ...]
    networks: str | None  # the NetworkList that its servers are in, None for "anywhere"
    proxied: bool  # whether it goes through the proxy when one is set
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Product:
    """A part of the application that a site uses."""

    id: str
    title: str
    default: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that one version of one document says."""

    id: str
    version: str
    title: str
    document: Document
    products: tuple[Product, ...]
    domains: tuple[DomainEntry, ...]
    networks: tuple[NetworkList, ...]
    endpoints: tuple[Endpoint, ...]
    scenarios: tuple[Scenario, ...]
    ladder: tuple[PathStep, ...]
    remarks: tuple[Remark, ...]

    @property
    def name(self) -> str:
        """``goto/2.1``."""
        return f"{self.id}/{self.version}"

    def scenario(self, scenario_id: str) -> Scenario:
        """The scenario with this id; KeyError when there is none."""
        return {each.id: each for each in self.scenarios}[scenario_id]

    def network(self, network_id: str) -> NetworkList:
        """The network list with this id; KeyError when there is none."""
        return {each.id: each for each in self.networks}[network_id]

    def domains_for(self, products: tuple[str, ...]) -> tuple[DomainEntry, ...]:
        """The rows that always apply and those of these products, in document order."""
        return tuple(
            entry for entry in self.domains if entry.product is None or entry.product in products
        )

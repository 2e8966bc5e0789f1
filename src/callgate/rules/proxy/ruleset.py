"""A whole proxy's configuration, or one list of it."""

from dataclasses import dataclass
from enum import Enum

from callgate.names.extents import Extent
from callgate.places import Place
from callgate.rules.addresses import Addresses
from callgate.rules.proxy.rulelist import RuleList
from callgate.rules.ruleset import Unmodelled
from callgate.verdicts import Finding


class Role(Enum):
    """What a list of names is for; ``EITHER`` where the text does not say."""

    ALLOW = "allows"
    EXEMPT = "exempts from inspection"
    EITHER = "allows or exempts"


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One entry of a list of names, and what the product takes it to cover.

    ``idle`` says why it covers nothing, and is empty where it covers something;
    ``caution`` says what it takes in besides its extents. ``list`` is the name of the list
    that it stands in.
    """

    text: str
    place: Place
    extents: tuple[Extent, ...]
    idle: str = ""
    list: str = ""
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Listener:
    """A port that clients connect to, and whether TLS in its tunnels may be opened."""

    port: int
    inspects: bool
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What becomes of TLS inside CONNECT.

    ``stepwise`` proxies ask again as they see more (Squid's SslBump); others decide once.
    ``upgrades`` decides whether a WebSocket handshake survives in what is opened, and
    ``strange`` what becomes of bytes that are neither TLS nor HTTP.
    """

    rules: RuleList
    upgrades: RuleList | None = None
    strange: RuleList | None = None
    stepwise: bool = False


@dataclass(frozen=True, slots=True)
class ProxyRuleset:
    """What one configuration says.

    ``access`` are the lists that a request must all pass; empty where the text says nothing
    about access. ``inspection`` is None where it says nothing of that. ``role`` is set for
    a list dialect, which says neither and only names. ``findings`` are what the reader saw
    that is wrong by itself. ``clients`` are the sets of client addresses that rules tell
    apart. ``reach`` is how many labels before a name an entry of this
    product reaches at most; None where it reaches any depth.
    """

    dialect: str
    source: str
    access: tuple[RuleList, ...] = ()
    inspection: Inspection | None = None
    listeners: tuple[Listener, ...] = ()
    entries: tuple[NameEntry, ...] = ()
    role: Role | None = None
    unmodelled: tuple[Unmodelled, ...] = ()
    findings: tuple[Finding, ...] = ()
    clients: tuple[Addresses, ...] = ()
    reach: int | None = None

    @property
    def rule_count(self) -> int:
        """How many rules, or entries of a list, there are."""
        if self.role is not None:
            return len(self.entries)
        inspecting = self.inspection.rules.rules if self.inspection else ()
        return sum(len(each.rules) for each in self.access) + len(inspecting)

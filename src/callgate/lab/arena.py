"""The smallest network that a ruleset can be judged in: client, router, vendor.

The ruleset is loaded at the router, or at the client if it is a host's; then the router
only forwards. The vendor has every address that a packet is sent to or from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from callgate.dialects.base import Artifact
from callgate.errors import ToolError, UnsupportedError
from callgate.flows import Family
from callgate.flows.prefixes import address_of
from callgate.lab import sinks
from callgate.lab.lanes import Lane
from callgate.lab.sightings import Sightings
from callgate.netns import End, Link, Namespace, Route, Topology
from callgate.netns.marker import Way
from callgate.policy.model import Direction
from callgate.policy.site import On

#: Link-local, so that no policy speaks of them: the router's two sides, and the vendor's.
_ROUTER: Final = (("169.254.77.1", "fe80::1"), ("169.254.78.1", "fe80::1"))
_VENDOR: Final = ("169.254.78.2", "fe80::2")
_DEFAULT: Final = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class Rules:
    """A configuration as text: nftables, or restore files of the iptables family."""

    nft: str | None = None
    iptables: str | None = None
    ip6tables: str | None = None

    @classmethod
    def of(cls, artifacts: Iterable[Artifact]) -> "Rules":
        """The configuration among the files that a dialect made.

        UnsupportedError when there is none that a Linux kernel can load.
        """
        texts = {artifact.name: artifact.text for artifact in artifacts}
        rules = cls(*(texts.get(name) for name in ("callgate.nft", "rules.v4", "rules.v6")))
        if rules == cls():
            raise UnsupportedError("these files are not for the Linux kernel: " + ", ".join(texts))
        return rules

    def speaks(self, family: Family) -> bool:
        """Whether there are rules for a family; nftables speaks both."""
        restored = self.iptables if family is Family.V4 else self.ip6tables
        return self.nft is not None or restored is not None

    def load(self, namespace: Namespace) -> None:
        """Load what there is; ToolError with the tool's words when it is refused."""
        if self.nft is not None:
            namespace.load_nft(self.nft)
        namespace.load_iptables(self.iptables, self.ip6tables)


class Arena:
    """A context manager: the three namespaces with a ruleset in one of them."""

    def __init__(self, rules: Rules, on: On, lanes: Iterable[Lane]) -> None:
        self._rules = rules
        self._judge = "router" if on is On.ROUTER else "client"
        ends = list(lanes)
        self._clients = sorted({(lane.family, lane.client) for lane in ends})
        self._vendors = sorted({(lane.family, lane.vendor) for lane in ends})
        self._topology = Topology(
            self._links(),
            list(self._routes()),
            routers=["router"],
            also={"vendor": [_host(*each) for each in self._vendors]},
        )
        self._way: Way | None = None

    def __enter__(self) -> Self:
        self._topology.__enter__()
        try:
            client, router, vendor = (self._topology[node] for node in self._topology.nodes)
            self._way = Way([(client, "eth0", router, "eth0"), (router, "eth1", vendor, "eth0")])
            self._rules.load(self.judge)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._way is not None:
            self._way.__exit__()
        self._topology.__exit__(kind, error, trace)

    @property
    def judge(self) -> Namespace:
        """Where the ruleset is."""
        return self._topology[self._judge]

    def sender(self, direction: Direction) -> Namespace:
        """Where first packets come from."""
        return self._topology["client" if direction is Direction.OUT else "vendor"]

    def receiver(self, direction: Direction) -> Namespace:
        """Where first packets go to."""
        return self._topology["vendor" if direction is Direction.OUT else "client"]

    def flush(self, direction: Direction) -> None:
        """Wait until what goes in a direction has been judged and has arrived."""
        if self._way is None:
            raise ToolError("the arena is not built")
        self._way.flush(back=direction is Direction.IN)

    def begin(self, direction: Direction) -> None:
        """Forget what was seen; count first packets of a direction from now on."""
        self.judge.load_nft(sinks.judge_table(direction, self._clients))
        for node in ("client", "vendor"):
            self._topology[node].load_nft(sinks.end_table())

    def counts(self, direction: Direction) -> tuple[int, int, int]:
        """First packets that came to the judge, that it let through, that arrived."""
        judge = _counters(self.judge, sinks.JUDGE)
        return (
            judge["judged"],
            judge["passed"],
            _counters(self.receiver(direction), sinks.END)["arrived"],
        )

    def seen(self, end: Namespace) -> Sightings:
        """What arrived at an end."""
        sightings = Sightings()
        for family, name in sinks.SEEN.items():
            (found,) = end.nft_list("set", *sinks.END.split(), name)
            sightings.add(family, found["set"].get("elem", []))
        return sightings

    def _links(self) -> list[Link]:
        addresses = tuple(_host(*each) for each in self._clients)
        return [
            Link(End("client", addresses), End("router", _with_length(_ROUTER[0]))),
            Link(End("router", _with_length(_ROUTER[1])), End("vendor", _with_length(_VENDOR))),
        ]

    def _routes(self) -> Iterable[Route]:
        for family, address in self._clients:
            yield Route("router", _host(family, address), None, "eth0")
        for index, destination in enumerate(_DEFAULT):
            yield Route("client", destination, _ROUTER[0][index], "eth0")
            yield Route("router", destination, _VENDOR[index], "eth1")
            yield Route("vendor", destination, _ROUTER[1][index], "eth0")


def _host(family: Family, address: int) -> str:
    return f"{address_of(address, family)}/{family.bits}"


def _with_length(addresses: tuple[str, str]) -> tuple[str, str]:
    return f"{addresses[0]}/32", f"{addresses[1]}/64"


def _counters(namespace: Namespace, table: str) -> dict[str, int]:
    listed = namespace.nft_list("counters", "table", *table.split())
    return {item["counter"]["name"]: item["counter"]["packets"] for item in listed}

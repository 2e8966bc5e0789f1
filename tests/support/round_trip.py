"""Policies for the round-trip law, and what it asks of a dialect that writes and reads.

A dialect takes part with one :class:`Device`: which names the device has, where its text is
read from and which way through it packets take.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

from hypothesis import strategies as st

from callgate.check import Prepared, Question, excess, return_path, sufficiency
from callgate.dialects import reading, registry
from callgate.dialects.base import Artifact
from callgate.flows import Family, FlowSet
from callgate.flows.boxes import Box
from callgate.policy.build import build
from callgate.policy.model import FROM_CLIENT_PORTS, Direction, Policy
from callgate.policy.site import Apply, Final, MergePoint, On, Proxy, Site, Target
from callgate.profiles.loader import find
from callgate.rules import Entry, Ruleset
from callgate.verdicts import Verdict

GOTO = find("goto/2.1")
SCENARIOS = [scenario.id for scenario in GOTO.scenarios]
PROXY = Proxy("proxy.example", 3128, (ip_network("10.0.0.80"), ip_network("2001:db8:1::80")))


def networks(*pool: str) -> st.SearchStrategy[tuple]:
    """Some of these networks, at least one."""
    return st.lists(st.sampled_from(pool), min_size=1, unique=True).map(
        lambda texts: tuple(ip_network(text) for text in sorted(texts))
    )


CLIENTS = networks("10.0.0.0/9", "10.200.0.0/16", "192.168.7.0/24", "2001:db8:1::/48")
TURN = networks(
    "198.51.100.0/25", "198.51.100.200/32", "203.0.113.0/24", "2001:db8:7::/48", "2001:db8:8::1/128"
)
RESOLVERS = networks("10.0.0.53", "192.0.2.53", "2001:db8:1::53")


def configurations(artifacts: tuple[Artifact, ...]) -> list[tuple[str, str]]:
    """Every file that is not a script, with its name."""
    return [(each.name, each.text) for each in artifacts if each.is_configuration]


@dataclass(frozen=True)
class Way:
    """A way through a device, the directions that it judges, and its interfaces if they count."""

    entry: Entry
    sides: list[Direction]
    in_interface: str | None = None
    out_interface: str | None = None


def way_of_hook(ruleset: Ruleset, policy: Policy) -> list[Way]:
    """A router judges both directions by one way, a host each by its own."""
    wanted = (
        {"forward": list(Direction)}
        if policy.on is On.ROUTER
        else {"output": [Direction.OUT], "input": [Direction.IN]}
    )
    ways = {hook: [e for e in ruleset.entries if e.hook == hook] for hook in wanted}
    return [Way(ways[hook][0], sides) for hook, sides in wanted.items()]


@dataclass(frozen=True)
class Device:
    """How one dialect takes part in the law.

    ``client_ports`` says that answers pass to the ports only that clients call from.
    ``target`` and ``merge`` are what the site says of the device, ``merged`` the target where
    that is another one in a merge; ``texts`` gives what is read
    back, name by name; ``ways`` the ways through what was read, each with the directions that
    it judges.
    """

    dialect: str
    variant: str = ""
    on: tuple[On, ...] = (On.ROUTER,)
    by_domain: bool = False
    client_ports: bool = False
    target: Target = field(default_factory=Target)
    merge: MergePoint | None = None
    merged: Target | None = None
    texts: Callable[[tuple[Artifact, ...]], list[tuple[str, str]]] = configurations
    ways: Callable[[Ruleset, Policy], list[Way]] = way_of_hook

    @property
    def name(self) -> str:
        """The dialect, with the variant of its output if there are several."""
        return f"{self.dialect}-{self.variant}" if self.variant else self.dialect

    def site(self, site: Site) -> Site:
        """The site with this device in it."""
        return replace(site, target=self.target, merge=self.merge)

    def merging(self, site: Site) -> Site:
        """The site, with rules that go into the device's own."""
        return replace(site, target=self.merged or self.target, merge=self.merge, apply=Apply.MERGE)

    def read(self, artifacts: tuple[Artifact, ...]) -> list[Prepared]:
        """What the reader makes of each file that the dialect wrote."""
        reader = reading.find(self.dialect)
        return [Prepared(reader.parse(text, name)) for name, text in self.texts(artifacts)]


@st.composite
def sites(draw: st.DrawFn, device: Device) -> Site:
    """A site that the device can be at."""
    site = Site(
        families=draw(st.sampled_from([(Family.V4, Family.V6), (Family.V4,), (Family.V6,)])),
        clients=draw(CLIENTS),
        resolvers=draw(st.just(()) | RESOLVERS),
        networks={"turn-networks": draw(TURN)},
        proxy=draw(st.sampled_from([None, PROXY])),
        on=draw(st.sampled_from(device.on)),
        final=draw(st.sampled_from(Final)),
        by_domain=draw(st.sampled_from([False, True])) if device.by_domain else False,
    )
    return device.site(site)


def scenarios() -> st.SearchStrategy[list[str]]:
    """One or more scenarios, to be united."""
    return st.lists(st.sampled_from(SCENARIOS), min_size=1, unique=True)


def check_law(device: Device, site: Site, chosen: list[str]) -> None:
    """``p ⊆ parse(generate(p)) ⊆ p ∪ declared excess``, decided by the engine.

    What the policy allows passes and its answers come back, and nothing else is open.
    """
    policy = build(GOTO, site, tuple(chosen))
    artifacts = registry.find(device.dialect).generate(policy)
    declared = FlowSet()
    for artifact in artifacts:
        declared |= artifact.excess
    for prepared in device.read(artifacts):
        for way in device.ways(prepared.ruleset, policy):
            _check_way(prepared, way, policy, declared, device)


def _check_way(
    prepared: Prepared, way: Way, policy: Policy, declared: FlowSet, device: Device
) -> None:
    question = Question(
        way.entry.name,
        not_through=("lo",) if way.in_interface is None else (),
        atoms=policy.atoms,
        in_interface=way.in_interface,
        out_interface=way.out_interface,
    )
    allowed = FlowSet()
    for side in way.sides:
        allowed |= policy.flows(side)
    allowed &= FlowSet.of(*(Box.everything(each) for each in prepared.ruleset.families))
    answer = sufficiency(prepared, question, allowed)
    assert answer.verdict is Verdict.SATISFIED, (answer.reason, answer.evidence)
    answered = allowed & FROM_CLIENT_PORTS if device.client_ports else allowed
    back = return_path(prepared, question, answered)
    assert back.verdict is Verdict.SATISFIED, (back.reason, back.evidence)
    beyond = excess(prepared, question, allowed | declared)
    assert beyond.total == 0, beyond.services[0].evidence

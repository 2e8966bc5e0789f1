"""Which calls are placed, and the path that each is expected to take (pure)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from callgate.flows import Protocol
from callgate.lab.ladder import NONE, PROXIED, RUNGS
from callgate.lab.squid import Mode
from callgate.profiles.model import Profile, Scenario


@dataclass(frozen=True, slots=True)
class Case:
    """One network: a scenario's rules, and a proxy if ``proxy`` is set.

    ``tunnels`` are the TCP ports of the scenario, which the proxy is asked to reach. ``also``
    are further paths that are as right as ``expected``. ``degraded`` says that a fault
    degrades one of these ways, or that nobody knows what it does to it.
    """

    scenario: str
    title: str
    proxy: Mode | None
    expected: str
    tunnels: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    degraded: bool = False


def cases(profile: Profile, scenarios: Iterable[str]) -> list[Case]:
    """Every case of these scenarios: without proxy, with one, and with TLS inspection."""
    return [each for name in scenarios for each in _of(profile.scenario(name))]


def direct(scenario: Scenario) -> Case:
    """The case without a proxy."""
    return Case(scenario.id, "direct", None, scenario.media)


def _of(scenario: Scenario) -> Iterator[Case]:
    rung = {each.path: each for each in RUNGS}[scenario.media]
    yield direct(scenario)
    if rung.protocol == "udp":
        yield _proxied(scenario, "proxy set, UDP open", Mode.PLAIN, scenario.media)
        return
    through = scenario.media + PROXIED
    yield _proxied(scenario, "through the proxy", Mode.PLAIN, through)
    if rung.tls:
        yield _proxied(scenario, "proxy reads server names", Mode.SPLICE, through)
        yield _proxied(scenario, "inspection, TURN exempt", Mode.EXEMPT, through)
        yield _proxied(scenario, "inspection of everything", Mode.BUMP, NONE)


def _proxied(scenario: Scenario, title: str, mode: Mode, expected: str) -> Case:
    ports = (
        str(port) for need in scenario.needs if need.protocol is Protocol.TCP for port in need.ports
    )
    return Case(scenario.id, title, mode, expected, tuple(dict.fromkeys(ports)))

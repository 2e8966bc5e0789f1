"""The path that a call should take in a scenario's network with faults in it (pure).

A client uses the best path that the scenario opens and no fault blocks. One that a fault
degrades, or about which there is no truth, it may use or leave for the next. Without
signalling there is no call; where signalling is degraded any way that is open may be the one
of which the other side hears in time, for the lab's client signals each of them by itself.
"""

from collections.abc import Iterable
from dataclasses import replace

from callgate.lab.cases import Case
from callgate.lab.faults import Combination, Path
from callgate.lab.ladder import NONE, PROXIED, RUNGS, Rung, named
from callgate.lab.squid import Mode
from callgate.lab.world import MEDIA_PORTS
from callgate.profiles.model import Scenario
from callgate.verdicts import Outcome


def tried(cases: Iterable[Case]) -> list[Case]:
    """The cases for which truths are told: without a proxy, or with one that only tunnels."""
    return [case for case in cases if case.proxy in {None, Mode.PLAIN}]


def under(scenario: Scenario, case: Case, truth: Combination, family: int) -> Case:
    """The case with the paths that it may take when the faults are there as well."""
    signalling = Path("signalling" + (PROXIED if case.proxy is not None else ""))
    first, *others = _expected(scenario, case, truth, family)
    ways = [signalling, *(Path(each) for each in (first, *others) if each != NONE)]
    return replace(
        case,
        title=f"{case.title}, {' and '.join(each.name for each in truth.faults)}",
        expected=first,
        also=tuple(others),
        degraded=first != NONE
        and any(truth.outcome(each, family) is not Outcome.WORKS for each in ways),
    )


def _expected(scenario: Scenario, case: Case, truth: Combination, family: int) -> list[str]:
    proxied = case.proxy is not None
    signalling = truth.outcome(Path("signalling" + (PROXIED if proxied else "")), family)
    if signalling is Outcome.BLOCKED:
        return [NONE]
    found = []
    certain = signalling is not Outcome.INCONCLUSIVE
    for path in (named(rung, proxied=proxied) for rung in RUNGS if _opens(scenario, rung)):
        outcome = truth.outcome(Path(path), family)
        if outcome is not Outcome.BLOCKED:
            found.append(path)
        if outcome is Outcome.WORKS and signalling is not Outcome.DEGRADED:
            return found if certain else [*found, NONE]
        certain = certain and outcome is not Outcome.INCONCLUSIVE
    return found if found and certain else [*found, NONE]


def _opens(scenario: Scenario, rung: Rung) -> bool:
    """Whether the scenario's rules let a way for media pass."""
    port = rung.port or MEDIA_PORTS[0]
    return any(
        str(need.protocol) == rung.protocol
        and any(ports.low <= port <= ports.high for ports in need.ports)
        for need in scenario.needs
    )

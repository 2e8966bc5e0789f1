"""Which scenario a site should choose: the best-ranked one that it is willing to open.

A scenario fits when, for each of its needs, one of the document's destinations lies
within what the site allows; the algebra decides. A need whose network list is not known
yet fits only where the site allows that protocol and port to All, which covers any list.
"""

from dataclasses import dataclass

from callgate.flows import Box, Family, FlowSet, IntervalSet, Network, PortRange, prefixes_of
from callgate.flows.boxes import any_address, any_destination
from callgate.policy.destinations import check_names
from callgate.policy.notices import opened_paths
from callgate.policy.site import ALL, Service, Site
from callgate.profiles.model import Need, Profile, Scenario


@dataclass(frozen=True, slots=True)
class Fit:
    """How one scenario fits a site.

    ``reasons`` say why it does not (empty when it does); ``missing`` are the values that
    the site must still supply before rules can be generated; ``paths`` the ids of the
    ladder's steps that it opens; ``best`` marks the choice.
    """

    scenario: Scenario
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    paths: tuple[str, ...]
    best: bool = False

    @property
    def fits(self) -> bool:
        """Whether the site is willing to open all that the scenario needs."""
        return not self.reasons


def compare(profile: Profile, site: Site) -> tuple[Fit, ...]:
    """Every scenario against the site, best first; at most one is marked best."""
    check_names(profile, site)
    fits = [_fit(profile, site, scenario) for scenario in _ranked(profile)]
    best = next((fit for fit in fits if fit.fits), None)
    return tuple(
        Fit(fit.scenario, fit.reasons, fit.missing, fit.paths, best=fit is best) for fit in fits
    )


def describe_need(need: Need) -> str:
    """``UDP 3478 → All or turn-networks``: one row of a scenario's table in a line."""
    ports = ", ".join(str(each) for each in need.ports)
    where = " or ".join("All" if each == ALL else each for each in need.destinations)
    return f"{str(need.protocol).upper()} {ports} → {where}"


def _ranked(profile: Profile) -> list[Scenario]:
    return sorted(profile.scenarios, key=lambda scenario: scenario.rank)


def _fit(profile: Profile, site: Site, scenario: Scenario) -> Fit:
    reasons = tuple(
        f"not allowed here: {describe_need(need)}"
        for need in scenario.needs
        if site.allow is not None and not _allowed(need, profile, site, site.allow)
    )
    missing = dict.fromkeys(
        choice
        for need in scenario.needs
        for choice in need.destinations
        if choice != ALL and ALL not in need.destinations and _known(choice, profile, site) is None
    )
    paths = tuple(step.id for step in opened_paths(profile, scenario.needs))
    return Fit(scenario, reasons, tuple(missing), paths)


def _known(choice: str, profile: Profile, site: Site) -> tuple[Network, ...] | None:
    supplied = site.networks.get(choice)
    if isinstance(supplied, tuple):
        return supplied
    listed = profile.network(choice)
    return listed.prefixes if isinstance(listed.prefixes, tuple) and not listed.candidate else None


def _allowed(need: Need, profile: Profile, site: Site, allow: tuple[Service, ...]) -> bool:
    open_flows = FlowSet.of(
        *(
            box
            for service in allow
            if service.protocol is need.protocol
            for box in _boxes(service.protocol, service.ports, service.networks or None)
        )
    )
    for choice in need.destinations:
        networks = None if choice == ALL else _known(choice, profile, site)
        # An unknown list is covered only by All: None asks for every destination.
        if FlowSet.of(*_boxes(need.protocol, need.ports, networks)) <= open_flows:
            return True
    return False


def _boxes(
    protocol: int, ports: tuple[PortRange, ...], networks: tuple[Network, ...] | None
) -> list[Box]:
    return [
        Box(
            family,
            IntervalSet.points((protocol,)),
            any_address(family),
            any_destination(family) if networks is None else prefixes_of(networks, family),
            destination_port=PortRange.union(ports),
        )
        for family in Family
    ]

"""A series of devices with a proxy in it: firewall, proxy, firewall.

The client's TCP goes to the proxy and the proxy's goes on; UDP passes it by. So what a
firewall is asked depends on where it stands: before the proxy that clients reach its port,
behind it that it reaches the vendor. Every need is a row of its own, and the device that
does not let it pass is named there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from callgate.check.audit import (
    Audit,
    audit,
    dead_lines,
    decided_families,
    excess_of,
    proxied,
    reference_of,
)
from callgate.check.needs import ScenarioNeeds, needs_of
from callgate.check.proxy.answers import ProxyAnswers, proxy_answers, proxy_findings
from callgate.check.proxy.device import ProxyDevice
from callgate.check.scenarios import Device, NeedAnswer, ScenarioAnswer, check_scenario
from callgate.errors import UsageError
from callgate.flows import Protocol
from callgate.policy.build import build, select
from callgate.policy.site import Edge, Site
from callgate.profiles.model import Profile, Scenario
from callgate.verdicts import Finding, Verdict


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The packet filters on one side of the proxy, and the site as they see it."""

    site: Site
    filters: tuple[Device, ...]


def audit_series(
    profile: Profile,
    site: Site,
    scenario_ids: tuple[str, ...],
    devices: tuple[Device | ProxyDevice, ...],
) -> Audit:
    """Ask everything about devices in series; raises UsageError for an impossible site."""
    filters = tuple(device for device in devices if isinstance(device, Device))
    if len(filters) == len(devices):
        return audit(profile, site, scenario_ids, filters)
    scenarios = select(profile, scenario_ids or tuple(each.id for each in profile.scenarios))
    return _Series(profile, site, devices).audit(scenarios, chosen=bool(scenario_ids))


class _Series:
    """One question about a series that has a proxy."""

    def __init__(
        self, profile: Profile, site: Site, devices: tuple[Device | ProxyDevice, ...]
    ) -> None:
        self.profile = profile
        self.site = site
        self.proxies = tuple(each for each in devices if isinstance(each, ProxyDevice))
        first, last = devices.index(self.proxies[0]), devices.index(self.proxies[-1])
        self.before = self._stretch(devices[:first], Edge.CLIENT)
        behind = Edge.BOTH if site.edge is Edge.BOTH else Edge.PROXY
        self.behind = self._stretch(devices[last + 1 :], behind)
        stretches = (*self.before.filters, *self.behind.filters)
        if len(stretches) + len(self.proxies) != len(devices):
            raise UsageError("a firewall between two proxies is not modelled")
        self.devices = devices

    def _stretch(self, devices: tuple[Device | ProxyDevice, ...], edge: Edge) -> _Stretch:
        filters = tuple(device for device in devices if isinstance(device, Device))
        site = self.site
        if filters:
            if site.proxy is None or not site.proxy.addresses:
                raise UsageError(
                    f"{filters[0].source} stands next to a proxy, and its address was not named",
                    hint="--proxy HOST:PORT=ADDRESS",
                )
            site = decided_families(replace(site, edge=edge), filters)
        return _Stretch(site, filters)

    def audit(self, scenarios: tuple[Scenario, ...], *, chosen: bool) -> Audit:
        """The whole answer."""
        advice: dict[Finding, None] = {}
        answers = tuple(self._scenario(scenario, advice) for scenario in scenarios)
        reference = reference_of(answers, chosen=chosen)
        opened, findings = None, list(advice)
        for proxy in self.proxies:
            findings += proxy_findings(self.profile, self.site, proxy)
        last = self.behind if self.behind.filters else self.before
        if last.filters:
            opened, doubts = excess_of(self._asked(last), last.site, reference)
            findings += doubts
        for device in (*self.before.filters, *self.behind.filters):
            findings += dead_lines(device)
        return Audit(
            self.profile,
            self.devices,
            answers,
            chosen,
            opened,
            ", ".join(each.scenario.id for each in reference),
            tuple(findings),
        )

    def _asked(self, stretch: _Stretch) -> tuple[Device, ...]:
        """The filters, asked with the name atoms of the document."""
        atoms = build(self.profile, stretch.site, (self.profile.scenarios[0].id,), filters=False)
        return tuple(
            replace(device, question=replace(device.question, atoms=atoms.atoms))
            for device in stretch.filters
        )

    def _scenario(self, scenario: Scenario, advice: dict[Finding, None]) -> ScenarioAnswer:
        before = self._at(self.before, scenario)
        at_proxies = [
            proxy_answers(self.profile, self.site, scenario, device) for device in self.proxies
        ]
        behind = self._at(self.behind, scenario)
        for each in at_proxies:
            advice.update(dict.fromkeys(each.advice))
        rows = (
            *(before.answers if before else ()),
            *(need for each in at_proxies for need in each.needs),
            *(behind.answers if behind else ()),
        )
        last = behind or before
        needs = last.needs if last else self._needs(scenario)
        paths = (*self._udp(before), *self._tcp(scenario, before, at_proxies, behind))
        return ScenarioAnswer(needs, rows, tuple(dict.fromkeys(paths)))

    def _at(self, stretch: _Stretch, scenario: Scenario) -> ScenarioAnswer | None:
        if not stretch.filters:
            return None
        needs = needs_of(self.profile, stretch.site, scenario)
        return check_scenario(self.profile, needs, self._asked(stretch))

    def _needs(self, scenario: Scenario) -> ScenarioNeeds:
        policy = build(self.profile, self.site, (scenario.id,), filters=False)
        return ScenarioNeeds(scenario, policy, ())

    def _udp(self, before: ScenarioAnswer | None) -> Iterator[str]:
        """UDP passes the proxy by: what is in front of it decides."""
        udp = {step.id for step in self.profile.ladder if step.protocol is Protocol.UDP}
        yield from (path for path in (before.paths if before else ()) if path in udp)

    def _tcp(
        self,
        scenario: Scenario,
        before: ScenarioAnswer | None,
        at_proxies: list[ProxyAnswers],
        behind: ScenarioAnswer | None,
    ) -> Iterator[str]:
        """Steps of the ladder whose every leg is open."""
        ports = frozenset.intersection(*(each.open_ports for each in at_proxies))
        legs = [need for each in (before, behind) if each for need in each.answers]
        for step in self.profile.ladder:
            if not step.proxied or not any(port.low in ports for port in step.ports):
                continue
            needs = [
                need.id
                for need in scenario.needs
                if need.protocol is Protocol.TCP and set(step.ports) <= set(need.ports)
            ]
            if needs and all(_open(leg) for leg in legs if _of(leg, needs)):
                yield proxied(step.id)


def _of(leg: NeedAnswer, needs: list[str]) -> bool:
    return leg.asked.id.removesuffix(".to-proxy").removesuffix(".from-proxy") in needs


def _open(leg: NeedAnswer) -> bool:
    return leg.verdict is Verdict.SATISFIED

"""What a scenario needs of a device, as sets of flows to ask about.

The same policy that generates rules says what must pass, so that check and generate can
never disagree about the document. Two things are not known as often, and are asked for in
the way that proves most:

* a network list that the site did not supply is asked for as *every* address: what lets
  every address pass lets any list pass; if it does not, the answer is *unknown*;
* clients that were not named are asked for as every source address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Final

from callgate.flows import FlowSet, NameAtoms, Network
from callgate.flows.axes import PORTED
from callgate.policy.build import build
from callgate.policy.model import FROM_CLIENT_PORTS, Direction, Kind, Policy, Rule, State
from callgate.policy.site import On, Site
from callgate.profiles.model import Profile, Scenario

_EVERY: Final[tuple[Network, ...]] = (ip_network("0.0.0.0/0"), ip_network("::/0"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One need: ``flows`` must pass. ``missing`` names the list that is not known, if any."""

    id: str
    title: str
    flows: FlowSet
    missing: str | None


@dataclass(frozen=True, slots=True)
class ScenarioNeeds:
    """Everything that one scenario asks of a device, and the policy it comes from."""

    scenario: Scenario
    policy: Policy
    asked: tuple[Asked, ...]

    @property
    def atoms(self) -> NameAtoms:
        """The name atoms of the flows."""
        return self.policy.atoms


def needs_of(profile: Profile, site: Site, scenario: Scenario) -> ScenarioNeeds:
    """The needs of a scenario at a site; raises UsageError for what the site cannot mean."""
    missing = frozenset(_unknown_lists(profile, site, scenario))
    known = replace(
        site,
        networks=site.networks | dict.fromkeys(missing, _EVERY),
        clients=site.clients or (_EVERY if site.on is On.ROUTER else ()),
    )
    policy = build(profile, known, (scenario.id,))
    return ScenarioNeeds(scenario, policy, tuple(_asked(policy, missing)))


def _unknown_lists(profile: Profile, site: Site, scenario: Scenario) -> Iterator[str]:
    for need in scenario.needs:
        for choice in need.destinations:
            if choice != "all" and choice not in site.networks:
                listed = profile.network(choice)
                if listed.candidate or not isinstance(listed.prefixes, tuple):
                    yield choice


def _asked(policy: Policy, missing: frozenset[str]) -> Iterator[Asked]:
    by_id: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        if _is_asked(rule):
            by_id.setdefault(rule.id, []).append(rule)
    for rule_id, rules in by_id.items():
        flows = FlowSet.of(*(rule.box(policy.atoms) for rule in rules)) & FROM_CLIENT_PORTS
        label = str(rules[0].destination)
        yield Asked(rule_id, _title(rules[0]), flows, label if label in missing else None)


def _is_asked(rule: Rule) -> bool:
    """Needs, and the DNS of the clients: first packets with ports, from inside."""
    return (
        rule.direction is Direction.OUT
        and rule.state is State.NEW
        and rule.protocol in PORTED
        and (rule.kind is Kind.NEED or rule.id.startswith("infrastructure.dns"))
    )


def _title(rule: Rule) -> str:
    ports = ", ".join(str(each) for each in rule.ports)
    return f"{str(rule.protocol).upper()} {ports} → {rule.destination}"

"""Every scenario in every dialect: the cases that are to be proved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Final

from callgate.dialects import registry
from callgate.errors import UsageError
from callgate.flows import Network
from callgate.lab.arena import Rules
from callgate.lab.proof import Claim
from callgate.policy.build import build
from callgate.policy.model import Policy
from callgate.policy.site import Apply, On, Site
from callgate.profiles.model import Absent, Profile

#: The dialects that a Linux kernel can be asked about.
DIALECTS: Final = ("nftables", "iptables")
#: Networks that belong to nobody (RFC 5737, RFC 3849), for a site that names none.
EXAMPLE_CLIENTS: Final = (ip_network("192.0.2.0/24"), ip_network("2001:db8:1::/48"))
EXAMPLE_NETWORKS: Final = (ip_network("203.0.113.0/24"), ip_network("2001:db8:3478::/48"))


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario in one dialect, with the rules that were made of it.

    ``lists`` are the vendor's networks that the site supplied, by name.
    """

    scenario: str
    dialect: str
    policy: Policy
    rules: Rules
    lists: Mapping[str, tuple[Network, ...]]

    @property
    def claim(self) -> Claim:
        """What is to be proved; networks that the site supplied are tried in any case."""
        apart = tuple(net for nets in self.lists.values() for net in nets)
        return Claim.of(self.policy, self.rules, apart)


def example_site(profile: Profile, site: Site) -> Site:
    """The site with documentation networks for its clients and for what is unpublished.

    For a site that says nothing of its own addresses; what it does say stays.
    """
    networks: dict[str, tuple[Network, ...] | str] = {
        listed.id: EXAMPLE_NETWORKS
        for listed in profile.networks
        if isinstance(listed.prefixes, Absent)
    }
    return replace(
        site,
        clients=() if site.on is On.HOST else EXAMPLE_CLIENTS,
        networks=networks | site.networks,
    )


def refuse_by_domain(site: Site) -> None:
    """UsageError for rules that open what a resolver has seen: there is none here to see."""
    if site.by_domain:
        raise UsageError(
            "rules by domain are closed until the site's own dnsmasq has answered, and there is "
            "none in this network",
            hint="leave out --by-domain (by-domain: false in the site file)",
        )


def cases(
    profile: Profile, site: Site, scenarios: Iterable[str], dialects: Iterable[str]
) -> list[Case]:
    """The cases in order of scenario, then dialect.

    Raises UsageError for merged rules: they can only be judged inside the site's ruleset;
    and for rules by domain.
    """
    refuse_by_domain(site)
    if site.apply is Apply.MERGE:
        raise UsageError(
            "rules to be merged cannot be proved without the ruleset that they go into",
            hint="leave out --apply merge and --into",
        )
    targets = [(name, registry.find(name)) for name in dialects]
    lists = {name: nets for name, nets in site.networks.items() if isinstance(nets, tuple)}
    found = []
    for scenario in scenarios:
        policy = build(profile, site, (scenario,))
        found += [
            Case(scenario, name, policy, Rules.of(target.generate(policy)), lists)
            for name, target in targets
        ]
    return found

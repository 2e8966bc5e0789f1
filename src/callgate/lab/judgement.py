"""What is to be tried: calls, and for a user's own file every kind of packet.

A call shows that what is needed works. It cannot show what is open besides, so a user's
own file is also tried port by port (:mod:`callgate.lab.proof`): every difference from the
policy is named with protocol, ports and address.
"""

from dataclasses import dataclass, replace

from callgate.dialects import registry
from callgate.flows import Family
from callgate.lab.arena import Rules
from callgate.lab.atlas import Atlas
from callgate.lab.campaign import refuse_by_domain
from callgate.lab.cases import Case
from callgate.lab.lanes import Ports
from callgate.lab.proof import Claim, prove
from callgate.policy.build import build
from callgate.policy.model import Policy
from callgate.policy.site import Edge, Site
from callgate.profiles.model import Profile


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be tried: an application at a site, with rules of a dialect or of a file."""

    profile: Profile
    site: Site
    dialect: str
    own: Rules | None = None

    def __post_init__(self) -> None:
        refuse_by_domain(self.site)

    @property
    def atlas(self) -> Atlas:
        """The lab for this site."""
        return Atlas.of(self.profile, self.site)

    @property
    def families(self) -> tuple[Family, ...]:
        """The families that can be tried: nothing says why they could not."""
        return tuple(family for family in self.site.families if self.why_not(family) is None)

    def why_not(self, family: Family) -> str | None:
        """Why a family is not tried: there are no networks or no rules of it. None if it is."""
        lists = [nets for nets in self.site.networks.values() if isinstance(nets, tuple)]
        if not all(any(net.version == family for net in nets) for nets in lists):
            return "a network list has no prefix of it"
        if self.own is not None and not self.own.speaks(family):
            return "there is no file of its rules"
        return None

    def policy(self, case: Case) -> Policy:
        """What a case's rules should open: for a firewall that client and proxy go through."""
        proxied = case.proxy is not None
        site = self.atlas.site(self.site, proxied=proxied)
        if proxied:
            site = replace(site, edge=Edge.BOTH)
        return build(self.profile, site, (case.scenario,))

    def rules(self, case: Case) -> Rules:
        """The user's own rules, or those that the dialect makes."""
        return self.own or Rules.of(registry.find(self.dialect).generate(self.policy(case)))

    def differences(self, case: Case, ports: Ports) -> list[str]:
        """What a case's rules open and should not, or the other way round, in words."""
        lists = (nets for nets in self.site.networks.values() if isinstance(nets, tuple))
        apart = tuple(net for nets in lists for net in nets)
        rules = self.rules(case)
        claim = Claim.of(self.policy(case), rules, apart)
        families = tuple(family for family in claim.families if rules.speaks(family))
        return prove(replace(claim, families=families), ports).differences()
